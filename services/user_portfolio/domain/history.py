"""What an account was worth over time: its cash and shares at each window's end, at that window's closing prices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from user_portfolio.domain.activities import ActivityKind
from user_portfolio.domain.valuation import RATIO_PLACES, rounded
from user_portfolio.domain.windows import Windows


@dataclass(frozen=True, slots=True)
class Movement:
    """All activities of one kind and symbol in one window; what was before the first counts as the one before it.

    `worth` is their cash, and their shares at the price they were booked at; all amounts in 1/10000 dollar.
    """

    window: int
    kind: str
    symbol: str | None
    cash_change: int
    share_change: int
    worth: int

    @property
    def granted(self) -> int:
        """What came from outside: no profit, however the account came to be worth more by it."""
        return 0 if self.kind == ActivityKind.FILL else self.worth


@dataclass(frozen=True, slots=True)
class PastPrices:
    """A symbol's last price in each window that had one, and `before` the first (None: it had not traded yet)."""

    reference: int
    before: int | None
    closes: Mapping[int, int]

    @property
    def first(self) -> int:
        return self.reference if self.before is None else self.before


@dataclass(slots=True)
class History:
    """A value per window, in 1/10000 dollar; `ratio` is profit per base in units of 10 ** -RATIO_PLACES.

    `base` is what the account was worth when the first window began, or what it was opened with in it. `profit`
    counts from there, or from each day's beginning; what was granted meanwhile is no part of it.
    """

    windows: Windows
    base: int = 0
    equity: list[int] = field(default_factory=list)
    profit: list[int] = field(default_factory=list)
    ratio: list[int] = field(default_factory=list)
    grants: dict[str, list[int]] = field(default_factory=dict)
    """What was granted in each window, by the kind of activity."""


@dataclass(slots=True)
class _Standing:
    """The account as the windows pass."""

    prices: dict[str, int]
    cash: int = 0
    shares: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def equity(self) -> int:
        return self.cash + sum(quantity * self.prices[symbol] for symbol, quantity in self.shares.items())

    def take_in(self, movements: Iterable[Movement]) -> None:
        for movement in movements:
            self.cash += movement.cash_change
            if movement.symbol is not None:
                self.shares[movement.symbol] += movement.share_change


def tell_history(
    windows: Windows, movements: Sequence[Movement], prices: Mapping[str, PastPrices], *, resets_daily: bool = False
) -> History:
    """Value the account at the end of each window. `prices` must know every symbol that moved."""
    moved: dict[int, list[Movement]] = defaultdict(list)
    for movement in movements:
        moved[movement.window].append(movement)
    standing = _Standing({symbol: price.first for symbol, price in prices.items()})
    earlier = moved.pop(windows.first - 1, [])
    standing.take_in(earlier)
    base = standing.equity if earlier else _granted(moved[windows.first])
    expected = base if earlier else 0
    history = History(windows, base, grants=_grants_by_kind(windows, movements))
    for window in windows:
        if resets_daily and windows.opens_day(window) and history.equity:
            base = expected = history.equity[-1]
        standing.take_in(moved[window])
        expected += _granted(moved[window])
        standing.prices |= {symbol: past.closes[window] for symbol, past in prices.items() if window in past.closes}
        history.equity.append(standing.equity)
        history.profit.append(standing.equity - expected)
        history.ratio.append(rounded((standing.equity - expected) * 10**RATIO_PLACES, base))
    return history


def _granted(movements: Iterable[Movement]) -> int:
    return sum(movement.granted for movement in movements)


def _grants_by_kind(windows: Windows, movements: Iterable[Movement]) -> dict[str, list[int]]:
    grants = {str(kind): [0] * len(windows) for kind in ActivityKind if kind != ActivityKind.FILL}
    for movement in movements:
        if movement.granted and movement.window >= windows.first:
            grants[movement.kind][movement.window - windows.first] += movement.granted
    return grants
