"""Orders, wishes and facts for tests; what a test does not care about is filled in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from contracts.facts import (
    CancelRefused,
    InstrumentListed,
    OrderCanceled,
    OrderExpired,
    OrderFilled,
    OrderRefused,
    OrderReplaced,
    OrderRested,
    Reason,
    ReplaceRefused,
)
from contracts.orders import OrderType, Side, TimeInForce
from contracts.refusals import Refused
from stock_ordering.domain.order import Order
from stock_ordering.domain.wishes import Instrument, PlaceOrder
from stock_ordering.ports import Placement

ALICE = str(UUID(int=0xA11CE))
BOB = str(UUID(int=0xB0B))
NOW_US = 1_750_000_000_000_000
AAPL = Instrument("AAPL", str(UUID(int=0xAA91)), tick=100, lot=1, reference_price=1_000_000)


def uid(number: int) -> str:
    """A readable id: the number at the end of zeros."""
    return str(UUID(int=number))


def an_order(number: int = 1, **given: Any) -> Order:
    """A pending limit order to buy 10 AAPL at 100 dollars."""
    order_id = uid(number)
    fields: dict[str, Any] = {
        "id": order_id,
        "account_id": ALICE,
        "client_order_id": order_id,
        "symbol": "AAPL",
        "asset_id": AAPL.asset_id,
        "side": Side.BUY,
        "type": OrderType.LIMIT,
        "time_in_force": TimeInForce.GTC,
        "quantity": 10,
        "limit_price": 1_000_000,
        "price": 1_000_000,
        "expires_at_us": None,
        "replaces": None,
        "created_at_us": NOW_US,
        "updated_at_us": NOW_US,
    }
    return Order(**{**fields, **given})


def a_wish(**given: Any) -> PlaceOrder:
    """To buy 10 AAPL at 100 dollars."""
    fields: dict[str, Any] = {
        "account_id": ALICE,
        "symbol": "AAPL",
        "side": Side.BUY,
        "type": OrderType.LIMIT,
        "time_in_force": TimeInForce.GTC,
        "quantity": 10,
        "limit_price": 1_000_000,
    }
    return PlaceOrder(**{**fields, **given})


def placement(order: Order, judged: Order | Refused | None = None) -> Placement:
    """The wish for this order, judged: accepted as it is, or else as told."""
    wish = a_wish(
        account_id=order.account_id,
        client_order_id=order.client_order_id,
        symbol=order.symbol,
        side=order.side,
        type=order.type,
        time_in_force=order.time_in_force,
        quantity=order.quantity,
        limit_price=order.limit_price,
    )
    return Placement(order.account_id, wish, judged or order)


def listed(symbol: str = "AAPL", **given: Any) -> InstrumentListed:
    fields: dict[str, Any] = {
        "symbol": symbol,
        "asset_id": AAPL.asset_id,
        "name": symbol,
        "tick": 100,
        "lot": 1,
        "reference_price": 1_000_000,
        "at_us": 1,
    }
    return InstrumentListed(**{**fields, **given})


def _about(order_id: str, sequence: int) -> dict[str, Any]:
    whose = {"order_id": order_id, "account_id": ALICE, "symbol": "AAPL"}
    return {**whose, "sequence": sequence, "at_us": NOW_US + 1_000 + sequence}


def rested(order_id: str, remaining: int = 10, sequence: int = 1) -> OrderRested:
    return OrderRested(**_about(order_id, sequence), remaining=remaining)


def filled(
    order_id: str, quantity: int, remaining: int, sequence: int = 2, at: int = 1_000_000, **given: Any
) -> OrderFilled:
    fields: dict[str, Any] = {
        **_about(order_id, sequence),
        "side": Side.BUY,
        "trade_id": uid(1_000 * sequence + remaining),
        "quantity": quantity,
        "price": at,
        "remaining": remaining,
        "is_maker": True,
    }
    return OrderFilled(**{**fields, **given})


def canceled(order_id: str, remaining: int = 10, sequence: int = 9, reason: Reason = Reason.REQUESTED) -> OrderCanceled:
    return OrderCanceled(**_about(order_id, sequence), remaining=remaining, reason=reason)


def expired(order_id: str, remaining: int = 10, sequence: int = 9) -> OrderExpired:
    return OrderExpired(**_about(order_id, sequence), remaining=remaining)


def refused(order_id: str, reason: Reason = Reason.INSUFFICIENT_BUYING_POWER, sequence: int = 0) -> OrderRefused:
    return OrderRefused(**_about(order_id, sequence), reason=reason)


def cancel_refused(order_id: str, sequence: int = 9) -> CancelRefused:
    return CancelRefused(**_about(order_id, sequence), reason=Reason.ORDER_NOT_OPEN)


def replaced(old_id: str, new_id: str, remaining: int, sequence: int = 5, kept_place: bool = True) -> OrderReplaced:
    about = _about(new_id, sequence)
    return OrderReplaced(**about, replaces=old_id, remaining=remaining, price=1_000_000, kept_place=kept_place)


def replace_refused(old_id: str, new_id: str, sequence: int = 0) -> ReplaceRefused:
    return ReplaceRefused(**_about(new_id, sequence), replaces=old_id, reason=Reason.ORDER_NOT_OPEN)
