-- How many orders an account has placed in the trading day that ends at `day_ends_us`; one row for each account.
create table orders_of_the_day (
    account_id uuid primary key,
    day_ends_us bigint not null,
    orders bigint not null
);
