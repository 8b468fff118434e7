"""The connections to one database: lent one by one, made anew for ever, and not waited for while it is away."""

from __future__ import annotations

import logging
import select
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg.types.string import TextLoader
from psycopg_pool import ConnectionPool

from chassis.breaker import Breaker, BreakerOpen
from chassis.metrics import Metrics

TRANSIENT = (psycopg.OperationalError, psycopg.InterfaceError)
"""Errors of the way to the database, or of its load; the same work may succeed later. Includes PoolTimeout."""

_CONNECT_LIMIT_S = 5
_STATEMENT_LIMIT_S = 30
_IDLE_IN_TRANSACTION_LIMIT_S = 60
_GONE_AFTER_S = 15
_RECONNECT_EVERY_S = 0.5
_ASK_EVERY_S = 0.25
_ANSWER_LIMIT_S = 1.0

_RANDOM_PAGE_COST = 1.1
"""With PostgreSQL's 4, a disk's, a batch of 500 looks through all orders there are instead of looking its own up."""


class DatabaseUnavailable(psycopg.OperationalError):
    """No connection could be had, or the one that was had is lost; says nothing about the work itself."""


def connection_options(url: str, **more_settings: str) -> dict[str, Any]:
    """How every connection of ours is opened: autocommit, UTC, rows looked up by key, and no wait without an end.

    `more_settings` are the server's, for this connection. A frozen process of ours must not hold its locks for ever.
    A machine that is gone without a word is noticed, over TCP, that is, where nobody closes the connection in its name:
    the server's by us, and ours by the server, which would go on for hours to keep the locks of its sessions.
    """
    settings = {
        "statement_timeout": f"{_STATEMENT_LIMIT_S}s",
        "idle_in_transaction_session_timeout": f"{_IDLE_IN_TRANSACTION_LIMIT_S}s",
        "tcp_keepalives_idle": _GONE_AFTER_S // 3,
        "tcp_keepalives_interval": _GONE_AFTER_S // 3,
        "tcp_keepalives_count": 2,
        "tcp_user_timeout": _GONE_AFTER_S * 1_000,
        "random_page_cost": _RANDOM_PAGE_COST,
        "timezone": "UTC",
        **more_settings,
    }
    return {
        "conninfo": url,
        "autocommit": True,
        "options": " ".join(f"-c {name}={setting}" for name, setting in settings.items()),
        "connect_timeout": _CONNECT_LIMIT_S,
        "tcp_user_timeout": _GONE_AFTER_S * 1_000,
        "keepalives_idle": _GONE_AFTER_S // 3,
        "keepalives_interval": _GONE_AFTER_S // 3,
        "keepalives_count": 2,
    }


class Connections:
    """At most `most` connections; who finds none free waits `wait_s` seconds for one.

    A breaker counts what speaks against the database: no connection in time, one that was lost, none to be made.
    A statement that was refused, cut short or chosen as a deadlock's victim is an answer like any. While the breaker
    is open nobody waits; a thread that lives as long asks the database until it answers.
    """

    def __init__(self, url: str, most: int, wait_s: float, metrics: Metrics) -> None:
        logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # it has a line for each attempt, the breaker one
        self._wait_s = wait_s
        self._breaker = Breaker("database", (DatabaseUnavailable,), metrics, rest_s=_ASK_EVERY_S)
        self._lock = threading.Lock()
        self._asker: threading.Thread | None = None
        self._closed = threading.Event()
        options = connection_options(url)
        self._pool = ConnectionPool(
            options.pop("conninfo"),
            min_size=1,
            max_size=most,
            kwargs=options,
            configure=_configure,
            check=self._check,
            reconnect_timeout=_RECONNECT_EVERY_S,
            reconnect_failed=self._could_not_connect,
            open=False,
        )

    def open(self, *, wait: bool) -> None:
        """Connect; with `wait`, raise PoolTimeout and stay closed if the server does not answer within `wait_s`."""
        self._pool.open(wait=wait, timeout=self._wait_s)

    def close(self) -> None:
        self._closed.set()
        asker = self._asker
        if asker is not None:
            asker.join()
        self._pool.close()

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection]:
        """One connection for a while; raises DatabaseUnavailable, at once while the breaker is open."""
        if not self._breaker.is_closed:
            raise DatabaseUnavailable("the database has not answered; it is asked again all the time")
        try:
            with self._breaker.counting(), self._lent(self._wait_s) as connection:
                yield connection
        except DatabaseUnavailable:
            self._see_to_closing()
            raise

    def answers(self) -> bool:
        """Whether the database takes a query right now; it is really asked, whatever the breaker says."""
        try:
            self._ask()
        except TRANSIENT:
            return False
        return True

    @contextmanager
    def _lent(self, wait_s: float) -> Iterator[psycopg.Connection]:
        connection = None
        try:
            with self._pool.connection(wait_s) as connection:
                yield connection
        except TRANSIENT as error:
            if connection is None or connection.broken:
                raise DatabaseUnavailable(str(error)) from error
            raise

    def _ask(self) -> None:
        with self._lent(_ANSWER_LIMIT_S) as connection:
            connection.execute("select 1")

    def _check(self, connection: psycopg.Connection) -> None:
        """Costs no way to the server and back: a connection at rest has something to say when it is lost."""
        if not _is_readable(connection):
            return
        try:
            ConnectionPool.check_connection(connection)
        except TRANSIENT:
            self._pool.drain()  # the others are lost as well; the pool would find out one by one, ever more slowly
            raise

    def _could_not_connect(self, pool: ConnectionPool[Any]) -> None:
        with suppress(DatabaseUnavailable), self._breaker.counting():
            raise DatabaseUnavailable("no connection could be made")
        self._see_to_closing()
        pool.check()  # starts the next attempt, which would otherwise wait until somebody asks

    def _see_to_closing(self) -> None:
        with self._lock:
            if self._asker is None and not self._breaker.is_closed and not self._closed.is_set():
                self._asker = threading.Thread(target=self._ask_until_it_answers, name="database-asker", daemon=True)
                self._asker.start()

    def _ask_until_it_answers(self) -> None:
        while not self._closed.wait(_ASK_EVERY_S):
            with suppress(psycopg.Error, BreakerOpen):
                self._breaker.call(self._ask)
            with self._lock:
                if self._breaker.is_closed:
                    self._asker = None
                    return


def _configure(connection: psycopg.Connection) -> None:
    connection.adapters.register_loader("uuid", TextLoader)


def _is_readable(connection: psycopg.Connection) -> bool:
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))
