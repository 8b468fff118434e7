"""The exchange never closes; its trading day ends once every 24 hours, and day orders with it."""

from __future__ import annotations

_MINUTE_US = 60_000_000
_DAY_US = 24 * 60 * _MINUTE_US


def next_end_us(at_us: int, ends_minute: int) -> int:
    """The first end of a trading day after `at_us`; `ends_minute` counts from midnight UTC."""
    ends_us = ends_minute * _MINUTE_US
    return ((at_us - ends_us) // _DAY_US + 1) * _DAY_US + ends_us
