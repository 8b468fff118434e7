-- The number of the newest halt or resume; `switched_at_us` orders only those that came without one.
alter table books add column switched_sequence bigint not null default 0;
