"""The time a history is told over: windows of equal length, counted since 1970 UTC."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

MOST_WINDOWS = 4_000
"""Ten years in days, and some more."""

USUAL_WINDOWS = 1_500
"""What is told unless more is asked for: a day in minutes."""

_SECOND_US = 1_000_000
_DAY_S = 86_400
_LONGEST_INTRADAY_US = 30 * _DAY_S * _SECOND_US


class Timeframe(StrEnum):
    """How long a window is, spelled as Alpaca spells it for histories; days are UTC days."""

    MINUTE = "1Min"
    FIVE_MINUTES = "5Min"
    QUARTER_HOUR = "15Min"
    HOUR = "1H"
    DAY = "1D"

    @property
    def span_s(self) -> int:
        return _SPANS_S[self]

    @property
    def span_us(self) -> int:
        return self.span_s * _SECOND_US


_SPANS_S = {
    Timeframe.MINUTE: 60,
    Timeframe.FIVE_MINUTES: 300,
    Timeframe.QUARTER_HOUR: 900,
    Timeframe.HOUR: 3_600,
    Timeframe.DAY: _DAY_S,
}


class NotATime(ValueError):
    """No history can be told over this time; the text is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Windows:
    """`first` and `last` are included; with `first` beyond `last` there is none."""

    timeframe: Timeframe
    first: int
    last: int

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.first, self.last + 1))

    def __len__(self) -> int:
        return max(0, self.last + 1 - self.first)

    @property
    def span_us(self) -> int:
        return self.timeframe.span_us

    @property
    def end_us(self) -> int:
        return (self.last + 1) * self.span_us

    def start_s(self, window: int) -> int:
        """Seconds since 1970."""
        return window * self.timeframe.span_s

    def opens_day(self, window: int) -> bool:
        """Whether this is the first window of a UTC day."""
        return self.start_s(window) % _DAY_S == 0

    def since(self, at_us: int) -> Windows:
        """Those that did not end before `at_us`."""
        return Windows(self.timeframe, max(self.first, at_us // self.span_us), self.last)


def windows_between(start_us: int, end_us: int, timeframe: Timeframe | None) -> Windows:
    """The windows that have a part of this time; NotATime if there is none."""
    if start_us >= end_us:
        raise NotATime("The start must be before the end, and before now.")
    chosen = timeframe or _usual(end_us - start_us)
    return _bounded(chosen, start_us // chosen.span_us, end_us)


def windows_until(end_us: int, length_us: int, timeframe: Timeframe | None) -> Windows:
    """As many windows as `length_us` has, the last one with the moment before `end_us` in it; NotATime as above."""
    chosen = timeframe or _usual(length_us)
    count = -(-length_us // chosen.span_us)
    return _bounded(chosen, (end_us - 1) // chosen.span_us - count + 1, end_us)


def require_few(windows: Windows) -> None:
    """NotATime for more than MOST_WINDOWS: asked of what is told, which begins with the account."""
    if len(windows) > MOST_WINDOWS:
        raise NotATime(
            f"In steps of {windows.timeframe} that is {len(windows)} points, {MOST_WINDOWS} are the most: "
            "choose a longer timeframe or a shorter time."
        )


def day_of(at_us: int) -> Windows:
    """The UTC day of a moment, as one window."""
    day = at_us // Timeframe.DAY.span_us
    return Windows(Timeframe.DAY, day, day)


def _bounded(timeframe: Timeframe, first: int, end_us: int) -> Windows:
    windows = Windows(timeframe, max(0, first), (end_us - 1) // timeframe.span_us)
    if not len(windows):
        raise NotATime("There is nothing to tell of the time before 1970.")
    return windows


def _usual(length_us: int) -> Timeframe:
    """Days from a month on; below that the finest that is not too fine."""
    if length_us >= _LONGEST_INTRADAY_US:
        return Timeframe.DAY
    return next(timeframe for timeframe in Timeframe if length_us <= USUAL_WINDOWS * timeframe.span_us)
