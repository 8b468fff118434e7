"""What a commit tells the other processes of its service: facts to publish, and what somebody may be waiting for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import psycopg
import structlog

from chassis.backoff import jitter
from chassis.waiting import Waiters

_log = structlog.get_logger()

_OUTBOX = "outbox"
_HAPPENED = "happened"

_KEYS_IN_A_NOTICE = 200
"""Of 36 characters each: PostgreSQL takes 8,000 bytes."""

_LOOK_UP_S = 0.5
"""How long a listener may take to see that it is to stop."""

_LONGEST_PAUSE_S = 2.0


def tell(connection: psycopg.Connection, has_announced: bool, happenings: Sequence[str]) -> None:
    """Have PostgreSQL tell every listener, if and when the transaction of this connection commits."""
    notices = [(_OUTBOX, "")] if has_announced else []
    notices += [
        (_HAPPENED, ",".join(happenings[start : start + _KEYS_IN_A_NOTICE]))
        for start in range(0, len(happenings), _KEYS_IN_A_NOTICE)
    ]
    if notices:
        channels, payloads = zip(*notices, strict=True)
        connection.execute(
            "select pg_notify(channel, payload) from unnest(%s::text[], %s::text[]) as notice (channel, payload)",
            (list(channels), list(payloads)),
        )


class Listener:
    """Rings `bell` and wakes `waiters` for what other processes tell, in a thread of its own.

    Notices are a short cut, not a promise: while there is no connection, or behind a pooler that has none to keep,
    whoever waits looks again by itself, only later.
    """

    def __init__(self, connect: Callable[[], psycopg.Connection], bell: threading.Event, waiters: Waiters) -> None:
        self._connect = connect
        self._bell = bell
        self._waiters = waiters
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="notices", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        pause_s = 0.05
        while not self._stopping.is_set():
            try:
                with self._connect() as connection:
                    pause_s = 0.05
                    self._listen(connection)
            except psycopg.Error as error:
                if not self._stopping.wait(pause_s * jitter()):
                    _log.warning("notices_lost", reason=str(error).strip(), pause_s=pause_s)
                pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)

    def _listen(self, connection: psycopg.Connection) -> None:
        connection.execute(f"listen {_OUTBOX}")
        connection.execute(f"listen {_HAPPENED}")
        self._bell.set()  # what was told before this
        while not self._stopping.is_set():
            for notice in connection.notifies(timeout=_LOOK_UP_S):
                if notice.channel == _OUTBOX:
                    self._bell.set()
                else:
                    self._waiters.notify(notice.payload.split(","))
