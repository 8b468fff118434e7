-- All cash that was ever granted, in 1/10000 dollar: as long as that fits a bigint with room to spare, so does what any
-- account can come to have. Openings take turns, and keep it.
create table issued_cash (
    is_only_row boolean primary key default true check (is_only_row),
    amount bigint not null check (amount between 0 and 4611686018427387904)
);

insert into issued_cash (amount)
select coalesce(-sum(amount), 0) from ledger_entries where account = 'issuer' and asset = 'USD';
