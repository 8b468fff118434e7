"""What is kept aside for one order, from the moment it is asked for until the order has ended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from contracts.facts import OrderPlaced, ReplaceRequested
from contracts.orders import Side


class CorruptFact(Exception):
    """A fact that cannot be true of the orders known here; it must not move a cent."""


class HoldState(StrEnum):
    """Where a hold is in its life."""

    ASKED = "asked"
    OPEN = "open"
    ENDED = "ended"
    REFUSED = "refused"


MOVES: dict[HoldState, frozenset[HoldState]] = {
    HoldState.ASKED: frozenset({HoldState.OPEN, HoldState.REFUSED, HoldState.ENDED}),
    HoldState.OPEN: frozenset({HoldState.ENDED}),
    HoldState.ENDED: frozenset(),
    HoldState.REFUSED: frozenset(),
}


@dataclass(slots=True)
class Hold:
    """Cash (1/10000 dollar) for a buy or shares for a sell.

    `price` is the worst price the order may trade at; `quantity` its total and `filled` what of it has traded,
    both counting what an order it replaces had filled. While a replacement is asked for, `held` is only what
    it can cost beyond the hold of the order it replaces.
    """

    order_id: str
    account_id: str
    symbol: str
    side: Side
    price: int
    quantity: int
    filled: int
    held: int
    state: HoldState

    @classmethod
    def asked_by(cls, order: OrderPlaced | ReplaceRequested) -> Hold:
        """An empty hold; CorruptFact for a price or a quantity that no order can have."""
        if order.price <= 0 or order.quantity <= 0:
            raise CorruptFact(f"order {order.order_id} asks for {order.quantity} at {order.price}")
        return cls(
            order.order_id,
            order.account_id,
            order.symbol,
            order.side,
            order.price,
            order.quantity,
            filled=0,
            held=0,
            state=HoldState.ASKED,
        )

    @property
    def is_over(self) -> bool:
        return not MOVES[self.state]

    @property
    def remaining(self) -> int:
        return self.quantity - self.filled

    def worth(self, quantity: int) -> int:
        """What `quantity` shares of this order can cost: cash for a buy, the shares themselves for a sell."""
        return quantity * self.price if self.side == Side.BUY else quantity

    def shortfall(self, quantity: int, price: int) -> int:
        """What a replacement with this total and price can cost beyond this hold, however much fills meanwhile.

        With F' shares filled when the book replaces, (quantity - F') * price is needed and this hold still has
        (self.quantity - F') * self.price. The difference is linear in F', so its worst is at one of the ends:
        nothing more fills (a higher price), or all of this order does (a lower one).
        """
        if self.side == Side.SELL:
            return max(0, quantity - self.quantity)
        if price >= self.price:
            return max(0, (quantity - self.filled) * price - self.remaining * self.price)
        return max(0, (quantity - self.quantity) * price)

    def has_applied(self, filled: int, *, has_ended: bool) -> bool:
        """Whether so many shares of the order have been settled, and its end has been taken in."""
        return self.filled >= filled and (self.is_over if has_ended else self.state != HoldState.ASKED)

    def move(self, state: HoldState) -> None:
        """Go to another state; CorruptFact if the table of moves does not know the way."""
        if state not in MOVES[self.state]:
            raise CorruptFact(f"the hold of order {self.order_id} cannot go from {self.state} to {state}")
        self.state = state

    def fill(self, quantity: int) -> None:
        """Count shares as traded; CorruptFact if the order never stood or has not that many left."""
        if self.state not in (HoldState.OPEN, HoldState.ENDED) or not 0 < quantity <= self.remaining:
            raise CorruptFact(f"order {self.order_id} ({self.state}, {self.remaining} left) cannot fill {quantity}")
        self.filled += quantity
