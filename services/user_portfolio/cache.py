"""Cache entries: buying power out, last prices in, and how accounts stood when they were last looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from chassis.cache import Cache
from chassis.metrics import Metrics
from chassis.views import CachedViews
from contracts.names import buying_power_entry, last_price_entry
from user_portfolio.domain.valuation import Holdings

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


class CachedHoldings:
    """How an account stands in the books, shown again until it changes."""

    def __init__(self, cache: Cache, metrics: Metrics) -> None:
        self._views = CachedViews("holdings", Holdings, cache, metrics)

    def tell(self, versions: Mapping[str, str]) -> None:
        self._views.tell(versions)

    def holdings(self, account_id: str) -> Holdings | None:
        return self._views.known([account_id]).get(account_id)

    def remember(self, holdings: Holdings) -> None:
        if holdings.version is not None:
            self._views.remember({holdings.account_id: (holdings.version, holdings)})
