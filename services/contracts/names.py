"""Names that two services must spell alike: cache entries and questions."""

from __future__ import annotations


def buying_power_entry(account_id: str) -> str:
    """Cache entry: the account's buying power in 1/10000 dollar, as text. Written by user_portfolio."""
    return f"buying_power:{account_id}"


def available_shares_entry(account_id: str, symbol: str) -> str:
    """Cache entry: shares of the symbol that the account could sell, as text. Written by user_portfolio."""
    return f"available_shares:{account_id}:{symbol}"


def last_price_entry(symbol: str) -> str:
    """Cache entry: the symbol's last price in 1/10000 dollar, as text. Written by stock_data."""
    return f"last_price:{symbol}"


QUESTION_RESOLVE_KEY = "resolve_key"
"""{"key_id", "secret"} -> {"account_id", "name", "is_operator"} or {} when they do not fit. By user_accounts."""

QUESTION_SESSION_IS_LIVE = "session_is_live"
"""{"session_id"} -> {"live": bool}: false once logged out or revoked. By user_accounts."""

QUESTION_LAST_PRICE = "last_price"
"""{"symbol"} -> {"price": int in 1/10000 dollar} or {} for an unknown symbol. By stock_data."""

QUESTION_CLOSES = "closes"
"""{"symbols", "span_s", "first", "last"} -> {"closes": {symbol: {"reference": int, "before": int or null, "windows":
[[window, int], ...]}}}, in 1/10000 dollar. By stock_data.

Windows are `span_s` seconds long (whole minutes) and counted since 1970; `first` and `last` are included. Told is the
last price in each window that had one, that before the first window, and the price to go by while there was none. An
unknown symbol is left out.
"""

QUESTION_FUNDS = "funds"
"""{"account_id", "symbols", "orders"} -> {"buying_power", "cash_held", "available": {symbol: int}, "shares_held",
"known"}, or {} for an unknown account. By user_portfolio.

`shares_held` is over all symbols, `known` are those of the orders that were held for or refused.
"""

QUESTION_ORDER_APPLIED = "order_applied"
"""{"order_id", "filled", "has_ended"} -> {"applied": bool}: whether cash and shares are as they are after so many
shares of the order have filled, and after its end. By user_portfolio, which shows no older view from then on.
"""

QUESTION_TRADE_RECORDED = "trade_recorded"
"""{"symbol", "trade_id", "at_us"} -> {"recorded": bool}: whether the trade is on the tape. By stock_data, which shows
no older last price, quote or book of the symbol from then on.
"""

MOST_CLOSES = 5_000
"""Symbols times windows of one QUESTION_CLOSES; more is not answered."""


def api_key_entry(key_id: str) -> str:
    """Cache entry: JSON {"secret_sha256", "account_id", "name", "is_operator"}; deleted when the key is revoked."""
    return f"api_key:{key_id}"


def session_entry(session_id: str) -> str:
    """Cache entry: "live" while the session is; deleted when it ends."""
    return f"session:{session_id}"
