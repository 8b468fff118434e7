"""What stock_data's handlers ask for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from chassis.clock import Clock
from chassis.database import Transaction
from stock_data.domain.candles import Candle, Timeframe
from stock_data.domain.instruments import Instrument
from stock_data.domain.market import Market
from stock_data.domain.views import Depth, PastCloses, Print, Span, Ticker


class Unit(Protocol):
    """One transaction's worth of changes: true all at once or not at all."""

    def add_instruments(self, instruments: Sequence[Instrument]) -> list[Instrument]:
        """List those whose symbol is new, and say which they were."""

    def set_halted(self, symbol: str, halted: bool) -> int | None:
        """Halt or resume, and the number of this change; None if it was so already, or there is no such symbol."""

    def lock_markets(self, symbols: Collection[str]) -> dict[str, Market]:
        """The markets of these symbols, nobody else's until the transaction ends."""

    def save_markets(self, markets: Collection[Market]) -> None:
        """Write down what the markets have taken in."""

    def announce(self, facts: Sequence[object]) -> None:
        """Tell these facts when the transaction commits."""

    def after_commit(self, action: Callable[[], None]) -> None:
        """Do this when the transaction has committed."""


class Reader(Protocol):
    """What can be looked up; each answer is of one moment. Symbols that nobody knows are left out."""

    def instruments(self) -> list[Instrument]:
        """Everything listed, by symbol."""

    def instrument(self, symbol_or_id: str) -> Instrument | None: ...

    def tickers(self, symbols: Collection[str]) -> dict[str, Ticker]: ...

    def depth(self, symbol: str, levels: int) -> Depth | None: ...

    def has_trade(self, symbol: str, trade_id: str, at_us: int) -> bool:
        """Whether a trade is on the tape that was matched at this time, and was just now if clocks differ."""

    def prints(self, symbol: str, span: Span, limit: int) -> list[Print]: ...

    def candles(self, symbol: str, timeframe: Timeframe, span: Span, limit: int) -> list[Candle]: ...

    def latest_candles(self, symbols: Collection[str], timeframe: Timeframe, count: int) -> dict[str, list[Candle]]:
        """The newest candles of each symbol that has any, newest first."""

    def closes(
        self, symbols: Collection[str], timeframe: Timeframe, span_us: int, first: int, last: int
    ) -> dict[str, PastCloses]:
        """The last close of this timeframe in each window of `span_us`, which whole candles fill."""


class LastPrices(Protocol):
    """Where other services look a last price up before they ask."""

    def remember(self, prices: Mapping[str, int]) -> None:
        """Show these prices, in 1/10000 dollar by symbol."""

    def confirm(self, prices: Mapping[str, int]) -> None:
        """Show no other prices of these symbols."""


class Views(Protocol):
    """What was read of markets and may be shown again as long as nothing has changed."""

    def tell(self, markets: Collection[Market]) -> None:
        """These markets have changed."""

    def confirm(self, ticker: Ticker) -> None:
        """Show nothing of this market any more that is not of this moment."""

    def tickers(self, symbols: Collection[str]) -> dict[str, Ticker]: ...

    def remember_tickers(self, tickers: Mapping[str, Ticker]) -> None: ...

    def depth(self, symbol: str, levels: int) -> Depth | None: ...

    def remember_depth(self, depth: Depth, levels: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Deps:
    """What handlers are given."""

    clock: Clock
    last_prices: LastPrices
    views: Views
    unit: Callable[[Transaction], Unit]
    """A unit of a transaction that somebody else opened."""
    transaction: Callable[[], AbstractContextManager[Unit]]
    reading: Callable[[], AbstractContextManager[Reader]]
