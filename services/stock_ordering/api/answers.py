"""How orders and fills are told, in Alpaca's shape: decimal strings, times in RFC 3339."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

from pydantic import RootModel

from chassis.answers import Answer, ErrorBody, Time
from contracts.facts import Reason
from contracts.money import dollars
from contracts.orders import OrderStatus, OrderType, Side, TimeInForce
from contracts.refusals import Refusal, Refused
from stock_ordering.domain.order import Fill, Order
from stock_ordering.domain.trading_day import can_rest

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_SENTENCES: dict[Reason, str] = {
    Reason.INSUFFICIENT_BUYING_POWER: "The account's buying power did not cover the order.",
    Reason.INSUFFICIENT_SHARES: "The account did not have that many shares to sell.",
    Reason.REQUESTED: "Canceled as requested.",
    Reason.NOTHING_TO_MATCH: "Nothing was left to trade with at once.",
    Reason.CANNOT_FILL_COMPLETELY: "The order could not be filled completely at once.",
    Reason.TOO_LATE_TO_ENTER: "The order was to trade at once, and had been on its way for too long to do that.",
    Reason.SELF_TRADE: "The order would have traded with another order of the same account.",
    Reason.SYMBOL_HALTED: "Trading in the symbol was halted.",
    Reason.ALREADY_FILLED: "So many shares had filled already that nothing was left to replace.",
    Reason.ORDER_NOT_OPEN: "The order to replace was no longer open.",
}


_REFUSALS: dict[Reason, Refusal] = {
    Reason.INSUFFICIENT_BUYING_POWER: Refusal.INSUFFICIENT_BUYING_POWER,
    Reason.INSUFFICIENT_SHARES: Refusal.INSUFFICIENT_SHARES,
    Reason.SELF_TRADE: Refusal.SELF_TRADE,
    Reason.SYMBOL_HALTED: Refusal.SYMBOL_HALTED,
    Reason.ORDER_NOT_OPEN: Refusal.NOT_OPEN,
}
"""What a rejected order would have been refused with, had that been known at once; any other is not allowed."""


class OrderAnswer(Answer):
    """An order. Ours beside Alpaca's: `reason`, `reason_message` and `cancel_requested_at`."""

    id: str
    client_order_id: str
    created_at: Time
    updated_at: Time
    submitted_at: Time
    filled_at: Time | None
    expired_at: Time | None
    expires_at: Time | None
    canceled_at: Time | None
    failed_at: Time | None
    replaced_at: Time | None
    replaced_by: str | None
    replaces: str | None
    cancel_requested_at: Time | None
    asset_id: str
    symbol: str
    asset_class: Literal["us_equity"]
    notional: None
    qty: str
    filled_qty: str
    filled_avg_price: str | None
    order_class: Literal[""]
    order_type: OrderType
    type: OrderType
    side: Side
    time_in_force: TimeInForce
    limit_price: str | None
    stop_price: None
    trail_price: None
    trail_percent: None
    hwm: None
    legs: None
    extended_hours: bool
    status: OrderStatus
    reason: Reason | None
    reason_message: str | None


class OrdersAnswer(RootModel[list[OrderAnswer]]):
    """Orders in the order asked for."""


class AcceptedAnswer(Answer):
    """An order of a batch that was accepted."""

    status: Literal[200]
    order: OrderAnswer


class RefusedAnswer(Answer):
    """An order of a batch that was refused; `status` is what it would have been answered with alone."""

    status: int
    error: ErrorBody


class BatchAnswer(Answer):
    """One entry per order of the batch, in its order: `status`, and `order` or `error`."""

    orders: list[AcceptedAnswer | RefusedAnswer]


class FillAnswer(Answer):
    """One side of one trade."""

    trade_id: str
    qty: str
    price: str
    leaves_qty: str
    role: Literal["maker", "taker"]
    transaction_time: Time


class FillsAnswer(RootModel[list[FillAnswer]]):
    """Fills, oldest first."""


class CanceledAnswer(Answer):
    """`status` 200: the cancel of this order is on its way to the book."""

    id: str
    status: Literal[200]


class AllCanceledAnswer(RootModel[list[CanceledAnswer]]):
    """Orders whose cancel was asked for."""


def order_answer(order: Order) -> dict[str, Any]:
    """An order as OrderAnswer says."""
    created_at, ended_at = rfc3339(order.created_at_us), rfc3339(order.ended_at_us)
    average = order.average_price()
    status = order.status
    return {
        "id": order.id,
        "client_order_id": order.client_order_id,
        "created_at": created_at,
        "updated_at": rfc3339(order.updated_at_us),
        "submitted_at": created_at,
        "filled_at": ended_at if status is OrderStatus.FILLED else None,
        "expired_at": ended_at if status is OrderStatus.EXPIRED else None,
        "expires_at": rfc3339(order.expires_at_us) if can_rest(order.type, order.time_in_force) else None,
        "canceled_at": ended_at if status is OrderStatus.CANCELED else None,
        "failed_at": ended_at if status is OrderStatus.REJECTED else None,
        "replaced_at": ended_at if status is OrderStatus.REPLACED else None,
        "replaced_by": order.replaced_by,
        "replaces": order.replaces,
        "cancel_requested_at": rfc3339(order.cancel_requested_at_us),
        "asset_id": order.asset_id,
        "symbol": order.symbol,
        "asset_class": "us_equity",
        "notional": None,
        "qty": str(order.quantity),
        "filled_qty": str(order.filled_quantity),
        "filled_avg_price": None if average is None else dollars(average),
        "order_class": "",
        "order_type": order.type,
        "type": order.type,
        "side": order.side,
        "time_in_force": order.time_in_force,
        "limit_price": None if order.limit_price is None else dollars(order.limit_price),
        "stop_price": None,
        "trail_price": None,
        "trail_percent": None,
        "hwm": None,
        "legs": None,
        "extended_hours": False,
        "status": status,
        "reason": order.reason,
        "reason_message": None if order.reason is None else _SENTENCES[order.reason],
    }


def refusal_of(order: Order) -> Refused | None:
    """The refusal of an order that the hold or the book has rejected, with the order itself; None for any other."""
    if order.status is not OrderStatus.REJECTED or order.reason is None:
        return None
    refusal = _REFUSALS.get(order.reason, Refusal.ORDER_NOT_ALLOWED)
    return Refused(refusal, _SENTENCES[order.reason], order=order_answer(order))


def outcome_answer(outcome: Order | Refused) -> dict[str, Any]:
    """One entry of a BatchAnswer."""
    if isinstance(outcome, Order):
        refused = refusal_of(outcome)
        if refused is None:
            return {"status": 200, "order": order_answer(outcome)}
        outcome = refused
    answer = outcome.refusal.value
    error = {"code": answer.number, "name": outcome.refusal.name.lower(), "message": outcome.message}
    return {"status": answer.status, "error": {**error, **outcome.details}}


def fill_answer(fill: Fill) -> dict[str, Any]:
    """A fill as FillAnswer says."""
    return {
        "trade_id": fill.trade_id,
        "qty": str(fill.quantity),
        "price": dollars(fill.price),
        "leaves_qty": str(fill.remaining),
        "role": "maker" if fill.is_maker else "taker",
        "transaction_time": rfc3339(fill.at_us),
    }


@lru_cache(maxsize=4_096)
def rfc3339(at_us: int | None) -> str | None:
    """UTC with microseconds and Z; a moment is told many times, so the text is kept."""
    if at_us is None:
        return None
    return (_EPOCH + timedelta(microseconds=at_us)).isoformat(timespec="microseconds").replace("+00:00", "Z")
