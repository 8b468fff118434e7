"""What the API answers: Alpaca's fields, and ours where Alpaca has none. Amounts are decimal strings in dollars."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, RootModel

from chassis.answers import Answer, Day, Number, Time
from contracts.orders import Side
from user_portfolio.domain.activities import ActivityKind


class Account(Answer):
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
    last_equity: str | None
    """Equity when the UTC day began, or what the account was opened with since; null while past prices are unknown."""
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
    created_at: Time


class Position(Answer):
    """Shares of one symbol. What compares with yesterday is null where there is no price of yesterday."""

    asset_id: str
    symbol: str
    exchange: Literal["NASDAQ"] = "NASDAQ"
    asset_class: Literal["us_equity"] = "us_equity"
    asset_marginable: bool = False
    side: Literal["long"] = "long"
    qty: str
    qty_available: str
    avg_entry_price: str
    cost_basis: str
    market_value: str
    current_price: str
    lastday_price: str | None = None
    change_today: str | None = None
    unrealized_pl: str
    unrealized_plpc: str
    realized_pl: str
    """Ours: what sales of the symbol earned beyond the average cost of what was sold."""
    price_stale: bool
    """Ours: whether `current_price` is an old one because no current one could be had."""


class PortfolioHistory(Answer):
    """What the account was worth: a number per window of `timeframe`, which `timestamp` (seconds) is the start of.

    `equity` is that at the window's end, or now. `profit_loss` counts from `base_value`, the equity when the first
    window began (or what the account was opened with in it), grants left out; `profit_loss_pct` is its ratio to that.
    `cashflow` has the grants of each window, by activity type, as far as asked for.
    """

    timestamp: list[int]
    equity: list[Number]
    profit_loss: list[Number]
    profit_loss_pct: list[Number]
    base_value: Number
    timeframe: Literal["1Min", "5Min", "15Min", "1H", "1D"]
    cashflow: dict[str, list[Number]]


class FillActivity(Answer):
    """One side of a trade; `leaves_qty` and `cum_qty` are what its order had left and had filled after it."""

    id: str
    account_id: str
    activity_type: Literal["FILL"] = "FILL"
    transaction_time: Time
    type: Literal["fill", "partial_fill"]
    price: str
    qty: str
    side: Side
    symbol: str
    leaves_qty: str
    cum_qty: str
    order_id: str
    order_status: Literal["filled", "partially_filled"]
    trade_id: str


class CashGrant(Answer):
    """Cash the exchange gave."""

    id: str
    account_id: str
    activity_type: Literal["JNLC"] = "JNLC"
    date: Day
    net_amount: str
    status: Literal["executed"] = "executed"
    description: str = "Starting cash"


class ShareGrant(Answer):
    """Shares the exchange gave, and the price their cost is counted at."""

    id: str
    account_id: str
    activity_type: Literal["JNLS"] = "JNLS"
    date: Day
    net_amount: str
    symbol: str
    qty: str
    per_share_amount: str
    status: Literal["executed"] = "executed"
    description: str = "Starting shares"


Activity = FillActivity | CashGrant | ShareGrant


class LedgerEntry(Answer):
    """The account's leg of one ledger transaction; an equal and opposite one stands against `against`."""

    id: str
    at: Time
    activity_type: ActivityKind
    asset: str
    """USD or a symbol."""
    amount: str
    against: Literal["clearing", "issuer"]
    order_id: str | None
    trade_id: str | None


class Positions(RootModel[list[Position]]):
    """Every position, by symbol."""


class Activities(RootModel[list[Annotated[Activity, Field(discriminator="activity_type")]]]):
    """A page of activities."""


class LedgerEntries(RootModel[list[LedgerEntry]]):
    """A page of ledger entries."""
