"""What a new account starts with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

EVERY_SYMBOL = "*"


@dataclass(frozen=True, slots=True)
class Instrument:
    """A listed symbol; `reference_price` in 1/10000 dollar."""

    symbol: str
    asset_id: str
    name: str
    reference_price: int


@dataclass(frozen=True, slots=True)
class Grant:
    """Cash in 1/10000 dollar and shares by symbol, `EVERY_SYMBOL` standing for all that are not named."""

    cash: int
    shares: Mapping[str, int]

    def shares_of(self, symbol: str) -> int:
        return self.shares.get(symbol, self.shares.get(EVERY_SYMBOL, 0))
