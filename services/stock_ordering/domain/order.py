"""An order, its life as one table of moves, and its fills."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.facts import Reason
from contracts.orders import OPEN_STATUSES, OrderStatus, OrderType, Side, TimeInForce

_PENDING, _NEW, _PARTLY = OrderStatus.PENDING_NEW, OrderStatus.NEW, OrderStatus.PARTIALLY_FILLED
_FILLED, _CANCELED, _EXPIRED = OrderStatus.FILLED, OrderStatus.CANCELED, OrderStatus.EXPIRED
_REPLACED, _REJECTED = OrderStatus.REPLACED, OrderStatus.REJECTED

MOVES: dict[OrderStatus, frozenset[OrderStatus]] = {
    _PENDING: frozenset({_NEW, _PARTLY, _FILLED, _CANCELED, _EXPIRED, _REJECTED}),
    _NEW: frozenset({_PARTLY, _FILLED, _CANCELED, _EXPIRED, _REPLACED}),
    _PARTLY: frozenset({_FILLED, _CANCELED, _EXPIRED, _REPLACED}),
    _FILLED: frozenset(),
    _CANCELED: frozenset(),
    _EXPIRED: frozenset(),
    _REPLACED: frozenset(),
    _REJECTED: frozenset(),
}
"""From each status the ones it may move to. What is not here cannot happen."""


class ImpossibleMove(Exception):
    """A fact does not fit the order it speaks of. Nothing is overwritten; the fact becomes a dead letter."""


@dataclass(slots=True)
class Order:
    """One order as its owner sees it. Prices in 1/10000 dollar, quantities in shares, times in microseconds.

    `limit_price` is None for a market order; `price` is the worst price it may trade at either way. The
    quantity of a replacement includes what the replaced orders had filled: that part is `carried`.
    `resting` says that the book has finished with the command that brought the order in.
    """

    id: str
    account_id: str
    client_order_id: str
    symbol: str
    asset_id: str
    side: Side
    type: OrderType
    time_in_force: TimeInForce
    quantity: int
    limit_price: int | None
    price: int
    expires_at_us: int | None
    replaces: str | None
    created_at_us: int
    updated_at_us: int
    status: OrderStatus = OrderStatus.PENDING_NEW
    resting: bool = False
    sequence: int = 0
    filled_quantity: int = 0
    filled_notional: int = 0
    carried_quantity: int = 0
    carried_notional: int = 0
    reason: Reason | None = None
    replaced_by: str | None = None
    cancel_requested_at_us: int | None = None
    ended_at_us: int | None = None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES

    @property
    def remaining(self) -> int:
        return self.quantity - self.filled_quantity

    @property
    def has_outcome(self) -> bool:
        """Whether the hold or the book has said all there is to say at once: it ended, or what is left rests."""
        return self.resting or not self.is_open

    def move(self, status: OrderStatus, at_us: int, reason: Reason | None = None) -> None:
        """Take the status, or raise ImpossibleMove if the table does not allow it from here."""
        if status not in MOVES[self.status]:
            raise ImpossibleMove(f"order {self.id} cannot move from {self.status} to {status}")
        self.status = status
        self.updated_at_us = max(self.updated_at_us, at_us)
        if status not in OPEN_STATUSES:
            self.ended_at_us = at_us
            self.reason = reason
            self.resting = False

    def average_price(self) -> int | None:
        """What a filled share cost on average, in 1/10000 dollar rounded half to even; None without fills."""
        if not self.filled_quantity:
            return None
        average, rest = divmod(self.filled_notional, self.filled_quantity)
        doubled = 2 * rest
        return average + (doubled > self.filled_quantity or (doubled == self.filled_quantity and average % 2 == 1))


@dataclass(frozen=True, slots=True)
class Fill:
    """One side of one trade. `remaining` is left of the order after it."""

    order_id: str
    trade_id: str
    quantity: int
    price: int
    remaining: int
    is_maker: bool
    at_us: int
