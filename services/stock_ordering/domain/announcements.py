"""The facts that tell the other services what was accepted."""

from __future__ import annotations

from contracts.facts import CancelRequested, OrderPlaced, ReplaceRequested
from contracts.orders import OrderType, TimeInForce
from stock_ordering.domain.order import Order


def placed(order: Order) -> OrderPlaced:
    """The fact that announces the order. A market order never rests, so it travels as IOC unless it is FOK."""
    rests_never = order.type is OrderType.MARKET and order.time_in_force is not TimeInForce.FOK
    return OrderPlaced(
        order_id=order.id,
        account_id=order.account_id,
        symbol=order.symbol,
        side=order.side,
        type=order.type,
        time_in_force=TimeInForce.IOC if rests_never else order.time_in_force,
        quantity=order.quantity,
        price=order.price,
        expires_at_us=order.expires_at_us,
        at_us=order.created_at_us,
    )


def replace_requested(order: Order, replaces: str) -> ReplaceRequested:
    """The fact that announces a replacement."""
    return ReplaceRequested(
        order_id=order.id,
        replaces=replaces,
        account_id=order.account_id,
        symbol=order.symbol,
        side=order.side,
        time_in_force=order.time_in_force,
        quantity=order.quantity,
        price=order.price,
        expires_at_us=order.expires_at_us,
        at_us=order.created_at_us,
    )


def cancel_requested(order: Order, at_us: int) -> CancelRequested:
    """The fact that asks the book to let go of the order."""
    return CancelRequested(order_id=order.id, account_id=order.account_id, symbol=order.symbol, at_us=at_us)
