"""A breaker: whoever fails again and again is left alone for a while, so that waiting for it costs nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import NoReturn, TypeVar

import structlog
from pybreaker import (
    STATE_CLOSED,
    STATE_HALF_OPEN,
    STATE_OPEN,
    CircuitBreaker,
    CircuitBreakerError,
    CircuitBreakerListener,
    CircuitBreakerState,
)

from chassis.metrics import Metrics

Answer = TypeVar("Answer")

_MOST_FAILURES = 3
_REST_S = 1.0
_SHOWN_AS = {STATE_CLOSED: 0, STATE_HALF_OPEN: 1, STATE_OPEN: 2}

_log = structlog.get_logger()


class BreakerOpen(Exception):
    """Not tried, because it has failed too often just now."""


class Breaker:
    """Opens after `most_failures` in a row; every `rest_s` one caller tries whether it is worth closing again.

    `failures` are the errors that speak against what is called; any other error is an answer like any.
    """

    def __init__(
        self,
        name: str,
        failures: tuple[type[Exception], ...],
        metrics: Metrics,
        most_failures: int = _MOST_FAILURES,
        rest_s: float = _REST_S,
    ) -> None:
        self.name = name
        self._trying = threading.Lock()
        self._breaker = CircuitBreaker(
            fail_max=most_failures,
            reset_timeout=rest_s,
            exclude=[lambda error: not isinstance(error, failures)],
            listeners=[_Shown(name, metrics)],
            throw_new_error_on_trip=False,
        )

    def call(self, work: Callable[[], Answer]) -> Answer:
        """What `work` answers or raises; raises BreakerOpen at once instead of trying while the breaker is open."""
        if self.is_closed:
            return self._call_beside_others(work)
        if not self._trying.acquire(blocking=False):
            raise BreakerOpen(self.name)
        try:
            return self._breaker.call(work)
        except CircuitBreakerError as still_open:
            raise BreakerOpen(self.name) from still_open
        finally:
            self._trying.release()

    @property
    def is_closed(self) -> bool:
        return bool(self._breaker.current_state == STATE_CLOSED)

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count how a block ends; only `call` tries whether an open breaker is worth closing."""
        try:
            yield
        except Exception as error:
            self._note(partial(_raise, error))
            raise
        if self._breaker.fail_counter:
            self._note(lambda: None)

    def _call_beside_others(self, work: Callable[[], Answer]) -> Answer:
        """The library locks out every other caller during a call, so it is told only how the call ended."""
        with self.counting():
            return work()

    def _note(self, ended: Callable[[], None]) -> None:
        if self.is_closed:  # what began before it opened says nothing about now
            with suppress(Exception):  # its caller raises it
                self._breaker.call(ended)


class _Shown(CircuitBreakerListener):
    """Shows a breaker in the metrics and the log."""

    def __init__(self, name: str, metrics: Metrics) -> None:
        self._name = name
        self._state = metrics.breaker_state.labels(name)
        self._failures = metrics.breaker_failures.labels(name)
        self._openings = metrics.breaker_openings.labels(name)

    def failure(self, cb: CircuitBreaker, exc: BaseException) -> None:
        self._failures.inc()

    def state_change(
        self, cb: CircuitBreaker, old_state: CircuitBreakerState | None, new_state: CircuitBreakerState
    ) -> None:
        self._state.set(_SHOWN_AS[new_state.name])
        if new_state.name == STATE_OPEN:
            self._openings.inc()
            if old_state is None or old_state.name == STATE_CLOSED:  # a try in vain is no news
                _log.warning("breaker_opened", breaker=self._name)
        if new_state.name == STATE_CLOSED:
            _log.info("breaker_closed", breaker=self._name)


def _raise(error: Exception) -> NoReturn:
    raise error
