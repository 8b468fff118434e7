"""What happened to an account's cash and shares: each activity is one balanced transaction in the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from contracts.orders import Side

CURRENCY = "USD"
CLEARING: Final = "clearing"
"""Where buyer and seller meet: each side settles against it, and with both sides in it is back at zero."""
ISSUER: Final = "issuer"
"""Where granted cash and shares come from: its balances are minus all that was ever granted."""


class ActivityKind(StrEnum):
    """Alpaca's names: a fill, and journals of cash and of shares."""

    FILL = "FILL"
    CASH_GRANT = "JNLC"
    SHARE_GRANT = "JNLS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One movement between an account and `against`; changes are signed as the account sees them.

    `cash_change` in 1/10000 dollar, `share_change` in shares of `symbol`, `price` for one share. Of a fill,
    `cumulative` and `leaves` are what its order has filled and has left after it.
    """

    account_id: str
    kind: ActivityKind
    against: str
    at_us: int
    cash_change: int = 0
    share_change: int = 0
    symbol: str | None = None
    side: Side | None = None
    price: int | None = None
    order_id: str | None = None
    trade_id: str | None = None
    cumulative: int | None = None
    leaves: int | None = None
