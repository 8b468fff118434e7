"""Steps aside: a request that waits for something takes up no room among those at work meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Turn(Protocol):
    """The place that a request has among those at work."""

    def leave(self) -> None:
        """Give it back."""

    def resume(self) -> None:
        """Have it again, whether there is room or not: what has begun does not wait to end."""

    def resume_if_free(self) -> bool:
        """Have it again unless others would have to wait for it."""


_current = threading.local()


@contextmanager
def having(turn: Turn | None) -> Iterator[None]:
    """What this thread does in the block it does in this turn."""
    _current.turn = turn
    try:
        yield
    finally:
        del _current.turn


@contextmanager
def stepping_aside() -> Iterator[None]:
    """Leave the place to others for the length of a block that only waits. Nothing, where nobody counts."""
    turn: Turn | None = getattr(_current, "turn", None)
    if turn is None:
        yield
        return
    turn.leave()
    try:
        yield
    finally:
        turn.resume()
