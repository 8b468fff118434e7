"""A service's PostgreSQL database: a pool of connections and transactions that announce facts when they commit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from psycopg.abc import Params
from psycopg.types.string import TextLoader
from psycopg_pool import ConnectionPool

from chassis import outbox
from chassis.clock import Clock

TRANSIENT = (psycopg.OperationalError, psycopg.InterfaceError)
"""Errors of the way to the database, or of its load; the same work may succeed later. Includes PoolTimeout."""

_STATEMENT_TIMEOUT_MS = 30_000
_POOL_WAIT_S = 10.0


def connection_options(url: str) -> dict[str, Any]:
    """How every connection of ours is opened: autocommit, UTC, with a limit on statements."""
    options = f"-c statement_timeout={_STATEMENT_TIMEOUT_MS} -c timezone=UTC"
    return {"conninfo": url, "autocommit": True, "options": options, "connect_timeout": 5}


def _configure(connection: psycopg.Connection) -> None:
    connection.adapters.register_loader("uuid", TextLoader)


class Transaction:
    """Work that becomes true all at once, together with the facts it announces."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self._facts: list[object] = []
        self._after_commit: list[Callable[[], None]] = []

    def execute(self, query: LiteralString, params: Params | None = None) -> psycopg.Cursor[Any]:
        return self.connection.execute(query, params)

    def rows(self, query: LiteralString, params: Params | None = None) -> list[Any]:
        return self.connection.execute(query, params).fetchall()

    def row(self, query: LiteralString, params: Params | None = None) -> Any | None:
        return self.connection.execute(query, params).fetchone()

    def announce(self, facts: Sequence[object]) -> None:
        """Tell these facts to whom it may concern once, and only if, this transaction commits."""
        self._facts.extend(facts)

    def after_commit(self, action: Callable[[], None]) -> None:
        """Do this after the commit; for caches and waiters, never for anything that must not be lost."""
        self._after_commit.append(action)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo everything inside, announced facts too, if it raises; the transaction itself goes on."""
        facts, actions = len(self._facts), len(self._after_commit)
        try:
            with self.connection.transaction():
                yield
        except BaseException:
            del self._facts[facts:], self._after_commit[actions:]
            raise

    def save_facts(self, now_us: int) -> bool:
        return outbox.save(self.connection, self._facts, now_us)

    def committed(self) -> None:
        for action in self._after_commit:
            action()


class Database:
    """Opens transactions on one database; `bell` rings whenever one has left facts in the outbox."""

    def __init__(self, url: str, clock: Clock, *, connections: int = 8) -> None:
        self.url = url
        self.bell = threading.Event()
        self._clock = clock
        options = connection_options(url)
        self._pool = ConnectionPool(
            options.pop("conninfo"),
            min_size=1,
            max_size=connections,
            timeout=_POOL_WAIT_S,
            kwargs=options,
            configure=_configure,
            open=False,
        )

    def open(self) -> None:
        """Connect; raises psycopg_pool.PoolTimeout (an OperationalError) if the server does not answer."""
        self._pool.open(wait=True, timeout=_POOL_WAIT_S)

    def close(self) -> None:
        self._pool.close()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Commit at the end, or roll everything back if the block raises."""
        with self._pool.connection() as connection:
            transaction = Transaction(connection)
            with connection.transaction():
                yield transaction
                announced = transaction.save_facts(self._clock.now_us())
        if announced:
            self.bell.set()
        transaction.committed()

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """For single queries: no transaction around them, each sees what is committed when it starts."""
        with self._pool.connection() as connection:
            yield Transaction(connection)

    def waiting(self) -> int:
        """How many messages stand in the outbox."""
        with self.reading() as transaction:
            row = transaction.row("select count(*) from outbox")
        return int(row[0]) if row else 0

    def answers(self) -> bool:
        """Whether the database takes a query right now."""
        try:
            with self._pool.connection(timeout=1.0) as connection:
                connection.execute("select 1")
        except TRANSIENT:
            return False
        return True
