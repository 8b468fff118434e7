"""Shares a bounded number of places among whoever asks, so that nobody takes them all."""

from __future__ import annotations

import threading
from collections import Counter


class Shares:
    """`total` places. A holder may take one more while it holds fewer than are free.

    One holder alone gets half of the places and ten of them an eleventh each: whoever holds none finds one free
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
            if held >= free:
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
