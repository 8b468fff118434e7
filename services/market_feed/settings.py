"""What can be set about market_feed."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from chassis.settings import SettingsError


@dataclass(frozen=True, slots=True)
class Settings:
    """`exchange_url`: where the public API is. `market_seed`: the same one makes the same decisions.

    `market_pace`: orders per second over all traders. `market_folder`: where their passwords are kept.
    `ready_fd`: a pipe that gets the line "ready" when all traders have come in.
    """

    exchange_url: str = "http://127.0.0.1:8080"
    market: str = "on"
    market_seed: int = 1
    market_pace: float = 6.0
    market_folder: str = "data/market"
    log_level: str = "warning"
    ready_fd: int = -1
    stop_with_parent: bool = False

    def __post_init__(self) -> None:
        if self.market not in ("on", "off"):
            raise SettingsError(f"MARKET={self.market!r} is neither on nor off")
        if not 0.5 <= self.market_pace <= 200:
            raise SettingsError(f"MARKET_PACE={self.market_pace} is not between 0.5 and 200 orders per second")
        if not _is_web_address(self.exchange_url):
            raise SettingsError(f"EXCHANGE_URL={self.exchange_url!r} is not an address like http://127.0.0.1:8080")


def _is_web_address(text: str) -> bool:
    try:
        address = urlsplit(text)
        return address.scheme in ("http", "https") and bool(address.hostname) and address.port != 0
    except ValueError:
        return False
