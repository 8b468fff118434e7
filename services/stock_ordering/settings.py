"""What an operator can set for order entry."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chassis.settings import SettingsError, require_days
from stock_ordering.domain.trading_day import Ends

_TIME_OF_DAY = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


@dataclass(frozen=True, slots=True)
class Settings:
    """`collar_percent`: how far from the last price a market order may trade, 1 to 99.

    `day_ends_utc`: HH:MM at which day orders expire. `largest_wait_s`: the longest `Prefer: wait` honoured.
    `orders_per_second_per_account`: more are refused, 0 is no limit. `batch_step`: so many orders of batches are placed
    at once, shared by the batches under way, the next ones when those have come through the book; 0 is all.
    `open_orders_per_account`, `orders_per_day_per_account`: more are refused, 0 is no limit; replacements are counted
    for the day.
    `immediate_order_max_age_s`: as long as an order that trades at once or not at all may be on its way.
    `gather_ms`: single orders are stored every so often at most, all that have come together in one transaction.
    `untraded_orders_kept_days`: of orders that were refused or ended without a trade, after their end; 0 is for ever.
    """

    collar_percent: int = 10
    day_ends_utc: str = "00:00"
    largest_wait_s: float = 30.0
    orders_per_second_per_account: int = 100
    batch_step: int = 100
    open_orders_per_account: int = 5_000
    orders_per_day_per_account: int = 200_000
    gather_ms: float = 50.0
    untraded_orders_kept_days: int = 7
    immediate_order_max_age_s: float = 30.0

    def __post_init__(self) -> None:
        if not 1 <= self.collar_percent <= 99:
            raise SettingsError(f"COLLAR_PERCENT={self.collar_percent} is not between 1 and 99")
        if not _TIME_OF_DAY.fullmatch(self.day_ends_utc):
            raise SettingsError(f"DAY_ENDS_UTC={self.day_ends_utc!r} is not a time like 21:00")
        if not 0 <= self.largest_wait_s <= 300:
            raise SettingsError(f"LARGEST_WAIT_S={self.largest_wait_s} is not between 0 and 300")
        for name in (
            "orders_per_second_per_account",
            "batch_step",
            "open_orders_per_account",
            "orders_per_day_per_account",
        ):
            if getattr(self, name) < 0:
                raise SettingsError(f"{name.upper()}={getattr(self, name)} is less than 0")
        if not 0 <= self.gather_ms <= 1_000:
            raise SettingsError(f"GATHER_MS={self.gather_ms} is not between 0 and 1000")
        require_days("UNTRADED_ORDERS_KEPT_DAYS", self.untraded_orders_kept_days)
        if not 1 <= self.immediate_order_max_age_s <= 86_400:
            raise SettingsError(
                f"IMMEDIATE_ORDER_MAX_AGE_S={self.immediate_order_max_age_s} is not between 1 and 86400"
            )

    @property
    def ends(self) -> Ends:
        """When orders end by themselves."""
        hours, minutes = self.day_ends_utc.split(":")
        return Ends(int(hours) * 60 + int(minutes), int(self.immediate_order_max_age_s * 1_000_000))
