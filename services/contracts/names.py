"""Names that two services must spell alike: cache entries and questions."""

from __future__ import annotations


def buying_power_entry(account_id: str) -> str:
    """Cache entry: the account's buying power in 1/10000 dollar, as text. Written by user_portfolio."""
    return f"buying_power:{account_id}"


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

MOST_CLOSES = 5_000
"""Symbols times windows of one QUESTION_CLOSES; more is not answered."""


def api_key_entry(key_id: str) -> str:
    """Cache entry: JSON {"secret_sha256", "account_id", "name", "is_operator"}; deleted when the key is revoked."""
    return f"api_key:{key_id}"


def session_entry(session_id: str) -> str:
    """Cache entry: "live" while the session is; deleted when it ends."""
    return f"session:{session_id}"
