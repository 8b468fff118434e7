"""Publishes a database's outbox in order and forgets a message only when the bus answers for it."""

from __future__ import annotations

import threading

import psycopg
import structlog

from chassis import outbox
from chassis.backoff import jitter
from chassis.bus import Bus, BusUnavailable, Message
from chassis.database import TRANSIENT, Database, connection_options
from chassis.metrics import Metrics
from chassis.pace import Pace

_log = structlog.get_logger()

LARGEST_READ = 500
"""Messages read from the outbox at once."""

_LOCK = 7_205_759_403_792_002
_POLL_S = 0.5
_LONGEST_PAUSE_S = 2.0
_SILENT_LIMIT = "12s"
"""A relay that says nothing for so long is frozen, and its lock the next one's. It asks twice a second what waits to be
told, and waits no longer than 10 s for the broker."""


class Relay:
    """The one active publisher of a database: holds an advisory lock; the next relay takes over when it goes.

    It publishes every `gather_s` seconds at most, and then all that has come together.
    """

    def __init__(self, service: str, database: Database, bus: Bus, metrics: Metrics, *, gather_s: float = 0.0) -> None:
        self._service = service
        self._database = database
        self._bus = bus
        self._metrics = metrics
        self._pace = Pace(gather_s)
        self._stopping = threading.Event()

    def stop(self) -> None:
        self._stopping.set()
        self._pace.hurry()
        self._database.bell.set()

    def run(self) -> None:
        """Publish until stopped, reconnecting to database and bus for ever."""
        pause_s = 0.05
        while not self._stopping.is_set():
            try:
                self._publish_while_connected()
                pause_s = 0.05
            except (*TRANSIENT, BusUnavailable) as error:
                if not self._stopping.wait(pause_s * jitter()):
                    _log.warning("relay_retries", service=self._service, reason=str(error), pause_s=pause_s)
                pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)

    def _publish_while_connected(self) -> None:
        options = connection_options(self._database.url, idle_session_timeout=_SILENT_LIMIT)
        with psycopg.connect(**options) as connection:
            while not self._stopping.is_set() and not self._lock(connection):
                self._stopping.wait(_POLL_S)
            while not self._stopping.is_set():
                self._database.bell.clear()
                with self._pace.round() as work:
                    published = self._publish_some(connection)
                    work.took_up(published)
                if not published:
                    self._database.bell.wait(_POLL_S)
                if len(published) < LARGEST_READ:
                    self._pace.rest()

    def _lock(self, connection: psycopg.Connection) -> bool:
        row = connection.execute("select pg_try_advisory_lock(%s)", (_LOCK,)).fetchone()
        return row is not None and bool(row[0])

    def _publish_some(self, connection: psycopg.Connection) -> list[Message]:
        waiting = outbox.waiting(connection, LARGEST_READ)
        messages = [message for _, message in waiting]
        if messages:
            self._bus.publish(messages)
            outbox.remove(connection, [number for number, _ in waiting])
            self._metrics.messages_published.labels(self._service).inc(len(waiting))
        return messages
