-- Orders that ended without a trade before this moment may have been forgotten. One row.
create table pruned (
    single boolean primary key default true check (single),
    before_us bigint not null default 0
);
insert into pruned default values;

create index untraded_orders_by_end on orders (ended_at_us) where ended_at_us is not null and filled_quantity = 0;
