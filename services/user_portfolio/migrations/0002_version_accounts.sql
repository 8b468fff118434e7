-- A new one with every change of the account or of its positions, so that a cached view of them can be told from a newer one.
alter table accounts add column version uuid;
