"""Answers kept in the cache together with the version they were read at, served only while that is the newest one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Generic, TypeVar

import msgspec

from chassis.cache import Cache, drop_others
from chassis.metrics import Metrics

View = TypeVar("View")

KEPT_S = 5.0
"""What changes all the time is told anew all the time; so long a word may be missing when its teller dies."""


class CachedViews(Generic[View]):
    """Views of one kind, a dataclass, by key: a symbol's depth, an account's holdings.

    Whoever changes something tells its new version when that is committed. Whoever reads remembers what he read with
    the version he read, so a slow reader cannot put an old answer in the place of a new one: nobody takes it. Without
    a version, or with a view that cannot be read, there is nothing known. Hits and misses are counted by `kind`.
    """

    def __init__(self, kind: str, view: type[View], cache: Cache, metrics: Metrics) -> None:
        self._kind = kind
        self._cache = cache
        self._lookups = metrics.cache_lookups
        self._encode = msgspec.json.Encoder().encode
        self._decode = msgspec.json.Decoder(tuple[str, view]).decode  # type: ignore[valid-type]  # known at run time

    def tell(self, versions: Mapping[str, str]) -> None:
        """From now on these are the newest versions."""
        self._cache.set_many({self._version_entry(key): version for key, version in versions.items()}, KEPT_S)

    def confirm(self, versions: Mapping[str, str]) -> None:
        """Nothing is known of these keys from now on that is not of these versions.

        For whoever has read what was committed and passes it on: the word of it may still be on its way.
        """
        entries = {self._version_entry(key): version for key, version in versions.items()}
        drop_others(self._cache, entries)

    def known(self, keys: Collection[str], part: str = "") -> dict[str, View]:
        """The views that are as new as can be, by key; `part` tells views of one key apart, such as "10 levels"."""
        entries = {key: (self._version_entry(key), self._view_entry(key, part)) for key in keys}
        found = self._cache.get_many([entry for pair in entries.values() for entry in pair])
        views = {
            key: view
            for key, (version, body) in entries.items()
            if version in found and (view := self._read(found.get(body), found[version])) is not None
        }
        self._lookups.labels(self._kind, "hit").inc(len(views))
        self._lookups.labels(self._kind, "miss").inc(len(entries) - len(views))
        return views

    def remember(self, views: Mapping[str, tuple[str, View]], part: str = "") -> None:
        """Keep views that were just read, each with the version it was read at."""
        entries = {self._view_entry(key, part): self._encode(view).decode() for key, view in views.items()}
        if entries:
            self._cache.set_many(entries, KEPT_S)

    def _read(self, body: str | None, version: str) -> View | None:
        if body is None:
            return None
        try:
            read_at, view = self._decode(body)
        except msgspec.MsgspecError:  # left by another release of ours
            return None
        return view if read_at == version else None

    def _version_entry(self, key: str) -> str:
        return f"{self._kind}_version:{key}"

    def _view_entry(self, key: str, part: str) -> str:
        return f"{self._kind}_view:{key}:{part}"
