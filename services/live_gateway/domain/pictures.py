"""How facts look to a client: the shapes of docs/live.md, prices as decimal strings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from contracts import facts
from contracts.money import dollars
from contracts.orders import OrderType

Picture = dict[str, Any]

OrderFact = (
    facts.OrderPlaced
    | facts.OrderRefused
    | facts.OrderRested
    | facts.OrderFilled
    | facts.OrderCanceled
    | facts.OrderExpired
    | facts.OrderReplaced
    | facts.ReplaceRequested
    | facts.ReplaceRefused
    | facts.CancelRequested
    | facts.CancelRefused
)

ORDER_EVENTS: Mapping[type, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        facts.OrderPlaced: ("placed", ("side", "type", "time_in_force", "price")),
        facts.OrderRefused: ("rejected", ("reason",)),
        facts.OrderRested: ("rested", ("remaining",)),
        facts.OrderFilled: ("filled", ("side", "trade_id", "quantity", "price", "remaining", "is_maker")),
        facts.OrderCanceled: ("canceled", ("remaining", "reason")),
        facts.OrderExpired: ("expired", ("remaining",)),
        facts.OrderReplaced: ("replaced", ("replaces", "remaining", "price", "kept_place")),
        facts.ReplaceRequested: ("replace_requested", ("replaces", "side", "time_in_force", "price")),
        facts.ReplaceRefused: ("replace_rejected", ("replaces", "reason")),
        facts.CancelRequested: ("cancel_requested", ()),
        facts.CancelRefused: ("cancel_rejected", ("reason",)),
    }
)
"""Fact about an order → name of the event, and the fields it shows beside those all events have."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant(at_us: int) -> str:
    """Microseconds since 1970 as RFC 3339 in UTC."""
    moment = _EPOCH + timedelta(microseconds=at_us)
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z"


def order_event(fact: OrderFact) -> Picture:
    """What happened to one order."""
    event, about = ORDER_EVENTS[type(fact)]
    shown: Picture = {
        "event": event,
        "order_id": fact.order_id,
        "symbol": fact.symbol,
        "sequence": getattr(fact, "sequence", 0),
        "at": instant(fact.at_us),
    }
    for name in about:
        value = getattr(fact, name)
        shown[name] = dollars(value) if name == "price" else value
    if isinstance(fact, facts.OrderPlaced | facts.ReplaceRequested):
        shown["qty"] = fact.quantity
        is_market = isinstance(fact, facts.OrderPlaced) and fact.type is OrderType.MARKET
        shown["limit_price"] = None if is_market else dollars(fact.price)
    return shown


def price(trade: facts.TradeExecuted) -> Picture:
    """A symbol's last trade, but for the volume that leads up to it."""
    return {
        "price": dollars(trade.price),
        "size": trade.quantity,
        "number": trade.number,
        "at": instant(trade.at_us),
    }


def trade_print(trade: facts.TradeExecuted) -> Picture:
    """A trade on the tape."""
    return {
        "number": trade.number,
        "price": dollars(trade.price),
        "size": trade.quantity,
        "taker_side": trade.taker_side,
        "at": instant(trade.at_us),
    }


def level(changed: facts.Level) -> tuple[str, str, int, int]:
    """All that stands at one price: side, price, quantity (0: nothing any more), number of orders."""
    return changed.side, dollars(changed.price), changed.quantity, changed.orders
