"""Cache entries: the last prices other services look up, and what was read of markets not long ago."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from chassis.cache import Cache, drop_others
from chassis.metrics import Metrics
from chassis.views import CachedViews
from contracts.names import last_price_entry
from stock_data.domain.market import Market
from stock_data.domain.views import Depth, Ticker, version_of

_TTL_S = 3_600.0


class CachedLastPrices:
    """Last prices in the cache, for an hour; whoever misses one asks QUESTION_LAST_PRICE."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def remember(self, prices: Mapping[str, int]) -> None:
        self._cache.set_many({last_price_entry(symbol): str(price) for symbol, price in prices.items()}, _TTL_S)

    def confirm(self, prices: Mapping[str, int]) -> None:
        drop_others(self._cache, {last_price_entry(symbol): str(price) for symbol, price in prices.items()})


class CachedMarkets:
    """Tickers and depths, each shown again until its market changes."""

    def __init__(self, cache: Cache, metrics: Metrics) -> None:
        self._tickers = CachedViews("ticker", Ticker, cache, metrics)
        self._depths = CachedViews("depth", Depth, cache, metrics)

    def tell(self, markets: Collection[Market]) -> None:
        self._tickers.tell({market.symbol: version_of(market.trade_number, market.book_sequence) for market in markets})
        self._depths.tell({market.symbol: str(market.book_sequence) for market in markets})

    def confirm(self, ticker: Ticker) -> None:
        self._tickers.confirm({ticker.symbol: ticker.version})
        self._depths.confirm({ticker.symbol: str(ticker.book_sequence)})

    def tickers(self, symbols: Collection[str]) -> dict[str, Ticker]:
        return self._tickers.known(symbols)

    def remember_tickers(self, tickers: Mapping[str, Ticker]) -> None:
        self._tickers.remember({symbol: (ticker.version, ticker) for symbol, ticker in tickers.items()})

    def depth(self, symbol: str, levels: int) -> Depth | None:
        return self._depths.known([symbol], f"{levels} levels").get(symbol)

    def remember_depth(self, depth: Depth, levels: int) -> None:
        self._depths.remember({depth.symbol: (str(depth.sequence), depth)}, f"{levels} levels")
