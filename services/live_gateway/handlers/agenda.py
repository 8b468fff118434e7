"""When to look at whom next: one moment for each client, the earliest first."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from itertools import count
from typing import Generic, Protocol, TypeVar


class Dated(Protocol):
    """Whoever has a moment, in seconds of a monotonic clock; None: no more."""

    due_s: float | None


Who = TypeVar("Who", bound=Dated)


class Agenda(Generic[Who]):
    """A heap whose outdated entries are passed over, and cleared away before they are the most."""

    def __init__(self) -> None:
        self._entries: list[tuple[float, int, Who]] = []
        self._numbers = count()
        self._dated = 0

    def set(self, who: Who, due_s: float) -> None:
        """Look at `who` then, and not when it was said before."""
        self._dated += who.due_s is None
        who.due_s = due_s
        heappush(self._entries, (due_s, next(self._numbers), who))
        if len(self._entries) > 64 + 4 * self._dated:
            self._entries = [entry for entry in self._entries if entry[2].due_s == entry[0]]
            heapify(self._entries)

    def strike(self, who: Who) -> None:
        """Look at `who` no more."""
        self._dated -= who.due_s is not None
        who.due_s = None

    def next_s(self) -> float | None:
        """The next moment, or None if there is nobody."""
        while self._entries and self._entries[0][2].due_s != self._entries[0][0]:
            heappop(self._entries)
        return self._entries[0][0] if self._entries else None

    def pop(self) -> Who:
        """Whose moment `next_s` is; it has none then."""
        _, _, who = heappop(self._entries)
        self.strike(who)
        return who
