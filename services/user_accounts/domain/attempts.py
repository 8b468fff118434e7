"""Counts attempts in a moving window: how often somebody may try, and how long to wait after that."""

from __future__ import annotations

from collections import deque

_WINDOW_US = 60_000_000
_MOST_KEYS = 100_000


class Attempts:
    """At most `limit` attempts a minute for each key (a name, an address); 0 is no limit.

    A refused attempt is not counted: who waits as told gets through. When more than 100,000 keys are remembered
    the ones heard of longest ago are forgotten first, so memory is bounded whoever knocks.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._taken: dict[str, deque[int]] = {}

    def take(self, key: str, now_us: int) -> int:
        """Count an attempt and return 0, or count nothing and return the microseconds to wait.

        `now_us` is of a clock that nobody sets: a step back would lock out for as long, one forth open the gate.
        """
        if self._limit == 0:
            return 0
        taken = self._taken.pop(key, None) or deque()
        self._taken[key] = taken  # back at the end: the dict stays ordered by last use
        if len(self._taken) > _MOST_KEYS:
            del self._taken[next(iter(self._taken))]
        while taken and taken[0] <= now_us - _WINDOW_US:
            taken.popleft()
        if len(taken) >= self._limit:
            return taken[0] + _WINDOW_US - now_us
        taken.append(now_us)
        return 0
