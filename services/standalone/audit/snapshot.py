"""One moment of all five databases: taken when nothing is under way between them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from psycopg.types.string import TextLoader

_POLL_S = 0.05


class NotQuiet(Exception):
    """Facts kept travelling for as long as we were willing to wait; the text says where they stood."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A reading transaction on every service's database, all of them of one moment."""

    connections: Mapping[str, psycopg.Connection]

    def rows(self, service: str, query: LiteralString) -> list[tuple[Any, ...]]:
        return self.connections[service].execute(query).fetchall()

    def stream(self, service: str, query: LiteralString) -> Iterator[tuple[Any, ...]]:
        """As `rows`, for more than fits comfortably in memory."""
        with self.connections[service].cursor(name="audit") as cursor:
            cursor.itersize = 5_000
            yield from cursor.execute(query)


@contextmanager
def quiet_snapshot(url_of: Callable[[str], str], services: tuple[str, ...], patience_s: float) -> Iterator[Snapshot]:
    """Yield a snapshot in which every fact that was told has been heard by everyone; NotQuiet if none comes by.

    A consumer commits before the message leaves the outbox. So if every outbox was empty when its snapshot was
    taken, and no outbox had taken another message when the last snapshot stood, nothing was under way.
    """
    deadline_s = time.monotonic() + patience_s
    while True:
        with ExitStack() as open_connections:
            connections = {
                service: open_connections.enter_context(psycopg.connect(url_of(service))) for service in services
            }
            told = {service: _begin(connection) for service, connection in connections.items()}
            waiting = {service: _waiting(connection) for service, connection in connections.items()}
            if not any(waiting.values()) and told == {service: _told_so_far(url_of(service)) for service in services}:
                yield Snapshot(connections)
                return
        if time.monotonic() > deadline_s:
            standing = ", ".join(f"{service} {count}" for service, count in waiting.items())
            raise NotQuiet(
                f"Facts were still travelling after {patience_s:.0f} s (messages waiting: {standing});"
                " stop what sends orders and run the audit again."
            )
        time.sleep(_POLL_S)


def _begin(connection: psycopg.Connection) -> int:
    connection.adapters.register_loader("uuid", TextLoader)
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    connection.execute("set timezone = 'UTC'")
    return _last_number(connection)


def _told_so_far(url: str) -> int:
    with psycopg.connect(url) as connection:
        return _last_number(connection)


def _last_number(connection: psycopg.Connection) -> int:
    row = connection.execute("select last_value from outbox_number_seq").fetchone()
    return int(row[0]) if row else 0


def _waiting(connection: psycopg.Connection) -> int:
    row = connection.execute("select count(*) from outbox").fetchone()
    return int(row[0]) if row else 0
