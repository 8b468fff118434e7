-- When the newest order of each account was dated. Locked until the orders that are dated by it are committed, so an
-- account's orders become visible in the order of their times, whichever processes and clocks placed them.
create table order_times (
    account_id uuid primary key,
    newest_us bigint not null
) with (fillfactor = 50);

insert into order_times (account_id, newest_us) select account_id, max(created_at_us) from orders group by account_id;
