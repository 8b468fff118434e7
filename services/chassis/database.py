"""A service's PostgreSQL database: a pool of connections and transactions that announce facts when they commit."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, LiteralString

import psycopg
from psycopg.abc import Params

from chassis import notices, outbox
from chassis.clock import Clock
from chassis.connections import TRANSIENT, Connections, DatabaseUnavailable, connection_options
from chassis.metrics import Metrics
from chassis.waiting import Waiters

__all__ = ["TRANSIENT", "Database", "DatabaseUnavailable", "Transaction", "connection_options"]

_POOL_WAIT_S = 10.0
_MEASURED_EVERY_S = 60.0


class Transaction:
    """Work that becomes true all at once, together with the facts it announces."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self.happenings: list[str] = []
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

    def happened(self, keys: Iterable[str]) -> None:
        """Wake who waits for these keys (at most 36 characters each), in any process of the service, on commit."""
        self.happenings.extend(keys)

    def after_commit(self, action: Callable[[], None]) -> None:
        """Do this after the commit; for caches and waiters, never for anything that must not be lost."""
        self._after_commit.append(action)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo everything inside, announced facts too, if it raises; the transaction itself goes on."""
        facts, happenings, actions = len(self._facts), len(self.happenings), len(self._after_commit)
        try:
            with self.connection.transaction():
                yield
        except BaseException:
            del self._facts[facts:], self.happenings[happenings:], self._after_commit[actions:]
            raise

    def save_facts(self, now_us: int) -> bool:
        return outbox.save(self.connection, self._facts, now_us)

    def committed(self) -> None:
        for action in self._after_commit:
            action()


class Database:
    """Opens transactions on one database; `bell` rings whenever one has left facts in the outbox.

    `waiters` wait for what transactions say has happened. With `is_shared` other processes of the service live on
    the database too, and those that listen (`notices.Listener`) are told of both.
    """

    def __init__(
        self,
        url: str,
        clock: Clock,
        *,
        connections: int = 8,
        is_shared: bool = False,
        metrics: Metrics | None = None,
        wait_s: float = _POOL_WAIT_S,
    ) -> None:
        self.url = url
        self.bell = threading.Event()
        self.waiters = Waiters()
        self._is_shared = is_shared
        self._listener: notices.Listener | None = None
        self._clock = clock
        self._size_bytes, self._measured_s = math.nan, -math.inf
        self._connections = Connections(url, connections, wait_s, metrics or Metrics())

    def open(self, *, wait: bool = True) -> None:
        """Connect; raises psycopg_pool.PoolTimeout (an OperationalError) if the server does not answer.

        Without `wait` it connects by itself as soon as there is a server.
        """
        self._connections.open(wait=wait)

    def close(self) -> None:
        if self._listener is not None:
            self._listener.stop()
        self._connections.close()

    def listen(self) -> None:
        """Hear what other processes commit here, from now until closed."""
        connect = partial(psycopg.connect, **connection_options(self.url))
        self._listener = notices.Listener(connect, self.bell, self.waiters)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Commit at the end, or roll everything back if the block raises."""
        with self._connections.connection() as connection:
            transaction = Transaction(connection)
            with connection.transaction():
                yield transaction
                announced = transaction.save_facts(self._clock.now_us())
                if self._is_shared:
                    notices.tell(transaction.connection, announced, transaction.happenings)
        if announced:
            self.bell.set()
        self.waiters.notify(transaction.happenings)
        transaction.committed()

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """For single queries: no transaction around them, each sees what is committed when it starts."""
        with self._connections.connection() as connection:
            yield Transaction(connection)

    def waiting(self) -> int:
        """How many messages stand in the outbox."""
        with self.reading() as transaction:
            row = transaction.row("select count(*) from outbox")
        return int(row[0]) if row else 0

    def waiting_or_unknown(self) -> float:
        """The same for somebody who wants no error, as a metric does; not a number if the database is away."""
        try:
            return self.waiting()
        except TRANSIENT:
            return math.nan

    def size_bytes(self) -> float:
        """How large the database is on the server's disk, as of a minute ago at most; not a number if it is away."""
        now_s = time.monotonic()
        if now_s - self._measured_s >= _MEASURED_EVERY_S:
            try:
                with self.reading() as transaction:
                    row = transaction.row("select pg_database_size(current_database())")
            except TRANSIENT:
                return math.nan
            self._size_bytes, self._measured_s = float(row[0]) if row else math.nan, now_s
        return self._size_bytes

    def answers(self) -> bool:
        """Whether the database takes a query right now."""
        return self._connections.answers()
