"""What is shown of a market: quote, last trade, depth, and the span of history somebody asks for."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.facts import Level
from contracts.orders import Side

Position = tuple[int, int]
"""A place in a symbol's history: microseconds, then the number of the trade."""

_AFTER_ALL_TRADES = 2**62


@dataclass(frozen=True, slots=True)
class Print:
    """A trade as the tape shows it. `number` counts the symbol's trades from 1."""

    symbol: str
    number: int
    price: int
    quantity: int
    taker_side: Side
    at_us: int


@dataclass(frozen=True, slots=True)
class Quote:
    """Best bid and offer; price and quantity 0 on a side where nobody stands."""

    bid_price: int
    bid_quantity: int
    ask_price: int
    ask_quantity: int
    at_us: int


@dataclass(frozen=True, slots=True)
class Ticker:
    """A symbol's last trade and quote, each None before there was one."""

    symbol: str
    reference_price: int
    trade: Print | None
    quote: Quote | None
    book_sequence: int

    @property
    def version(self) -> str:
        """Changes with every trade and every change of the book."""
        return version_of(self.trade.number if self.trade is not None else 0, self.book_sequence)

    @property
    def last_price(self) -> int:
        """What the symbol last traded at, or was listed at."""
        return self.trade.price if self.trade is not None else self.reference_price


def version_of(trade_number: int, book_sequence: int) -> str:
    """The version of what is shown of a market after these."""
    return f"{trade_number}.{book_sequence}"


@dataclass(frozen=True, slots=True)
class Depth:
    """The book's levels, best first, as they stand after command `sequence`."""

    symbol: str
    sequence: int
    at_us: int | None
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of history: everything strictly between two positions."""

    after: Position
    before: Position
    newest_first: bool

    def beyond(self, seen: Position) -> Span:
        """What is left of the span for somebody who has seen everything up to `seen`."""
        if self.newest_first:
            return Span(self.after, min(seen, self.before), True)
        return Span(max(seen, self.after), self.before, False)


@dataclass(frozen=True, slots=True)
class PastCloses:
    """A symbol's last price in each window that had one, as (window, price); `before` is that before the first window,
    `reference` the price to go by while there was none.
    """

    reference: int
    before: int | None
    windows: list[tuple[int, int]]


def span_of(start_us: int, end_us: int, newest_first: bool) -> Span:
    """The span from start to end, both included."""
    return Span((start_us - 1, _AFTER_ALL_TRADES), (end_us + 1, 0), newest_first)
