"""Cache entries out: the last prices other services look up."""

from __future__ import annotations

from collections.abc import Mapping

from chassis.cache import Cache
from contracts.names import last_price_entry

_TTL_S = 3_600.0


class CachedLastPrices:
    """Last prices in the cache, for an hour; whoever misses one asks QUESTION_LAST_PRICE."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def remember(self, prices: Mapping[str, int]) -> None:
        self._cache.set_many({last_price_entry(symbol): str(price) for symbol, price in prices.items()}, _TTL_S)
