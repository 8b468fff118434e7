"""How far a batch goes at a time, so that the orders of others find their way between its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_SMALLEST_STEP = 25
"""Below it the transactions cost more than the orders."""


class BatchSteps:
    """`ports.Steps`: `most` orders at once, shared by the batches that are under way in this process; 0 is all."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._batches = 0
        self._lock = threading.Lock()

    @contextmanager
    def batch(self) -> Iterator[None]:
        with self._lock:
            self._batches += 1
        try:
            yield
        finally:
            with self._lock:
                self._batches -= 1

    def next_step(self, left: int) -> int:
        if not self._most:
            return left
        return min(left, max(self._most // max(self._batches, 1), min(_SMALLEST_STEP, self._most)))
