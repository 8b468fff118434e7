"""Takes in what the hold and the book said: all orders of a batch loaded, folded in order, saved together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from contracts.facts import (
    CancelRefused,
    OrderCanceled,
    OrderExpired,
    OrderFilled,
    OrderRefused,
    OrderReplaced,
    OrderRested,
    ReplaceRefused,
)
from stock_ordering.domain import outcomes
from stock_ordering.domain.order import Fill, ImpossibleMove, Order
from stock_ordering.ports import Unit


class Desk:
    """The orders that a batch speaks of, and the fills it brings."""

    def __init__(self, orders: dict[str, Order]) -> None:
        self._orders = orders
        self.fills: list[Fill] = []

    def order(self, order_id: str) -> Order:
        """ImpossibleMove if the order was never placed here."""
        try:
            return self._orders[order_id]
        except KeyError:
            raise ImpossibleMove(f"order {order_id} was never placed") from None


Take = Callable[[Desk, Any], None]


def refused(desk: Desk, fact: OrderRefused | ReplaceRefused) -> None:
    outcomes.reject(desk.order(fact.order_id), fact)


def rested(desk: Desk, fact: OrderRested) -> None:
    outcomes.rest(desk.order(fact.order_id), fact)


def filled(desk: Desk, fact: OrderFilled) -> None:
    fill = outcomes.fill(desk.order(fact.order_id), fact)
    if fill is not None:
        desk.fills.append(fill)


def canceled(desk: Desk, fact: OrderCanceled) -> None:
    outcomes.cancel(desk.order(fact.order_id), fact)


def expired(desk: Desk, fact: OrderExpired) -> None:
    outcomes.expire(desk.order(fact.order_id), fact)


def replaced(desk: Desk, fact: OrderReplaced) -> None:
    outcomes.replace(desk.order(fact.replaces), desk.order(fact.order_id), fact)


def cancel_refused(desk: Desk, fact: CancelRefused) -> None:
    outcomes.refuse_cancel(desk.order(fact.order_id), fact)


def take_outcomes(unit: Unit, facts: Sequence[Any], take: dict[type, Take]) -> None:
    """Fold the facts, in order, into their orders. Raises ImpossibleMove, and nothing is saved."""
    ids = {fact.order_id for fact in facts}
    ids.update(fact.replaces for fact in facts if type(fact) is OrderReplaced)
    orders = unit.lock_orders(ids)
    desk = Desk(orders)
    for fact in facts:
        take[type(fact)](desk, fact)
    unit.save_orders(list(orders.values()))
    unit.add_fills(desk.fills)
    unit.happened(orders)
