"""Cache entries: what accounts can spend out, last prices in, and how accounts stood when they were last looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from chassis.cache import Cache
from chassis.metrics import Metrics
from chassis.views import CachedViews
from contracts.names import available_shares_entry, buying_power_entry, last_price_entry
from user_portfolio.domain.portfolio import Portfolio
from user_portfolio.domain.valuation import Holdings

FUNDS_KEPT_S = 3_600.0


class CachedFunds:
    """Leaves what each account can spend where order entry looks for it."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def tell(self, portfolios: Iterable[Portfolio]) -> None:
        entries: dict[str, str] = {}
        for portfolio in portfolios:
            account_id = portfolio.account_id
            entries[buying_power_entry(account_id)] = str(portfolio.buying_power)
            for symbol, position in portfolio.positions.items():
                entries[available_shares_entry(account_id, symbol)] = str(position.available)
        self._cache.set_many(entries, FUNDS_KEPT_S)


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

    def confirm(self, versions: Mapping[str, str]) -> None:
        self._views.confirm(versions)

    def holdings(self, account_id: str) -> Holdings | None:
        return self._views.known([account_id]).get(account_id)

    def remember(self, holdings: Holdings) -> None:
        if holdings.version is not None:
            self._views.remember({holdings.account_id: (holdings.version, holdings)})
