"""Deletes rows that are over and old, some at a time, so that no transaction and no statement grows with a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, LiteralString

from chassis.database import Database

PRUNE_EVERY_S = 60.0
ROWS_AT_A_TIME = 2_000
_MOST_TRANSACTIONS = 50
"""A minute's worth at a hundred times the pace that a busy exchange keeps up; the rest is for the next time."""


def cautious_now_us(database: Database, now_us: int) -> int:
    """The earlier of this process' time and the database's: one clock that is ahead must not have anything deleted."""
    with database.reading() as transaction:
        row = transaction.row("select least(%s, (extract(epoch from clock_timestamp()) * 1000000)::bigint)", (now_us,))
    return int(row[0]) if row else 0


def prune(database: Database, statement: LiteralString, params: Mapping[str, Any]) -> int:
    """Execute a `delete` of at most %(rows)s rows, a transaction each time, until it finds fewer; how many went.

    Two processes may do so at once where the statement picks its rows `for update skip locked`.
    """
    gone = 0
    for _ in range(_MOST_TRANSACTIONS):
        with database.transaction() as transaction:
            found = transaction.execute(statement, {**params, "rows": ROWS_AT_A_TIME}).rowcount
        gone += found
        if found < ROWS_AT_A_TIME:
            break
    return gone
