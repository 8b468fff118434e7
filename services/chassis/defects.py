"""Logs what should not have happened: with its traceback, but one a minute for each place that it comes from."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog

_log = structlog.get_logger()

_QUIET_S = 60.0
_MOST_PLACES = 1_000


@dataclass(slots=True)
class _Seen:
    logged_s: float
    suppressed: int = 0


class DefectLog:
    """Whoever finds a defect may repeat it a thousand times a second; the log must not fill the disk meanwhile."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._seen: dict[tuple[str, str, int], _Seen] = {}
        self._lock = threading.Lock()

    def __call__(self, event: str, error: BaseException, **about: Any) -> None:
        """Log it with its traceback, or count it; the next one that is logged says how many were only counted."""
        suppressed = self._suppressed(_place_of(error))
        if suppressed is not None:
            _log.error(event, suppressed=suppressed, **about, exc_info=error)

    def _suppressed(self, place: tuple[str, str, int]) -> int | None:
        with self._lock:
            now_s, seen = self._now_s(), self._seen.get(place)
            if seen is not None and now_s < seen.logged_s + _QUIET_S:
                seen.suppressed += 1
                return None
            if seen is None and len(self._seen) >= _MOST_PLACES:
                self._seen.clear()
            self._seen[place] = _Seen(now_s)
            return seen.suppressed if seen is not None else 0


log_defect = DefectLog()
"""The one of this process."""


def _place_of(error: BaseException) -> tuple[str, str, int]:
    """Its kind, and the file and line where it was raised."""
    where = (type(error).__name__, "", 0)
    for frame, line in traceback.walk_tb(error.__traceback__):
        where = (where[0], frame.f_code.co_filename, line)
    return where
