"""An order as the book knows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contracts.orders import Side, TimeInForce

OrderId = Any
"""Anything that can be hashed; the book never looks inside."""

AccountId = Any
"""Anything that can be hashed and compared; the book only asks whether two are the same."""


@dataclass(slots=True)
class Order:
    """A limit order; a market order is one whose price is its collar.

    `price` in 1/10000 dollar; `quantity` and `remaining` in shares, `remaining` counts down as it fills;
    `priority` is the number of the command that queued it: at one price the lower stands in front.
    ValueError for a price or quantity that no order can have.
    """

    order_id: OrderId
    account_id: AccountId
    side: Side
    price: int
    quantity: int
    remaining: int
    time_in_force: TimeInForce
    expires_at_us: int | None = None
    priority: int = 0

    def __post_init__(self) -> None:
        if self.price <= 0 or not 0 < self.remaining <= self.quantity:
            raise ValueError(f"order {self.order_id}: price, quantity and remaining do not make an order")
