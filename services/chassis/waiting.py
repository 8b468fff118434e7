"""Lets a request wait until something it asked for has happened."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from chassis.aside import stepping_aside


class Waiters:
    """Who waits for which keys. `notify` is cheap when nobody does."""

    def __init__(self) -> None:
        self._events: dict[str, list[threading.Event]] = {}
        self._lock = threading.Lock()

    def notify(self, keys: Iterable[str]) -> None:
        if not self._events:
            return
        with self._lock:
            for key in keys:
                for event in self._events.get(key, ()):
                    event.set()

    def wait_until(self, key: str, happened: Callable[[], bool], seconds: float) -> bool:
        """Ask `happened` now and after every notice for the key; False when the time is over."""
        deadline_s = time.monotonic() + seconds
        with self._listening(key) as event:
            while not happened():
                left_s = deadline_s - time.monotonic()
                if left_s <= 0 or not _is_set(event, left_s):
                    return happened()
                event.clear()
        return True

    @contextmanager
    def _listening(self, key: str) -> Iterator[threading.Event]:
        event = threading.Event()
        with self._lock:
            self._events.setdefault(key, []).append(event)
        try:
            yield event
        finally:
            with self._lock:
                self._events[key].remove(event)
                if not self._events[key]:
                    del self._events[key]


def _is_set(event: threading.Event, seconds: float) -> bool:
    with stepping_aside():
        return event.wait(seconds)
