"""The time, passed in so that tests can hold it still."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """What time it is, and how much of it has gone by; two questions, for a machine's clock is set now and then."""

    def now_us(self) -> int:
        """Microseconds since 1970 UTC: when something happened, for people, and when something ends."""

    def monotonic_us(self) -> int:
        """Microseconds since some moment: how long something takes. Nobody sets this one; it is this process' own."""


class SystemClock:
    """The machine's own clock."""

    def now_us(self) -> int:
        return time.time_ns() // 1_000

    def monotonic_us(self) -> int:
        return time.monotonic_ns() // 1_000


class SteadyClock(SystemClock):
    """The machine's own clock as this process found it; what sets it later does not make anybody here wait or hurry."""

    def __init__(self) -> None:
        self._began_us = time.time_ns() // 1_000 - self.monotonic_us()

    def now_us(self) -> int:
        return self._began_us + self.monotonic_us()


class FixedClock:
    """A clock that moves only when told to."""

    def __init__(self, now_us: int = 1_750_000_000_000_000) -> None:
        self._now_us = now_us
        self._monotonic_us = 0

    def now_us(self) -> int:
        return self._now_us

    def monotonic_us(self) -> int:
        return self._monotonic_us

    def advance(self, seconds: float) -> None:
        """Time goes by."""
        self._now_us += int(seconds * 1_000_000)
        self._monotonic_us += int(seconds * 1_000_000)

    def step(self, seconds: float) -> None:
        """Somebody sets the clock, forth or back; no time goes by."""
        self._now_us += int(seconds * 1_000_000)
