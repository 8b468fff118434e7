"""Keeps busy work from being done in crumbs: who was at work for a while rests as long, and takes up all that came."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Pace:
    """Rests between rounds of work: as long as the last round took, at most `longest_s`; 0 is no rest at all.

    Under load that doubles what a round takes up, and a round costs much the same however much that is. Who comes
    after a quiet time does not wait.
    """

    def __init__(self, longest_s: float) -> None:
        self._longest_s = longest_s
        self._rested_at_s = 0.0
        self._hurry = threading.Event()

    def rest(self) -> None:
        """Return when the next round may begin."""
        left_s = self._rested_at_s - time.monotonic()
        if left_s > 0:
            self._hurry.wait(left_s)

    @contextmanager
    def round(self) -> Iterator[None]:
        """One round of work."""
        began_s = time.monotonic()
        try:
            yield
        finally:
            ended_s = time.monotonic()
            self._rested_at_s = ended_s + min(ended_s - began_s, self._longest_s)

    def hurry(self) -> None:
        """Rest no more, now and later: it is time to leave."""
        self._hurry.set()
