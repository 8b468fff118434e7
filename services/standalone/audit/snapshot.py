"""One moment of all five databases: taken when nothing is under way between them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any, LiteralString

import psycopg
from psycopg.types.string import TextLoader

from standalone.audit.marks import NotQuiet, send_marks

__all__ = ["AlreadyLooking", "NotQuiet", "Snapshot", "quiet_snapshot"]

_POLL_S = 0.05
_GONE_WITHIN = "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=2"
"""So long the server keeps the lock, and the snapshot, of a machine that has vanished."""

_TAKE_THE_LOCK: LiteralString = "select pg_try_advisory_lock(hashtext('standalone.audit'))::int"
"""Had while somebody looks at all databases at once, in the first of them."""

_WRITING: LiteralString = (
    "select count(*) from pg_locks where relation = 'outbox'::regclass and mode = 'RowExclusiveLock'"
    " and database = (select oid from pg_database where datname = current_database())"
)
"""Transactions that have told something, or taken it away, and have not ended."""


class AlreadyLooking(NotQuiet):
    """Somebody else looks at all databases at this time, and one at a time is enough."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A reading transaction on every service's database, all of one moment; and the address of the broker, if any."""

    connections: Mapping[str, psycopg.Connection]
    broker_url: str = ""
    _numbers: Iterator[int] = field(default_factory=count)

    def rows(self, service: str, query: LiteralString) -> list[tuple[Any, ...]]:
        """For as many rows as there are symbols or assets; what grows with orders or accounts is streamed."""
        return self.connections[service].execute(query).fetchall()

    def stream(self, service: str, query: LiteralString, at_a_time: int = 2_000) -> Iterator[tuple[Any, ...]]:
        """As `rows`, so many at a time; several can be read at once."""
        with self.connections[service].cursor(name=f"audit_{next(self._numbers)}") as cursor:
            cursor.itersize = at_a_time
            yield from cursor.execute(query)


@contextmanager
def quiet_snapshot(
    url_of: Callable[[str], str],
    services: tuple[str, ...],
    patience_s: float,
    broker_url: str = "",
    *,
    waits: bool = True,
) -> Iterator[Snapshot]:
    """Yield a snapshot in which every fact that was told has been heard by everyone; NotQuiet if none comes by.

    One at a time, for it keeps old rows from being tidied away and what is done with it is heavy: whoever comes second
    waits as long as its patience lasts, or not at all without `waits`, and then it is AlreadyLooking.

    First every outbox is seen empty, with nobody about to fill it. In one process that says that all was heard: a
    message leaves its outbox when its consumers have committed. With a broker between (`broker_url`) it leaves when
    the broker has it; so then marks go through every queue behind all that was told, until every consumer has
    committed them. Then come the snapshots. If no outbox has taken another message when the last one stands,
    nothing was under way in any of them.
    """
    deadline_s = time.monotonic() + patience_s
    with ExitStack() as opened:  # beforehand: where a market lives, quiet moments are short
        watching = {service: opened.enter_context(_connect(url_of(service))) for service in services}
        for connection in watching.values():
            connection.autocommit = True
        _be_alone(watching[services[0]], deadline_s if waits else 0.0)
        reading = {service: opened.enter_context(_connect(url_of(service))) for service in services}
        while True:
            standing = _standings(watching)
            if not any(each.waiting for each in standing.values()):
                if broker_url:
                    send_marks(broker_url, url_of, deadline_s)
                for connection in reading.values():
                    _begin(connection)
                if standing == _standings(watching):
                    yield Snapshot(reading, broker_url)
                    return
            if time.monotonic() > deadline_s:
                where = ", ".join(f"{service} {each.waiting}" for service, each in standing.items())
                raise NotQuiet(
                    f"Facts were still travelling after {patience_s:.0f} s (messages waiting: {where});"
                    " stop what sends orders and run the audit again."
                )
            time.sleep(_POLL_S)


def _connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url, options=_GONE_WITHIN)


def _be_alone(connection: psycopg.Connection, deadline_s: float) -> None:
    """Take the lock that goes with the connection, however that ends; AlreadyLooking if somebody else has it."""
    while not _number(connection, _TAKE_THE_LOCK):
        if time.monotonic() > deadline_s:
            raise AlreadyLooking("Another audit or backup is under way. Try again when it is over.")
        time.sleep(_POLL_S)


@dataclass(frozen=True, slots=True)
class _Standing:
    """An outbox: the number of its last message, and how many messages are in it or about to be."""

    told: int
    waiting: int


def _standings(connections: Mapping[str, psycopg.Connection]) -> dict[str, _Standing]:
    return {service: _standing(connection) for service, connection in connections.items()}


def _standing(connection: psycopg.Connection) -> _Standing:
    """Number first, then who writes, then what is there: whatever got a number is still being written or is seen."""
    told = _number(connection, "select last_value from outbox_number_seq")
    writing = _number(connection, _WRITING)
    return _Standing(told, writing + _number(connection, "select count(*) from outbox"))


def _begin(connection: psycopg.Connection) -> None:
    """A new snapshot in place of an older one: that of the first query."""
    connection.rollback()
    connection.adapters.register_loader("uuid", TextLoader)
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    connection.execute("set timezone = 'UTC'")
    _number(connection, "select count(*) from outbox")


def _number(connection: psycopg.Connection, query: LiteralString) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
