"""What is remembered outside of the database: cache entries of other services, and the instruments in memory."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from chassis.cache import Cache
from chassis.database import TRANSIENT
from contracts.names import buying_power_entry, last_price_entry
from contracts.refusals import Refusal, Refused
from stock_ordering.domain.wishes import Instrument

_FRESH_S = 1.0


class CachedBuyingPower:
    """Buying power as user_portfolio last wrote it."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def buying_power(self, account_id: str) -> int | None:
        entry = buying_power_entry(account_id)
        text = self._cache.get_many([entry]).get(entry)
        return None if text is None else int(text)


class CachedLastPrices:
    """Last prices as stock_data last wrote them; what is missing is asked for."""

    def __init__(self, cache: Cache, ask: Callable[[Instrument], int]) -> None:
        self._cache = cache
        self._ask = ask

    def last_prices(self, instruments: Sequence[Instrument]) -> dict[str, int]:
        entries = {instrument.symbol: last_price_entry(instrument.symbol) for instrument in instruments}
        cached = self._cache.get_many(entries.values()) if entries else {}
        return {
            instrument.symbol: int(cached[entry])
            if (entry := entries[instrument.symbol]) in cached
            else self._ask(instrument)
            for instrument in instruments
        }


class InstrumentBoard:
    """Every instrument by symbol, read again when older than a second or when told that it changed."""

    def __init__(self, load: Callable[[], list[Instrument]], fresh_s: float = _FRESH_S) -> None:
        self._load = load
        self._fresh_s = fresh_s
        self._by_symbol: dict[str, Instrument] = {}
        self._stale_at_s = 0.0
        self._lock = threading.Lock()

    def get(self, symbol: str) -> Instrument | None:
        """The instrument; Refused(UNAVAILABLE) on an empty board: what is listed has not come here yet."""
        if time.monotonic() >= self._stale_at_s:
            self._read()
        if not self._by_symbol:
            raise Refused(Refusal.UNAVAILABLE, "No instrument is known here yet. Try again shortly.")
        return self._by_symbol.get(symbol)

    def forget(self) -> None:
        with self._lock:  # a picture that is being read just now may be too old already
            self._stale_at_s = 0.0

    def _read(self) -> None:
        with self._lock:
            now_s = time.monotonic()
            if now_s < self._stale_at_s:
                return
            try:
                self._by_symbol = {instrument.symbol: instrument for instrument in self._load()}
            except TRANSIENT:
                if not self._by_symbol:
                    raise
            self._stale_at_s = now_s + (self._fresh_s if self._by_symbol else 0.0)
