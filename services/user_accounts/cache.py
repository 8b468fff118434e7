"""Cache entries that other services keep about sessions and keys, dropped here when they stop being true."""

from __future__ import annotations

from collections.abc import Iterable

from chassis.cache import Cache
from contracts.names import api_key_entry, session_entry


class CachedEntries:
    """Entries of the shared cache."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def forget_sessions(self, session_ids: Iterable[str]) -> None:
        self._cache.delete_many([session_entry(session_id) for session_id in session_ids])

    def forget_key(self, key_id: str) -> None:
        self._cache.delete_many([api_key_entry(key_id)])
