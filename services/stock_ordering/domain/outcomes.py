"""What the hold and the book said about an order, and what that makes of it.

A fact applied twice leaves the order as it was after the first time: a sequence below the order's own is an
older fact, a fill that leaves no less than is left already is a known one.
"""

from __future__ import annotations

from contracts.facts import (
    CancelRefused,
    OrderCanceled,
    OrderExpired,
    OrderFilled,
    OrderRefused,
    OrderReplaced,
    OrderRested,
    Reason,
    ReplaceRefused,
)
from contracts.orders import OrderStatus
from stock_ordering.domain.order import Fill, ImpossibleMove, Order


def reject(order: Order, fact: OrderRefused | ReplaceRefused) -> None:
    """The order, or the replacement, never came to stand in the book."""
    if _is_news(order, fact.sequence) and order.status is not OrderStatus.REJECTED:
        order.move(OrderStatus.REJECTED, fact.at_us, fact.reason)


def rest(order: Order, fact: OrderRested) -> None:
    """What is left of the order stands in the book."""
    if not _is_news(order, fact.sequence):
        return
    _require_remaining(order, fact.remaining)
    if order.status is OrderStatus.PENDING_NEW:
        order.move(OrderStatus.NEW, fact.at_us)
    order.resting = order.is_open


def fill(order: Order, fact: OrderFilled) -> Fill | None:
    """Count a fill; None if it was counted before."""
    if fact.remaining >= order.remaining:
        return None
    _require_remaining(order, fact.remaining + fact.quantity)
    _is_news(order, fact.sequence)
    if fact.remaining == 0:
        order.move(OrderStatus.FILLED, fact.at_us)
    elif order.status is not OrderStatus.PARTIALLY_FILLED:
        order.move(OrderStatus.PARTIALLY_FILLED, fact.at_us)
    order.filled_quantity += fact.quantity
    order.filled_notional += fact.quantity * fact.price
    order.updated_at_us = max(order.updated_at_us, fact.at_us)
    return Fill(fact.order_id, fact.trade_id, fact.quantity, fact.price, fact.remaining, fact.is_maker, fact.at_us)


def cancel(order: Order, fact: OrderCanceled) -> None:
    """The order ended unfilled or in part filled, by wish or by rule."""
    _end(order, OrderStatus.CANCELED, fact, fact.reason)


def expire(order: Order, fact: OrderExpired) -> None:
    """The order's day ended."""
    _end(order, OrderStatus.EXPIRED, fact, None)


def refuse_cancel(order: Order, fact: CancelRefused) -> None:
    """The cancel came too late; the order is what it is. That a second cancel did takes nothing back from the first."""
    if _is_news(order, fact.sequence) and order.status is not OrderStatus.CANCELED:
        order.cancel_requested_at_us = None


def replace(old: Order, new: Order, fact: OrderReplaced) -> None:
    """The new order takes the old one's place and carries over what that had filled."""
    if not _is_news(new, fact.sequence) or old.replaced_by == new.id:
        return
    _require_remaining(old, old.quantity - (new.quantity - fact.remaining))
    _is_news(old, fact.sequence)
    old.move(OrderStatus.REPLACED, fact.at_us)
    old.replaced_by = new.id
    new.move(OrderStatus.PARTIALLY_FILLED if old.filled_quantity else OrderStatus.NEW, fact.at_us)
    new.filled_quantity = new.carried_quantity = old.filled_quantity
    new.filled_notional = new.carried_notional = old.filled_notional
    new.resting = fact.kept_place


def _end(order: Order, status: OrderStatus, fact: OrderCanceled | OrderExpired, reason: Reason | None) -> None:
    if _is_news(order, fact.sequence) and order.status is not status:
        _require_remaining(order, fact.remaining)
        order.move(status, fact.at_us, reason)


def _is_news(order: Order, sequence: int) -> bool:
    if sequence < order.sequence:
        return False
    order.sequence = sequence
    return True


def _require_remaining(order: Order, remaining: int) -> None:
    if order.remaining != remaining:
        raise ImpossibleMove(f"order {order.id} has {order.remaining} left where the book counts {remaining}")
