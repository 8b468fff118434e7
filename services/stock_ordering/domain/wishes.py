"""What an account can wish for, and the instruments it can wish for."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.orders import OrderType, Side, TimeInForce


@dataclass(frozen=True, slots=True)
class Instrument:
    """What is traded. `tick` in 1/10000 dollar, `lot` in shares."""

    symbol: str
    asset_id: str
    tick: int
    lot: int
    reference_price: int
    halted: bool = False


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    """The wish for a new order. `limit_price` is None exactly for a market order."""

    account_id: str
    symbol: str
    side: Side
    type: OrderType
    time_in_force: TimeInForce
    quantity: int
    limit_price: int | None = None
    client_order_id: str | None = None


@dataclass(frozen=True, slots=True)
class ReplaceOrder:
    """The wish to change an open order; what is None stays as it is."""

    account_id: str
    order_id: str
    quantity: int | None = None
    limit_price: int | None = None
    time_in_force: TimeInForce | None = None
    client_order_id: str | None = None
