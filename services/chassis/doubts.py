"""Which cache entries may be stale because the last write to them may not have arrived."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Doubted:
    """What was in doubt at one moment: entries by name, and whether every other one was too."""

    names: dict[str, object]
    everything: object | None


@dataclass(slots=True)
class Doubts:
    """Names of entries in doubt; with more than `largest`, simply all entries are. Its owner locks around changes."""

    largest: int
    _names: dict[str, object] = field(default_factory=dict)
    _everything: object | None = None

    def __bool__(self) -> bool:
        return bool(self._names) or self._everything is not None

    def covers(self, name: str) -> bool:
        return name in self._names or self._everything is not None

    def add(self, names: Iterable[str]) -> None:
        stamp = object()  # tells a doubt from an older one about the same entry
        self._names.update(dict.fromkeys(names, stamp))
        if len(self._names) > self.largest:
            self._everything = stamp  # first: `covers` takes no lock and must find the name here or there
            self._names.clear()

    def now(self) -> Doubted:
        return Doubted(dict(self._names), self._everything)

    def settle(self, settled: Doubted) -> None:
        """Those doubts are over; what was doubted again since then stays in doubt."""
        for name, stamp in settled.names.items():
            if self._names.get(name) is stamp:
                del self._names[name]
        if self._everything is settled.everything:
            self._everything = None
