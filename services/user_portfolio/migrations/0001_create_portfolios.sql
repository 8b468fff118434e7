-- Amounts are 1/10000 dollar, quantities whole shares, times microseconds since 1970 UTC.

create table accounts (
    account_id uuid primary key,
    opened_at_us bigint not null,
    cash bigint not null,
    cash_held bigint not null,
    constraint nothing_negative_is_held check (cash_held >= 0),
    constraint held_cash_is_there check (cash >= cash_held)
) with (fillfactor = 80);

create table instruments (
    symbol text primary key,
    asset_id uuid not null,
    name text not null,
    reference_price bigint not null check (reference_price > 0)
);

create table positions (
    account_id uuid not null,
    symbol text not null,
    quantity bigint not null,
    held bigint not null,
    cost_basis bigint not null check (cost_basis >= 0),
    realised bigint not null,
    primary key (account_id, symbol),
    constraint nothing_negative_is_held check (held >= 0),
    constraint held_shares_are_there check (quantity >= held)
) with (fillfactor = 80);

-- No index but the key: with none on a column that changes, an update stays on its page.
create table holds (
    order_id uuid primary key,
    account_id uuid not null,
    symbol text not null,
    side text not null check (side in ('buy', 'sell')),
    price bigint not null check (price > 0),
    quantity bigint not null check (quantity > 0),
    filled bigint not null check (filled between 0 and quantity),
    held bigint not null check (held >= 0),
    state text not null check (state in ('asked', 'open', 'ended', 'refused')),
    constraint nothing_is_held_for_what_is_over check (held = 0 or state in ('asked', 'open')),
    constraint no_more_is_held_than_it_can_cost
        check (held = 0 or held <= (quantity - filled) * case side when 'buy' then price else 1 end)
) with (fillfactor = 80);

-- What happened to an account, one row a movement; `number` is also the number of its ledger transaction.
create table activities (
    number bigint generated always as identity primary key,
    account_id uuid not null,
    kind text not null check (kind in ('FILL', 'JNLC', 'JNLS')),
    at_us bigint not null,
    cash_change bigint not null,
    share_change bigint not null,
    symbol text,
    side text,
    price bigint,
    order_id uuid,
    trade_id uuid,
    cumulative bigint,
    leaves bigint,
    constraint a_fill_is_settled_once unique (order_id, trade_id),
    constraint a_fill_names_its_trade
        check (kind <> 'FILL' or (order_id is not null and trade_id is not null and symbol is not null))
);

create index activities_by_account on activities (account_id, number);

-- Double entry: the legs of one activity sum to zero per asset. `account` is an account id, 'clearing' or
-- 'issuer'; those two have no row that every trade would have to lock, their balance is the sum of their legs.
create table ledger_entries (
    activity bigint not null,
    account text not null,
    asset text not null,
    amount bigint not null check (amount <> 0),
    primary key (account, activity, asset)
);
