"""Which complete request a thread has next: the clients take turns, and only so many requests are at work at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from chassis.fair_queue import FairQueue
from chassis.http_connection import Connection
from chassis.limits import HEALTH_PATHS

_HEALTH_CHECKS_AT_ONCE = 4
"""Beside the others: they are answered while all others wait for a database."""
_NO_LIMIT = 1_000_000
_LITTLE_BYTES = 64 * 1024
_MOST_QUEUED_BYTES = 64 * 1024 * 1024
"""Of requests that wait for their turn. Little ones are not refused for it."""


class Turns:
    """`start` gives a request to a thread. `concurrency` of them are at work, the others wait without one; 0: no limit.

    Python runs one thread at a time. Were a hundred requests of one client at work, each step of another's would wait
    for a hundred others; here it stands behind those of its own client.
    """

    def __init__(self, concurrency: int, start: Callable[[Connection], object]) -> None:
        self._at_work: FairQueue[Connection] = FairQueue(concurrency or _NO_LIMIT)
        self._health_checks: FairQueue[Connection] = FairQueue(_HEALTH_CHECKS_AT_ONCE)
        self._start = start
        self._queued_bytes = 0
        self._lock = threading.Lock()

    @property
    def is_crowded(self) -> bool:
        """Whether requests wait for others to end."""
        return bool(self._at_work)

    def lasts(self, conn: Connection) -> bool:
        """Whether the next request of the connection may have the turn of this one: not that of a health check."""
        return isinstance(conn.turn, _Turn) and conn.turn.queue is self._at_work and not self.is_crowded

    def enter(self, conn: Connection, client: str) -> bool:
        """Start its request, at once or when it is its turn; False if too much waits already."""
        queue = self._health_checks if conn.incoming.path in HEALTH_PATHS else self._at_work
        with self._lock:
            is_little = conn.held_bytes <= _LITTLE_BYTES or conn.held_bytes + self._queued_bytes <= _MOST_QUEUED_BYTES
            if not is_little and not queue.may_enter(client):
                return False
            conn.turn = _Turn(self, queue, client)
            is_at_work = queue.enter(client, conn)
            self._queued_bytes += 0 if is_at_work else conn.held_bytes
        if is_at_work:
            self._start(conn)
        return True

    def leave(self, queue: FairQueue[Connection], client: str) -> None:
        """A place is free; those who waited for one start."""
        with self._lock:
            entered = queue.leave(client)
            self._queued_bytes -= sum(conn.held_bytes for conn in entered)
        with suppress(RuntimeError):  # told to quit: there are no threads any more
            for conn in entered:
                self._start(conn)

    def resume(self, queue: FairQueue[Connection], client: str, *, only_if_free: bool = False) -> bool:
        """One of the client's goes on after a wait; False if it does not."""
        with self._lock:
            if only_if_free and not queue.may_enter(client):
                return False
            queue.resume(client)
        return True

    def turn_away(self) -> Connection | None:
        """One that waits and will not have its turn, of the client of whose most wait; None when nobody waits."""
        with self._lock:
            conn = self._at_work.turn_away() or self._health_checks.turn_away()
            self._queued_bytes -= conn.held_bytes if conn is not None else 0
        return conn


@dataclass(frozen=True, slots=True)
class _Turn:
    """`chassis.aside.Turn`; any thread may use it."""

    turns: Turns
    queue: FairQueue[Connection]
    client: str

    def leave(self) -> None:
        self.turns.leave(self.queue, self.client)

    def resume(self) -> None:
        self.turns.resume(self.queue, self.client)

    def resume_if_free(self) -> bool:
        return self.turns.resume(self.queue, self.client, only_if_free=True)
