"""What a trader knows and wants: instruments, quotes, holdings, wishes. Prices and cash in 1/10000 dollar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from contracts.orders import Side, TimeInForce

MILLION = 1_000_000
"""Parts per million are what all distances between prices are told in."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """What can be traded now."""

    symbol: str
    tick: int
    lot: int
    reference_price: int

    def below(self, price: int) -> int:
        """The highest price on the tick that is not above this one."""
        return price // self.tick * self.tick

    def above(self, price: int) -> int:
        """The lowest price on the tick that is not below this one."""
        return -(-price // self.tick) * self.tick

    def lots(self, quantity: int) -> int:
        """The largest quantity that can be ordered and is not more than this one."""
        return max(quantity, 0) // self.lot * self.lot


@dataclass(frozen=True, slots=True)
class Quote:
    """Best bid and ask; 0 where nobody stands."""

    bid: int
    ask: int

    @property
    def is_two_sided(self) -> bool:
        return self.bid > 0 and self.ask > 0

    @property
    def middle(self) -> int:
        """Between the two; where one is missing the other, 0 if both are."""
        return (self.bid + self.ask) // 2 if self.is_two_sided else self.bid + self.ask


NO_QUOTE = Quote(0, 0)


@dataclass(frozen=True, slots=True)
class Wish:
    """A limit order somebody wants to place."""

    symbol: str
    side: Side
    quantity: int
    price: int
    time_in_force: TimeInForce


@dataclass(frozen=True, slots=True)
class Standing:
    """An order that stands in a book."""

    order_id: str
    symbol: str
    side: Side
    price: int
    remaining: int


@dataclass(slots=True)
class Holdings:
    """What an account owns, and what of it no order holds."""

    cash: int
    buying_power: int
    shares: dict[str, int]
    available: dict[str, int]

    def wealth(self, prices: Mapping[str, int]) -> int:
        """Cash and shares at these prices; what has none counts for nothing."""
        return self.cash + sum(owned * prices.get(symbol, 0) for symbol, owned in self.shares.items())

    def afford(self, wish: Wish, instrument: Instrument) -> Wish | None:
        """The wish, smaller if need be, so that it is not sure to be refused; None if nothing is left of it."""
        most = self.available.get(wish.symbol, 0) if wish.side is Side.SELL else self.buying_power // wish.price
        quantity = instrument.lots(min(wish.quantity, most))
        return replace(wish, quantity=quantity) if quantity else None

    def hold(self, wish: Wish) -> None:
        """Take note that an order has been placed that is not in these figures."""
        if wish.side is Side.BUY:
            self.buying_power -= wish.quantity * wish.price
        else:
            self.available[wish.symbol] -= wish.quantity


@dataclass(frozen=True, slots=True)
class View:
    """All that the traders of this market know together, at one moment, by symbol."""

    instruments: Mapping[str, Instrument]
    quotes: Mapping[str, Quote]
    fair: Mapping[str, int]
    moved_ppm: Mapping[str, int]
    """How far the middle of bid and ask has moved lately, up or down."""
    average_shares: Mapping[str, int]
    average_wealth: int

    def quote(self, symbol: str) -> Quote:
        return self.quotes.get(symbol, NO_QUOTE)
