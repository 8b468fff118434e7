"""What the API answers: Alpaca's fields, and ours where Alpaca has none. Amounts are decimal strings in dollars."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, RootModel


class Account(BaseModel):
    id: str
    account_number: str
    status: Literal["ACTIVE"] = "ACTIVE"
    currency: Literal["USD"] = "USD"
    cash: str
    cash_held: str
    """Ours: what of the cash is held for open orders."""
    buying_power: str
    regt_buying_power: str
    non_marginable_buying_power: str
    daytrading_buying_power: str = "0"
    portfolio_value: str
    equity: str
    long_market_value: str
    short_market_value: str = "0"
    position_market_value: str
    realized_pl: str
    """Ours: what all sales earned beyond the average cost of what was sold."""
    prices_stale: bool
    """Ours: whether a position is valued at an old price because no current one could be had."""
    initial_margin: str = "0"
    maintenance_margin: str = "0"
    accrued_fees: str = "0"
    multiplier: str = "1"
    shorting_enabled: bool = False
    trading_blocked: bool = False
    transfers_blocked: bool = False
    account_blocked: bool = False
    trade_suspended_by_user: bool = False
    pattern_day_trader: bool = False
    daytrade_count: int = 0
    created_at: str


class Position(BaseModel):
    asset_id: str
    symbol: str
    exchange: str = "NASDAQ"
    asset_class: str = "us_equity"
    asset_marginable: bool = False
    side: Literal["long"] = "long"
    qty: str
    qty_available: str
    avg_entry_price: str
    cost_basis: str
    market_value: str
    current_price: str
    lastday_price: str | None = None
    change_today: str = "0"
    unrealized_pl: str
    unrealized_plpc: str
    realized_pl: str
    price_stale: bool


class Activity(BaseModel):
    """A fill, or a grant of cash (JNLC) or shares (JNLS); fields that do not apply are left out."""

    id: str
    account_id: str
    activity_type: str
    transaction_time: str | None = None
    type: Literal["fill", "partial_fill"] | None = None
    price: str | None = None
    qty: str | None = None
    side: str | None = None
    symbol: str | None = None
    leaves_qty: str | None = None
    cum_qty: str | None = None
    order_id: str | None = None
    order_status: str | None = None
    trade_id: str | None = None
    date: str | None = None
    net_amount: str | None = None
    per_share_amount: str | None = None
    status: str | None = None
    description: str | None = None


class LedgerEntry(BaseModel):
    """The account's leg of one ledger transaction; an equal and opposite one stands against `against`."""

    id: str
    at: str
    activity_type: str
    asset: str
    amount: str
    against: str
    order_id: str | None
    trade_id: str | None


Positions = RootModel[list[Position]]
Activities = RootModel[list[Activity]]
LedgerEntries = RootModel[list[LedgerEntry]]
