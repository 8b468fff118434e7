"""Shares a bounded number of places among whoever asks, so that nobody takes them all."""

from __future__ import annotations

import threading
from collections import Counter


class Shares:
    """`total` places. A holder may take one more while it holds less than half of what is free.

    One holder alone gets a third of the places and ten of them a twelfth each: whoever holds none finds one free
    however greedy the others are, and nobody has to say how many others there are.
    """

    def __init__(self, total: int) -> None:
        self._total = total
        self._held: Counter[str] = Counter()
        self._taken = 0
        self._lock = threading.Lock()

    def take(self, holder: str) -> bool:
        """Take a place; False, and nothing taken, when none is free or the holder has its share."""
        with self._lock:
            free, held = self._total - self._taken, self._held.get(holder, 0)
            if free <= 0 or (held > 0 and held * 2 >= free):
                return False
            self._held[holder] = held + 1
            self._taken += 1
            return True

    def give_back(self, holder: str) -> None:
        """Leave a place that was taken."""
        with self._lock:
            self._taken -= 1
            self._held[holder] -= 1
            if not self._held[holder]:
                del self._held[holder]
