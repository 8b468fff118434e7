"""Threads that serve everybody: none of them ends because of what one client or one message brings."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

from live_gateway.handlers.counts import Counts

_log = structlog.get_logger()

_PAUSE_S = 0.1


class Watched:
    """Runs `work` until it returns. If it fails that is logged and counted, and the work is begun anew."""

    def __init__(self, name: str, work: Callable[[], None], counts: Counts) -> None:
        self._name, self._work = name, work
        self._failures = counts.failures.labels(name)
        self._pause = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"live-{name}", daemon=True)
        counts.watch_thread(name, self.is_alive)

    def start(self) -> None:
        self._thread.start()

    def join(self) -> None:
        if self._thread.ident is not None:
            self._thread.join()

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def _run(self) -> None:
        while True:
            try:
                self._work()
            except Exception:  # noqa: BLE001  # whatever it is, the others are served on
                _log.exception("live_thread_failed", thread=self._name)
                self._failures.inc()
                self._pause.wait(_PAUSE_S)
            else:
                return
