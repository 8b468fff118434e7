"""Starts the embedded PostgreSQL again when it dies, and gives up in words when it will not stay."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from typing import Protocol

import structlog

from standalone.embedded_postgres.refusal import PostgresGone, PostgresRefused

_POLL_S = 0.2
_SHORTEST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 5.0
_STEADY_S = 30.0
"""A server that was up for so long is over its trouble: the next death is another one."""

_LIMIT_S = 120.0
"""How long one trouble may last. A disk may get room meanwhile; beyond that somebody has to see it."""

_log = structlog.get_logger()


class Watched(Protocol):
    """A server as its watchdog sees it."""

    @property
    def is_running(self) -> bool: ...
    def start_again(self) -> None:
        """PostgresRefused if it may come another time, PostgresGone if it never will."""

    def why_it_ended(self) -> str: ...


class Watchdog:
    """A thread of the process that started the server. `give_up` is called there once, with `reason` set before."""

    def __init__(
        self, server: Watched, give_up: Callable[[], None], limit_s: float = _LIMIT_S, steady_s: float = _STEADY_S
    ) -> None:
        self.reason = ""
        self.has_given_up = False
        self._server = server
        self._give_up = give_up
        self._limit_s = limit_s
        self._steady_s = steady_s
        self._told_to_stop = threading.Event()
        self._started_by = os.getpid()
        self._thread = threading.Thread(target=self._run, name="postgresql-watchdog", daemon=True)

    def start(self) -> None:
        """Watch from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Watch no more: the server may be stopped now. A forked child has no thread to stop."""
        if self._started_by == os.getpid():
            self._told_to_stop.set()

    def _run(self) -> None:
        try:
            self._watch()
        except PostgresGone as gone:
            self.reason = str(gone)
        finally:
            if not self._told_to_stop.is_set():
                self.has_given_up = True
                self.reason = self.reason or "Nobody watches PostgreSQL any more: see the traceback above."
                self._give_up()

    def _watch(self) -> None:
        """Return when told to stop, or when one trouble has lasted too long."""
        troubled_s, started_s, pause_s = 0.0, 0.0, 0.0
        while not self._told_to_stop.wait(_POLL_S):
            now_s = time.monotonic()
            if self._server.is_running:
                if troubled_s and now_s - started_s >= self._steady_s:
                    troubled_s, pause_s = 0.0, 0.0
                continue
            if started_s >= troubled_s:  # it ran until now; else the last start has said why it failed
                self.reason = self._server.why_it_ended()
                _log.warning("PostgreSQL has ended and is started again", why=self.reason)
            troubled_s = troubled_s or now_s
            if now_s - troubled_s > self._limit_s or self._told_to_stop.wait(pause_s):
                return
            pause_s = min(max(pause_s * 2, _SHORTEST_PAUSE_S), _LONGEST_PAUSE_S)
            if self._starts_again():
                started_s = time.monotonic()

    def _starts_again(self) -> bool:
        try:
            self._server.start_again()
        except PostgresRefused as refused:
            if not self._told_to_stop.is_set():
                self.reason = str(refused)
                _log.warning("PostgreSQL cannot be started again yet", why=self.reason)
            return False
        _log.warning("PostgreSQL runs again")
        return True
