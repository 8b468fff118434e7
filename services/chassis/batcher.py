"""Gathers concurrent calls into one: many requests, one transaction."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

from chassis.aside import stepping_aside
from chassis.pace import Pace

Item = TypeVar("Item")
Result = TypeVar("Result")


class Batcher(Generic[Item, Result]):
    """Whoever finds nobody at work does the work for all who wait; nobody waits for a timer.

    `handle` gets the waiting items in order and returns as many results, an exception standing for a refusal
    of that item alone. If `handle` itself raises, every item of that batch gets the exception.
    """

    def __init__(
        self,
        handle: Callable[[Sequence[Item]], Sequence[Result | Exception]],
        largest: int = 500,
        gather_s: float = 0.0,
    ) -> None:
        self._handle = handle
        self._largest = largest
        self._pace = Pace(gather_s)
        self._waiting: list[tuple[Item, Future[Result]]] = []
        self._lock = threading.Lock()
        self._working = threading.Lock()

    def submit(self, item: Item) -> Result:
        """Return this item's result, or raise its exception."""
        future: Future[Result] = Future()
        with self._lock:
            self._waiting.append((item, future))
        while not future.done():
            if not self._working.acquire(blocking=False):
                with stepping_aside():
                    self._working.acquire()
            try:
                if not future.done():
                    self._work()
            finally:
                self._working.release()
        return future.result()

    def _work(self) -> None:
        self._pace.rest()
        with self._lock:
            batch, self._waiting = self._waiting[: self._largest], self._waiting[self._largest :]
        try:
            with self._pace.round():
                results = self._handle([item for item, _ in batch])
        except Exception as error:  # noqa: BLE001  # told to every caller
            results = [error] * len(batch)
        for (_, future), result in zip(batch, results, strict=True):
            if isinstance(result, Exception):
                future.set_exception(result)
            else:
                future.set_result(result)
