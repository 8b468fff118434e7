"""Those who have connected and not yet said who they are: a small share of their own, and a few seconds."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from typing import Generic, TypeVar

Who = TypeVar("Who", bound=Hashable)


class Lobby(Generic[Who]):
    """When it is full, the address with the most waiting gives up the one that has waited longest.

    So nobody keeps others out by opening connections and saying nothing: whoever comes is let in, and has as long as
    `most` newer ones of its own address take to come.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._waiting: dict[str, dict[Who, None]] = {}
        self._count = 0

    def enter(self, who: Who, address: str) -> Who | None:
        """Let somebody in; the one that has to go for it, if somebody has."""
        with self._lock:
            gone = self._give_way() if self._count >= self._most else None
            self._waiting.setdefault(address, {})[who] = None
            self._count += 1
            return gone

    def leave(self, who: Who, address: str) -> None:
        """Whether admitted or gone; nothing if it was not here any more."""
        with self._lock:
            self._remove(who, address)

    def _give_way(self) -> Who:
        address = max(self._waiting, key=lambda each: len(self._waiting[each]))
        oldest = next(iter(self._waiting[address]))
        self._remove(oldest, address)
        return oldest

    def _remove(self, who: Who, address: str) -> None:
        waiting = self._waiting.get(address, {})
        if who in waiting:
            del waiting[who]
            self._count -= 1
            if not waiting:
                del self._waiting[address]
