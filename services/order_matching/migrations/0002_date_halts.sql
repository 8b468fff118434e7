-- When the newest halt or resume was told, so that an older one that comes late changes nothing.
alter table books add column switched_at_us bigint not null default 0;
