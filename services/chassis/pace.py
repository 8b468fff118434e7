"""Keeps busy work from being done in crumbs: who was at work for a while rests as long, and takes up all that came."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from chassis.bus import Message

_FULL_ROUND_BYTES = 4_096
"""About ten facts: when so many come in one round there is load enough for a rest to gather more."""


@dataclass(slots=True)
class Round:
    """One round of work; `fullness` says from 0 to 1 how much a rest after it is worth."""

    fullness: float = 1.0

    def took_up(self, messages: Sequence[Message]) -> None:
        """Measured by their size: one message may hold one fact or hundreds."""
        self.fullness = min(sum(len(message.body) for message in messages) / _FULL_ROUND_BYTES, 1.0)


class Pace:
    """Rests between rounds of work: as long as the last round took, at most `longest_s`; 0 is no rest at all.

    Under load that doubles what a round takes up, and a round costs much the same however much that is. After a round
    that took up little it rests less, in proportion: there is nothing to gather, and whoever comes next would only
    wait. Who comes after a quiet time does not wait at all.
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
    def round(self) -> Iterator[Round]:
        """One round of work; a full one, unless told otherwise."""
        began_s = time.monotonic()
        work = Round()
        try:
            yield work
        finally:
            ended_s = time.monotonic()
            self._rested_at_s = ended_s + min((ended_s - began_s) * work.fullness, self._longest_s)

    def hurry(self) -> None:
        """Rest no more, now and later: it is time to leave."""
        self._hurry.set()
