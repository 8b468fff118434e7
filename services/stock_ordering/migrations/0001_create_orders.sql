create table instruments (
    symbol text primary key,
    asset_id uuid not null,
    tick bigint not null check (tick > 0),
    lot bigint not null check (lot > 0),
    reference_price bigint not null check (reference_price > 0),
    halted boolean not null default false,
    changed_at_us bigint not null
);

create table orders (
    id uuid primary key,
    account_id uuid not null,
    client_order_id text not null check (length(client_order_id) between 1 and 128),
    symbol text not null,
    asset_id uuid not null,
    side text not null check (side in ('buy', 'sell')),
    type text not null check (type in ('market', 'limit')),
    time_in_force text not null check (time_in_force in ('day', 'gtc', 'ioc', 'fok')),
    quantity bigint not null check (quantity > 0),
    limit_price bigint check (limit_price > 0),
    price bigint not null check (price > 0),
    expires_at_us bigint,
    replaces uuid,
    created_at_us bigint not null,
    updated_at_us bigint not null,
    status text not null,
    resting boolean not null,
    sequence bigint not null check (sequence >= 0),
    filled_quantity bigint not null,
    filled_notional bigint not null,
    carried_quantity bigint not null,
    carried_notional bigint not null,
    reason text,
    replaced_by uuid,
    cancel_requested_at_us bigint,
    ended_at_us bigint,
    constraint one_order_per_client_order_id unique (account_id, client_order_id),
    constraint known_status check (
        status in ('pending_new', 'new', 'partially_filled', 'filled', 'canceled', 'expired', 'replaced', 'rejected')
    ),
    constraint market_orders_have_no_limit check ((type = 'market') = (limit_price is null)),
    constraint filled_within_quantity check (filled_quantity between 0 and quantity),
    constraint carried_within_filled check (
        carried_quantity between 0 and filled_quantity and carried_notional between 0 and filled_notional
    ),
    constraint filled_means_all check ((status = 'filled') = (filled_quantity = quantity)),
    constraint ended_means_terminal check (
        (ended_at_us is null) = (status in ('pending_new', 'new', 'partially_filled'))
    ),
    constraint only_open_orders_rest check (not resting or ended_at_us is null),
    constraint replaced_by_whom check ((status = 'replaced') = (replaced_by is not null))
);

create index orders_by_time on orders (account_id, created_at_us, id);

create index open_orders_by_time on orders (account_id, created_at_us, id)
where status in ('pending_new', 'new', 'partially_filled');

create unique index one_pending_replacement on orders (replaces)
where replaces is not null and status = 'pending_new';

create table fills (
    order_id uuid not null references orders (id),
    trade_id uuid not null,
    quantity bigint not null check (quantity > 0),
    price bigint not null check (price > 0),
    remaining bigint not null check (remaining >= 0),
    is_maker boolean not null,
    at_us bigint not null,
    primary key (order_id, trade_id)
);
