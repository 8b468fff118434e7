"""Fair queuing: so many at a time, and the others wait in a line for each key, whose lines take turns."""

from __future__ import annotations

from collections import Counter, deque
from typing import Generic, TypeVar

Item = TypeVar("Item")


class FairQueue(Generic[Item]):
    """`at_once` places. A key may take one more while it holds fewer than are free, as `Shares` has it.

    Who comes too early waits; whoever's key holds least goes first, and of those who hold the same the one that has
    waited longest for a turn. So however many wait for one key, the first of another stands behind one of them. Not
    for two threads at once.
    """

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._held: Counter[str] = Counter()
        self._lines: dict[str, deque[Item]] = {}

    def __bool__(self) -> bool:
        """Whether anybody waits."""
        return bool(self._lines)

    def may_enter(self, key: str) -> bool:
        """Whether the next one of the key would not have to wait."""
        return key not in self._lines and self._held[key] < self._free

    def enter(self, key: str, item: Item) -> bool:
        """Take a place; False when it has to wait, for a `leave` to return it."""
        if self.may_enter(key):
            self.resume(key)
            return True
        self._lines.setdefault(key, deque()).append(item)
        return False

    def resume(self, key: str) -> None:
        """Take a place, whether one is free or not."""
        self._held[key] += 1
        self._free -= 1

    def leave(self, key: str) -> list[Item]:
        """Give a place back; returns those who have one now and had to wait for it."""
        self._held[key] -= 1
        self._free += 1
        if not self._held[key]:
            del self._held[key]
        entered: list[Item] = []
        while self._lines:
            first = min(self._lines, key=self._held.__getitem__)
            if self._held[first] >= self._free:
                break
            line = self._lines.pop(first)
            self.resume(first)
            entered.append(line.popleft())
            if line:
                self._lines[first] = line  # at the end: the others come first now
        return entered

    def turn_away(self) -> Item | None:
        """Take out the last one of the longest line; None when nobody waits."""
        key = max(self._lines, key=lambda key: len(self._lines[key]), default=None)
        if key is None:
            return None
        last = self._lines[key].pop()
        if not self._lines[key]:
            del self._lines[key]
        return last
