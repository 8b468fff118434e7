"""What can be set about order_matching."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.settings import SettingsError, require_days
from order_matching.domain.book import SelfTrade


@dataclass(frozen=True, slots=True)
class Settings:
    """`self_trade`: what happens to an order that would trade with its own account: refuse or cancel_newest.

    `expiry_every_s`: how often day orders are looked through. `closed_orders_kept_days`: 0 is for ever.
    """

    self_trade: str = SelfTrade.REFUSE.value
    expiry_every_s: float = 1.0
    closed_orders_kept_days: int = 7

    def __post_init__(self) -> None:
        if self.self_trade not in list(SelfTrade):
            raise SettingsError(f"SELF_TRADE={self.self_trade!r} is neither {' nor '.join(SelfTrade)}")
        if not 0 < self.expiry_every_s <= 3_600:
            raise SettingsError(f"EXPIRY_EVERY_S={self.expiry_every_s} is not between 0 and 3600")
        require_days("CLOSED_ORDERS_KEPT_DAYS", self.closed_orders_kept_days)
