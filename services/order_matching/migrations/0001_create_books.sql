-- The row that is locked to change a symbol's book. `sequence`: commands so far; `trades`: trades so far;
-- `told_sequence`: the command after which the last BookChanged was told.
create table books (
    symbol text primary key,
    sequence bigint not null default 0 check (sequence >= 0),
    trades bigint not null default 0 check (trades >= 0),
    halted boolean not null default false,
    told_sequence bigint not null default 0 check (told_sequence between 0 and sequence)
);

-- Every order a book ever saw. The open ones are the book. No foreign key to it: the book's row is locked whenever
-- orders are written, and a check per row would cost as much as the row.
create table orders (
    order_id uuid primary key,
    account_id uuid not null,
    symbol text not null,
    side text not null check (side in ('buy', 'sell')),
    price bigint not null check (price > 0),
    quantity bigint not null check (quantity > 0),
    remaining bigint not null check (remaining between 0 and quantity),
    time_in_force text not null check (time_in_force in ('day', 'gtc', 'ioc', 'fok')),
    expires_at_us bigint,
    priority bigint not null,
    is_open boolean not null,
    check (not is_open or (remaining > 0 and time_in_force in ('day', 'gtc')))
);

create unique index orders_open on orders (symbol, priority) where is_open;
create index orders_due on orders (expires_at_us) where is_open and expires_at_us is not null;

create table trades (
    symbol text not null,
    number bigint not null check (number > 0),
    trade_id uuid not null unique,
    price bigint not null check (price > 0),
    quantity bigint not null check (quantity > 0),
    taker_side text not null check (taker_side in ('buy', 'sell')),
    maker_order_id uuid not null,
    taker_order_id uuid not null,
    sequence bigint not null,
    at_us bigint not null,
    primary key (symbol, number)
);

-- Every command in sequence, a row for each batch: a JSON list of entries [name, fields...].
create table journal (
    symbol text not null references books,
    first_sequence bigint not null check (first_sequence > 0),
    last_sequence bigint not null check (last_sequence >= first_sequence),
    self_trade text not null,
    at_us bigint not null,
    commands text not null,
    primary key (symbol, first_sequence)
);

-- Cancels whose order is still on its way.
create table early_cancels (
    order_id uuid primary key,
    account_id uuid not null,
    symbol text not null,
    at_us bigint not null
);
create index early_cancels_by_time on early_cancels (at_us);
