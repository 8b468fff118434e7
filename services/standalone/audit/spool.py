"""What a replay brings forth, on disk: to be read in the order of the tables it is compared with."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

_AT_ONCE = 5_000
_CACHE_KIB = 8_192

_TABLES = """
create table became (order_id text, turn integer, status text, remaining integer);
create table traded (symbol text, number integer, price integer, quantity integer);
"""


class Spool:
    """A database of its own in a temporary file, which goes with it. SQLite sorts it in bounded memory."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("")
        self._database.executescript(
            f"pragma cache_size = -{_CACHE_KIB}; pragma synchronous = off; pragma journal_mode = off;"
            f"pragma temp_store = file;{_TABLES}"
        )
        self._became: list[tuple[str, int, str, int]] = []
        self._traded: list[tuple[str, int, int, int]] = []
        self._turn = 0

    def close(self) -> None:
        self._database.close()

    def became(self, order_id: str, status: str, remaining: int) -> None:
        """An order's status changed."""
        self._turn += 1
        self._became.append((order_id, self._turn, status, remaining))
        if len(self._became) >= _AT_ONCE:
            self._flush()

    def traded(self, symbol: str, number: int, price: int, quantity: int) -> None:
        self._traded.append((symbol, number, price, quantity))
        if len(self._traded) >= _AT_ONCE:
            self._flush()

    def lives(self) -> Iterator[tuple[str, str, int]]:
        """Order, status and rest, by order and then as it happened."""
        return self._read("select order_id, status, remaining from became order by order_id, turn")

    def trades(self) -> Iterator[tuple[tuple[str, int], int, int]]:
        """(Symbol, number), price and quantity, in that order."""
        rows = self._read("select symbol, number, price, quantity from traded order by symbol, number")
        return (((symbol, number), price, quantity) for symbol, number, price, quantity in rows)

    def _read(self, query: str) -> Iterator[Any]:
        self._flush()
        return iter(self._database.execute(query))

    def _flush(self) -> None:
        with self._database:
            self._database.executemany("insert into became values (?, ?, ?, ?)", self._became)
            self._database.executemany("insert into traded values (?, ?, ?, ?)", self._traded)
        self._became.clear()
        self._traded.clear()
