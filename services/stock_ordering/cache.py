"""What is remembered outside of the database: cache entries of other services, and the instruments in memory."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence

from chassis.cache import Cache
from chassis.database import TRANSIENT
from contracts.names import available_shares_entry, buying_power_entry, last_price_entry
from contracts.refusals import Refusal, Refused
from stock_ordering.domain.funds import Funds
from stock_ordering.domain.wishes import Instrument

_FRESH_S = 1.0
_SPENT_KEPT_S = 2.0
_GOOD_PART = 8


class RememberedFunds:
    """What accounts can spend as user_portfolio last wrote it, less what has been ordered since."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def funds(self, account_id: str, symbols: Iterable[str]) -> Funds | None:
        cash, cash_spent = buying_power_entry(account_id), _cash_spent_entry(account_id)
        shares = {symbol: available_shares_entry(account_id, symbol) for symbol in symbols}
        spent = {symbol: _shares_spent_entry(account_id, symbol) for symbol in shares}
        found = self._cache.get_many([cash, cash_spent, *shares.values(), *spent.values()])
        if not found and self._cache.is_away():
            return None
        amounts = {key: int(text) for key, text in found.items()}
        available = {
            symbol: amounts[key] - amounts.get(spent[symbol], 0) for symbol, key in shares.items() if key in amounts
        }
        return Funds(amounts.get(cash, 0) - amounts.get(cash_spent, 0), available)

    def remember(self, account_id: str, before: Funds, after: Funds) -> None:
        """Written only when it was a good part, so that small orders cost nothing: the hold comes to them in time."""
        spent: dict[str, int] = {}
        if _is_good_part(before.buying_power, after.buying_power):
            spent[_cash_spent_entry(account_id)] = before.buying_power - after.buying_power
        for symbol, left in after.available.items():
            if _is_good_part(had := before.available.get(symbol, 0), left):
                spent[_shares_spent_entry(account_id, symbol)] = had - left
        if spent:
            earlier = self._cache.get_many(spent)
            sums = {key: str(amount + int(earlier.get(key, 0))) for key, amount in spent.items()}
            self._cache.set_many(sums, _SPENT_KEPT_S)


def _cash_spent_entry(account_id: str) -> str:
    """Cache entry: what buys of the last moments can cost, whether or not the hold has come to them."""
    return f"cash_spent:{account_id}"


def _shares_spent_entry(account_id: str, symbol: str) -> str:
    return f"shares_spent:{account_id}:{symbol}"


def _is_good_part(before: int, after: int) -> bool:
    return (before - after) * _GOOD_PART >= before and after < before


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
