"""Cache entries: buying power out, last prices in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from chassis.cache import Cache
from contracts.names import buying_power_entry, last_price_entry

BUYING_POWER_KEPT_S = 3_600.0


class CachedBuyingPower:
    """Leaves each account's buying power where order entry looks for it."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def tell(self, buying_power: Mapping[str, int]) -> None:
        entries = {buying_power_entry(account_id): str(amount) for account_id, amount in buying_power.items()}
        self._cache.set_many(entries, BUYING_POWER_KEPT_S)


class CachedPrices:
    """The last prices that stock_data left in the cache."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def last(self, symbols: Iterable[str]) -> dict[str, int]:
        entries = {last_price_entry(symbol): symbol for symbol in symbols}
        return {entries[key]: int(price) for key, price in self._cache.get_many(entries).items()}
