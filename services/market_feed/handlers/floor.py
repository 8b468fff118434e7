"""What all resident traders know of the exchange, looked up again when it is old."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from market_feed.domain.fair_value import FairValue
from market_feed.domain.market import MILLION, Holdings, Instrument, Quote, View, Wish
from market_feed.ports import Deps, Desk

SECOND_US = 1_000_000
_INSTRUMENTS_EVERY_US = 10 * SECOND_US
_QUOTES_EVERY_US = SECOND_US
_HOLDINGS_EVERY_US = 3 * SECOND_US
_TREND_US = 30 * SECOND_US


@dataclass(slots=True)
class Trader:
    """An account that came in, and what it remembers."""

    role: str
    desk: Desk
    holdings: Holdings
    looked_at_us: int
    rests_until_us: int = 0
    """It asked too often: it does nothing before this."""
    seen: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Of a maker's books: what the share was worth, and when, at its last visit."""
    resting: dict[str, str] = field(default_factory=dict)
    """Of the others: the id of the order that was left in a book, by symbol, oldest first."""

    def place(self, wishes: Sequence[Wish], view: View) -> list[str]:
        """Place what it can afford; the order ids, "" for one that was refused."""
        affordable = []
        for wish in wishes:
            smaller = self.holdings.afford(wish, view.instruments[wish.symbol])
            if smaller is not None:
                self.holdings.hold(smaller)
                affordable.append(smaller)
        return self.desk.place(affordable) if affordable else []


class Floor:
    """The market as its traders see it. What asks raises what a Desk does."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        self._instruments: dict[str, Instrument] = {}
        self._instruments_at_us = 0
        self._quotes: dict[str, Quote] = {}
        self._quotes_at_us = 0
        self._middles: deque[tuple[int, dict[str, int]]] = deque()
        self._fair_values: dict[str, FairValue] = {}

    def forget(self) -> None:
        """Look everything up again: what was known may be wrong."""
        self._instruments_at_us = self._quotes_at_us = 0

    def look(self, desk: Desk, traders: Collection[Trader]) -> View:
        """The market now, asked for at this desk where it is no longer known."""
        now_us = self._deps.clock.now_us()
        if now_us - self._instruments_at_us >= _INSTRUMENTS_EVERY_US:
            self._take_instruments(desk, now_us)
        if now_us - self._quotes_at_us >= _QUOTES_EVERY_US and self._instruments:
            self._take_quotes(desk, now_us)
        fair = {symbol: self._fair_values[symbol].at(now_us) for symbol in self._instruments}
        owners = max(len(traders), 1)
        return View(
            instruments=self._instruments,
            quotes=self._quotes,
            fair=fair,
            moved_ppm=self._moved_ppm(),
            average_shares={
                symbol: sum(trader.holdings.shares.get(symbol, 0) for trader in traders) // owners for symbol in fair
            },
            average_wealth=sum(trader.holdings.wealth(fair) for trader in traders) // owners,
        )

    def look_after(self, trader: Trader) -> None:
        """Know what the trader owns."""
        now_us = self._deps.clock.now_us()
        if now_us - trader.looked_at_us >= _HOLDINGS_EVERY_US:
            trader.holdings, trader.looked_at_us = trader.desk.holdings(), now_us

    def _take_instruments(self, desk: Desk, now_us: int) -> None:
        self._instruments = {each.symbol: each for each in desk.instruments()}
        self._instruments_at_us = now_us
        fresh = [each for each in self._instruments.values() if each.symbol not in self._fair_values]
        prices = desk.last_prices([each.symbol for each in fresh]) if fresh else {}
        for each in fresh:
            price = prices.get(each.symbol, each.reference_price)
            self._fair_values[each.symbol] = FairValue(
                self._deps.dice(each.symbol), self._deps.step_us, each.reference_price, price, now_us
            )

    def _take_quotes(self, desk: Desk, now_us: int) -> None:
        self._quotes, self._quotes_at_us = desk.quotes(self._instruments), now_us
        self._middles.append((now_us, {symbol: quote.middle for symbol, quote in self._quotes.items()}))
        while self._middles[0][0] < now_us - _TREND_US:
            self._middles.popleft()

    def _moved_ppm(self) -> dict[str, int]:
        if not self._middles:
            return {}
        before, now = self._middles[0][1], self._middles[-1][1]
        return {
            symbol: (now[symbol] - middle) * MILLION // middle
            for symbol, middle in before.items()
            if middle and now.get(symbol)
        }
