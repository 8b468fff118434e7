"""Money and prices as integers of 1/10000 dollar, and their decimal strings."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NewType

Money = NewType("Money", int)
"""An amount in 1/10000 dollar; may be negative."""

Price = NewType("Price", int)
"""A price for one share in 1/10000 dollar; always positive."""

Quantity = NewType("Quantity", int)
"""A count of whole shares; never negative."""

UNITS_PER_DOLLAR = 10_000
LARGEST_QUANTITY = 100_000_000
"""Shares of one order, and of one symbol that an account starts with."""
LARGEST_PRICE = Price(1_000_000 * UNITS_PER_DOLLAR)
LARGEST_ORDER_VALUE = Money(LARGEST_QUANTITY * LARGEST_PRICE)
"""10^18, which PostgreSQL's bigint holds nine times: whatever one order trades, or an account is granted, fits."""
LARGEST_MONEY = Money(2**62)
"""All the cash that is ever issued, so no account can have more of it; half of bigint."""

_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,20}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})")


def units(value: Decimal) -> int:
    """Turn dollars into 1/10000 dollars; ValueError if it is not finite or finer than that."""
    if not value.is_finite():
        raise ValueError("not a finite number")
    scaled = value.scaleb(4)
    if scaled != scaled.to_integral_value():
        raise ValueError("finer than 1/10000 dollar")
    return int(scaled)


def parse_decimal(text: str) -> Decimal:
    """Read plain decimal notation of at most 20 digits a side; ValueError for all else (no 1e9, no NaN)."""
    if not _DECIMAL.fullmatch(text):
        raise ValueError("not a decimal number")
    return Decimal(text)


def dollars(amount: int, places: int = 2) -> str:
    """Write 1/10000 dollars as a decimal string with at least `places` decimals: 1000500 -> "100.05"."""
    sign, amount = ("-", -amount) if amount < 0 else ("", amount)
    whole, part = divmod(amount, UNITS_PER_DOLLAR)
    decimals = f"{part:04d}".rstrip("0").ljust(places, "0")
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"
