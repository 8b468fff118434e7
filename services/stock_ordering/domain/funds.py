"""What an account can still spend: cash for buys, shares for sells. It refuses the hopeless order; the hold decides."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from contracts.money import dollars
from contracts.orders import Side
from contracts.refusals import Refusal, Refused


@dataclass(frozen=True, slots=True)
class Spending:
    """What an order, or a replacement beyond its original, can cost: 1/10000 dollar for a buy, shares for a sell."""

    order_id: str
    side: Side
    symbol: str
    amount: int


@dataclass(slots=True)
class Funds:
    """Buying power in 1/10000 dollar, and the shares that can be sold by symbol; one that is missing has none."""

    buying_power: int
    available: dict[str, int]

    def copy(self) -> Funds:
        return replace(self, available=dict(self.available))

    def spend(self, spending: Spending) -> None:
        """Put the amount aside; Refused(INSUFFICIENT_BUYING_POWER or INSUFFICIENT_SHARES) if there is not so much."""
        if spending.side is Side.BUY:
            self._require_buying_power(spending.amount)
        else:
            self._require_shares(spending)
        self.take(spending)

    def take(self, spending: Spending) -> None:
        """Put the amount aside, whether or not there is so much."""
        if spending.side is Side.BUY:
            self.buying_power -= spending.amount
        else:
            self.available[spending.symbol] = self.available.get(spending.symbol, 0) - spending.amount

    def _require_buying_power(self, cost: int) -> None:
        if cost > self.buying_power:
            costs, has = dollars(cost), dollars(max(self.buying_power, 0))
            message = f"The order can cost {costs} dollars; the account's buying power is {has}."
            raise Refused(Refusal.INSUFFICIENT_BUYING_POWER, message, cost_basis=costs, buying_power=has)

    def _require_shares(self, spending: Spending) -> None:
        has = max(self.available.get(spending.symbol, 0), 0)
        if spending.amount > has:
            message = f"The order sells {spending.amount} {spending.symbol}; the account has {has} to sell."
            raise Refused(Refusal.INSUFFICIENT_SHARES, message, symbol=spending.symbol, available=str(has))


@dataclass(frozen=True, slots=True)
class OpenOrders:
    """What an account's open orders can cost, as order entry knows it: the sums, and each that is still pending.

    A pending replacement is in none of these: only the hold knows what it can cost beyond its original.
    """

    buys: int
    sells: int
    pending: Sequence[Spending]


@dataclass(frozen=True, slots=True)
class HeldFunds:
    """How the account stands in the books of user_portfolio; `known` are the orders asked about that it has come to."""

    buying_power: int
    cash_held: int
    available: Mapping[str, int]
    shares_held: int
    known: Collection[str]


def reconciled(orders: OpenOrders, held: HeldFunds) -> Funds | None:
    """What is left for one more order. `orders` must have been read before `held`.

    None if more is held than the open orders can cost: user_portfolio has not heard yet that one of them has ended or
    filled, so its figures are older than what the account may have been told, and nobody is refused by them.
    """
    unheard = [spending for spending in orders.pending if spending.order_id not in held.known]
    buys = orders.buys - sum(spending.amount for spending in unheard if spending.side is Side.BUY)
    sells = orders.sells - sum(spending.amount for spending in unheard if spending.side is Side.SELL)
    if held.cash_held > buys or held.shares_held > sells:
        return None
    funds = Funds(held.buying_power, dict(held.available))
    for spending in unheard:
        funds.take(spending)
    return funds
