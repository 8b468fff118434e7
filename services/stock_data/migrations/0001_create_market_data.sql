create table instruments (
    symbol text primary key,
    asset_id uuid not null unique,
    name text not null,
    tick bigint not null check (tick > 0),
    lot bigint not null check (lot > 0),
    reference_price bigint not null check (reference_price > 0 and reference_price % tick = 0),
    halted boolean not null default false,
    listed_at_us bigint not null
);

-- One row per instrument: how far its market has been taken in, and its best bid and offer.
-- Half empty pages let a row that changes with every batch stay where it is.
create table markets (
    symbol text primary key references instruments,
    trade_number bigint not null default 0 check (trade_number >= 0),
    book_sequence bigint not null default 0 check (book_sequence >= 0),
    book_at_us bigint,
    bid_price bigint,
    bid_quantity bigint,
    ask_price bigint,
    ask_quantity bigint,
    check (bid_price < ask_price),
    check ((bid_price is null) = (bid_quantity is null)),
    check ((ask_price is null) = (ask_quantity is null))
) with (fillfactor = 50);

create table trades (
    symbol text not null,
    number bigint not null check (number > 0),
    trade_id uuid not null,
    price bigint not null check (price > 0),
    quantity bigint not null check (quantity > 0),
    taker_side text not null check (taker_side in ('buy', 'sell')),
    sequence bigint not null,
    at_us bigint not null,
    primary key (symbol, number)
);

create index trades_by_time on trades (symbol, at_us, number);

create table levels (
    symbol text not null,
    side text not null check (side in ('buy', 'sell')),
    price bigint not null check (price > 0),
    quantity bigint not null check (quantity > 0),
    orders bigint not null check (orders > 0),
    primary key (symbol, side, price)
) with (fillfactor = 70);

create table candles (
    timeframe text not null check (timeframe in ('1Min', '5Min', '1Hour', '1Day')),
    symbol text not null,
    start_us bigint not null,
    open bigint not null check (open between low and high),
    high bigint not null,
    low bigint not null check (low > 0),
    close bigint not null check (close between low and high),
    volume bigint not null check (volume > 0),
    trade_count bigint not null check (trade_count > 0),
    notional numeric(38, 0) not null check (notional between low::numeric * volume and high::numeric * volume),
    primary key (timeframe, symbol, start_us)
) with (fillfactor = 70);
