"""What an account is worth at given prices, in integers all the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

RATIO_PLACES = 6


def rounded(numerator: int, denominator: int) -> int:
    """Divide to the nearest integer, halves to the even one; 0 if there is nothing to divide by."""
    if denominator == 0:
        return 0
    quotient, rest = divmod(numerator, denominator)
    return quotient + (2 * rest > denominator or (2 * rest == denominator and quotient % 2 == 1))


@dataclass(frozen=True, slots=True)
class Owned:
    """Shares of one symbol as they stand in the books; `reference_price` is what the instrument was listed at."""

    symbol: str
    asset_id: str
    quantity: int
    held: int
    cost_basis: int
    realised: int
    reference_price: int

    @property
    def average_price(self) -> int:
        return rounded(self.cost_basis, self.quantity)


@dataclass(frozen=True, slots=True)
class Holdings:
    """An account as it stands in the books, from one snapshot."""

    account_id: str
    opened_at_us: int
    cash: int
    cash_held: int
    owned: Sequence[Owned]
    version: str | None = None
    """Another one after every change; None before the first."""

    @property
    def symbols(self) -> list[str]:
        return [owned.symbol for owned in self.owned if owned.quantity]


@dataclass(frozen=True, slots=True)
class ValuedPosition:
    """A position at a price of 1/10000 dollar; `is_stale` says that no current price could be had."""

    owned: Owned
    price: int
    is_stale: bool
    last_day_price: int | None = None
    """What the symbol ended the day before at; None if it had not traded by then, or nobody knows."""

    @property
    def market_value(self) -> int:
        return self.owned.quantity * self.price

    @property
    def unrealised(self) -> int:
        return self.market_value - self.owned.cost_basis

    @property
    def unrealised_ratio(self) -> int:
        """Profit per cost, in units of 10 ** -RATIO_PLACES."""
        return rounded(self.unrealised * 10**RATIO_PLACES, self.owned.cost_basis)

    @property
    def change_today(self) -> int | None:
        """How the price has changed since the day before, in units of 10 ** -RATIO_PLACES of that day's."""
        if self.last_day_price is None:
            return None
        return rounded((self.price - self.last_day_price) * 10**RATIO_PLACES, self.last_day_price)


@dataclass(frozen=True, slots=True)
class Valuation:
    """An account at current prices."""

    holdings: Holdings
    positions: Sequence[ValuedPosition]

    @property
    def market_value(self) -> int:
        return sum(position.market_value for position in self.positions)

    @property
    def equity(self) -> int:
        return self.holdings.cash + self.market_value

    @property
    def realised(self) -> int:
        return sum(owned.realised for owned in self.holdings.owned)

    @property
    def is_stale(self) -> bool:
        return any(position.is_stale for position in self.positions)
