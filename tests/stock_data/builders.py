"""Facts as a market tells them; a test says only what matters to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from contracts.facts import BookChanged, Level, TradeExecuted
from contracts.orders import Side
from stock_data.domain.instruments import Listing

NOON_US = 1_750_000_000_000_000 // 86_400_000_000 * 86_400_000_000 + 43_200_000_000
MINUTE_US = 60_000_000


def trade(number: int, price: int = 100, quantity: int = 10, **other: Any) -> TradeExecuted:
    """A trade of AAPL at noon; `price` in dollars."""
    fields: dict[str, Any] = {
        "trade_id": str(UUID(int=number)),
        "symbol": "AAPL",
        "taker_side": Side.BUY,
        "maker_order_id": str(UUID(int=1)),
        "taker_order_id": str(UUID(int=2)),
        "sequence": number,
        "at_us": NOON_US,
        **other,
    }
    return TradeExecuted(number=number, price=price * 10_000, quantity=quantity, **fields)


def bid(price: int, quantity: int, orders: int = 1) -> Level:
    return Level(Side.BUY, price * 10_000, quantity, orders if quantity else 0)


def ask(price: int, quantity: int, orders: int = 1) -> Level:
    return Level(Side.SELL, price * 10_000, quantity, orders if quantity else 0)


def change(sequence: int, levels: Sequence[Level], previous: int | None = None, **other: Any) -> BookChanged:
    """A change of AAPL's book at noon that follows the command before it."""
    fields: dict[str, Any] = {"symbol": "AAPL", "at_us": NOON_US, **other}
    known = sequence - 1 if previous is None else previous
    return BookChanged(levels=tuple(levels), previous_sequence=known, sequence=sequence, **fields)


def listing(symbol: str = "AAPL", **other: Any) -> Listing:
    fields: dict[str, Any] = {"name": f"{symbol} Inc.", "reference_price": 1_900_000, **other}
    return Listing(symbol=symbol, **fields)
