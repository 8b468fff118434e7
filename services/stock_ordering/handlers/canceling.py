"""Asks the book to cancel orders; whether a cancel or a fill was first is decided there and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.clock import Clock
from contracts.refusals import Refusal, Refused
from stock_ordering.domain.announcements import cancel_requested
from stock_ordering.domain.order import Order
from stock_ordering.domain.rules import require_open
from stock_ordering.ports import CancelOrder, Deps, Outcome, Unit

CANCELED_AT_ONCE = 1_000
"""Orders of one account that one transaction asks to cancel."""


def cancel_order(deps: Deps, wish: CancelOrder) -> Order:
    """Ask for the cancel, once however often it is wished; Refused(ORDER_NOT_FOUND or NOT_OPEN)."""
    return deps.counter.cancel(wish)


def cancel_all(deps: Deps, account_id: str) -> list[Order]:
    """Ask to cancel every open order that was placed before now and not asked for yet; returns those orders."""
    now_us = deps.clock.now_us()
    asked: list[Order] = []
    while True:
        with deps.transaction() as unit:
            some = unit.lock_cancelable(account_id, now_us, CANCELED_AT_ONCE)
            _ask(unit, some, now_us)
        asked += some
        if len(some) < CANCELED_AT_ONCE:
            return asked


def cancel(unit: Unit, clock: Clock, wishes: Sequence[CancelOrder]) -> list[Outcome]:
    """One outcome per wish, in order."""
    locked = unit.lock_orders(wish.order_id for wish in wishes)
    outcomes = [_judge(wish, locked.get(wish.order_id)) for wish in wishes]
    fresh = {order.id: order for order in outcomes if isinstance(order, Order) and not order.cancel_requested_at_us}
    _ask(unit, list(fresh.values()), clock.now_us())
    return outcomes


def _judge(wish: CancelOrder, order: Order | None) -> Outcome:
    if order is None or order.account_id != wish.account_id:
        return Refused(Refusal.ORDER_NOT_FOUND)
    try:
        require_open(order)
    except Refused as refused:
        return refused
    return order


def _ask(unit: Unit, orders: Sequence[Order], now_us: int) -> None:
    for order in orders:
        order.cancel_requested_at_us = now_us
        order.updated_at_us = max(order.updated_at_us, now_us)
    unit.save_orders(orders)
    unit.announce([cancel_requested(order, now_us) for order in orders])
