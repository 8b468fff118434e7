"""A cache that may vanish at any time: misses are normal, and nothing in it is the only copy."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Protocol

from chassis.metrics import Metrics


class Cache(Protocol):
    """Texts by key. Never raises for an outage: reads miss, writes are dropped."""

    def get_many(self, keys: Iterable[str]) -> dict[str, str]:
        """The entries that are there."""

    def set_many(self, entries: Mapping[str, str], ttl_s: float) -> None: ...

    def delete_many(self, keys: Iterable[str]) -> None: ...

    def is_away(self) -> bool:
        """Whether it could not be reached the last time: then a miss says nothing."""


def drop_others(cache: Cache, entries: Mapping[str, str]) -> None:
    """Delete those of the entries that are there with another value, a newer one too: a miss is never wrong."""
    found = cache.get_many(entries)
    others = [key for key, value in found.items() if value != entries[key]]
    if others:
        cache.delete_many(others)


class LocalCache:
    """A cache in this process, bounded: when full, the oldest entries go first."""

    def __init__(self, largest: int = 100_000) -> None:
        self._entries: dict[str, tuple[str, float]] = {}
        self._largest = largest
        self._lock = threading.Lock()

    def get_many(self, keys: Iterable[str]) -> dict[str, str]:
        now_s = time.monotonic()
        entries = self._entries
        found = ((key, entries.get(key)) for key in keys)
        return {key: entry[0] for key, entry in found if entry is not None and entry[1] > now_s}

    def set_many(self, entries: Mapping[str, str], ttl_s: float) -> None:
        until_s = time.monotonic() + ttl_s
        with self._lock:
            for key, value in entries.items():
                self._entries.pop(key, None)
                self._entries[key] = (value, until_s)
            while len(self._entries) > self._largest:
                del self._entries[next(iter(self._entries))]

    def delete_many(self, keys: Iterable[str]) -> None:
        with self._lock:
            for key in keys:
                self._entries.pop(key, None)

    def is_away(self) -> bool:
        return False


class CountedCache:
    """Any cache, with its hits and misses counted by kind of entry: what stands before the colon of its name."""

    def __init__(self, cache: Cache, metrics: Metrics) -> None:
        self._cache = cache
        self._lookups = metrics.cache_lookups

    def get_many(self, keys: Iterable[str]) -> dict[str, str]:
        wanted = tuple(keys)
        found = self._cache.get_many(wanted)
        counts = Counter((key.partition(":")[0], "hit" if key in found else "miss") for key in wanted)
        for (entry, outcome), number in counts.items():
            self._lookups.labels(entry, outcome).inc(number)
        return found

    def set_many(self, entries: Mapping[str, str], ttl_s: float) -> None:
        self._cache.set_many(entries, ttl_s)

    def delete_many(self, keys: Iterable[str]) -> None:
        self._cache.delete_many(keys)

    def is_away(self) -> bool:
        return self._cache.is_away()
