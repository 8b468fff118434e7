-- The number of the newest halt or resume; `changed_at_us` orders only those that came without one.
alter table instruments add column halt_sequence bigint not null default 0;
