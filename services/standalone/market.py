"""The resident market of a one-process exchange: `market_feed` as a child that is started again when it dies."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Mapping

import structlog

from standalone.servers.process import how_it_ended
from standalone.servers.tied import tied

MARKET_COMMAND = (sys.executable, "-m", "market_feed.main", "trade")
LEAVE_LIMIT_S = 2.5

_SHORTEST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 30.0
_STEADY_S = 60.0
"""Who lived for so long is started again soon."""

_FINAL = (0, 1)
"""It has ended because it was told to, or because of a setting that the next start would find as it is."""

_log = structlog.get_logger()


class ResidentMarket:
    """One process at most. It goes when told to, and when this process dies, however that dies (Linux)."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = dict(environment)
        self._told_to_leave = threading.Event()
        self._changing = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """In the worker, which may have been forked since this was made: Python 3.13.0 starts no thread made before."""
        # It starts the child and stays with it: the kernel ties a child's life to the thread that started it.
        self._thread = threading.Thread(target=self._keep, name="resident-market", daemon=True)
        self._thread.start()

    def leave(self) -> None:
        """Tell it to go and wait until it has, 2.5 s at most; nothing when it has gone or was never started."""
        with self._changing:
            self._told_to_leave.set()
            if self._process is not None:
                self._process.terminate()
        if self._thread is None:
            return
        self._thread.join(LEAVE_LIMIT_S)
        if self._process is not None and self._thread.is_alive():
            self._process.kill()
            self._thread.join()

    def _keep(self) -> None:
        pause_s = _SHORTEST_PAUSE_S
        while (process := self._open()) is not None:
            started_s = time.monotonic()
            status = process.wait()
            if self._told_to_leave.is_set() or status in _FINAL:
                return
            if time.monotonic() - started_s >= _STEADY_S:
                pause_s = _SHORTEST_PAUSE_S
            _log.warning("the resident market is started again", it=how_it_ended(status), in_s=pause_s)
            self._told_to_leave.wait(pause_s)
            pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)

    def _open(self) -> subprocess.Popen[bytes] | None:
        """The next process; None when told to leave."""
        with self._changing:
            if self._told_to_leave.is_set():
                return None
            # In a session of its own: Ctrl-C is for the exchange, which tells it.
            self._process = subprocess.Popen(
                tied(*MARKET_COMMAND), env=self._environment, stdin=subprocess.DEVNULL, start_new_session=True
            )
            return self._process
