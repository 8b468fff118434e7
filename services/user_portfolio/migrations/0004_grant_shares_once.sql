-- An account gets its shares of a symbol once, whoever grants them and however often it is told to. Few rows: no fill is in it.
create unique index shares_are_granted_once on activities (account_id, symbol) where kind = 'JNLS';
