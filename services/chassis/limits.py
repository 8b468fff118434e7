"""Keeps the web floor standing: so many requests a second for a caller or an address, so many at once for all."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import flask
from flask import g, request

from chassis.identity import Caller
from chassis.questions import Unanswered
from chassis.shares import Shares
from contracts.refusals import Refusal, Refused

HEALTH_PATHS = frozenset({"/livez", "/readyz", "/metrics"})
"""Always answered: who cannot see that the exchange is busy takes it for dead."""

_SECOND_US = 1_000_000
_MOST_KEYS = 100_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Settings. Rates are requests a second and also the largest burst; 0 is no limit.

    Places are shared as `Shares` says, for each account, and for each address where nobody has signed in.
    """

    rate_limit_per_account: int = 100
    rate_limit_per_address: int = 1_000
    """Many people may be behind one."""

    most_requests_at_once: int = 120
    """Together with those who wait a few less than the server has threads, or nobody is left to say no."""

    most_waiting: int = 128
    """Requests that wait because they asked to (`Prefer: wait`): they hold a thread and none of the places above."""


NO_RATES = Limits(rate_limit_per_account=0, rate_limit_per_address=0)


class Rate(Protocol):
    """A limit on how often something is done, for each key by itself."""

    def take(self, key: str, cost: int = 1) -> int:
        """Count `cost` and return 0, or count nothing and return the microseconds to wait.

        Where anything is left, it is done whatever it costs; what was too much has to come back before the next.
        """


class MakeRate(Protocol):
    """Makes a limit of that name and of so much a second, where nothing costs more than `largest_cost` at once."""

    def __call__(self, name: str, per_second: int, largest_cost: int = 1) -> Rate: ...


def monotonic_us() -> int:
    """Microseconds on a clock that nobody sets: a correction of the time must not shut anybody out."""
    return time.monotonic_ns() // 1_000


class RateLimit:
    """At most `per_second` requests at once for each key, that many coming back every second.

    A refused request is not counted: who waits as told gets through. When more than 100,000 keys are remembered
    the ones heard of longest ago are forgotten first, so memory is bounded whoever knocks.
    """

    def __init__(self, per_second: int, now_us: Callable[[], int] = monotonic_us) -> None:
        self._pause_us = _SECOND_US // per_second
        self._now_us = now_us
        self._rested_at_us: dict[str, int] = {}
        self._lock = threading.Lock()

    def take(self, key: str, cost: int = 1) -> int:
        """As Rate says."""
        with self._lock:
            now_us = self._now_us()
            rested_at_us = max(self._rested_at_us.pop(key, 0), now_us)
            wait_us = rested_at_us + self._pause_us - _SECOND_US - now_us
            if wait_us <= 0:
                rested_at_us += self._pause_us * cost
            self._rested_at_us[key] = rested_at_us  # at the end: the dict stays ordered by last use
            if len(self._rested_at_us) > _MOST_KEYS:
                del self._rested_at_us[next(iter(self._rested_at_us))]
            return max(wait_us, 0)


def in_this_process(name: str, per_second: int, largest_cost: int = 1) -> Rate:
    """The usual MakeRate: every process counts for itself."""
    return RateLimit(per_second)


def require_turn(rate: Rate, key: str, sentence: str, cost: int = 1) -> None:
    """Count it, or refuse it by the `sentence`, which names the limit, with the time to come back."""
    wait_us = rate.take(key, cost)
    if wait_us:
        retry_after_s = -(-wait_us // _SECOND_US)
        raise Refused(
            Refusal.TOO_MANY_REQUESTS, f"{sentence} Wait as long as Retry-After says.", retry_after_s=retry_after_s
        )


def guard(
    app: flask.Flask,
    limits: Limits,
    current_caller: Callable[[], Caller],
    rate_limit: MakeRate = in_this_process,
) -> None:
    """Refuse what is too much before anything is read or looked up: 503 for all, 429 for one, both with Retry-After."""
    if limits.rate_limit_per_address > 0:  # before all else: finding out who calls is work, too
        sentence = f"This address makes more than {limits.rate_limit_per_address} requests a second."
        _limit_rate(app, rate_limit("address", limits.rate_limit_per_address), _address, sentence)
    _limit_at_once(app, limits, current_caller)
    if limits.rate_limit_per_account > 0:
        sentence = f"This account makes more than {limits.rate_limit_per_account} requests a second."
        _limit_rate(
            app, rate_limit("account", limits.rate_limit_per_account), lambda: _account(current_caller), sentence
        )


def leave_to_wait() -> bool:
    """Give the place of this request back, for it is going to wait; False when as many wait as may. Never refuses."""
    waiting: Shares | None = flask.current_app.extensions.get("waiting_room")
    holder = g.get("holder", "")
    if waiting is None or g.get("place") is waiting:
        return True
    if not waiting.take(holder):
        return False
    _leave_the_place()
    g.place = waiting
    return True


def _limit_at_once(app: flask.Flask, limits: Limits, current_caller: Callable[[], Caller]) -> None:
    places = Shares(limits.most_requests_at_once) if limits.most_requests_at_once > 0 else None
    if limits.most_waiting > 0:
        app.extensions["waiting_room"] = Shares(limits.most_waiting)

    @app.before_request
    def take_a_place() -> None:
        if request.path in HEALTH_PATHS:
            return
        g.holder = _account(current_caller) or f"at {_address()}"
        if places is not None:
            if not places.take(g.holder):
                raise Refused(Refusal.UNAVAILABLE, "So much of yours is under way already. Try again shortly.")
            g.place = places

    @app.teardown_request
    def leave_the_place(_: BaseException | None) -> None:
        _leave_the_place()


def _leave_the_place() -> None:
    place: Shares | None = g.pop("place", None)
    if place is not None:
        place.give_back(g.holder)


def _limit_rate(app: flask.Flask, rate: Rate, key: Callable[[], str | None], sentence: str) -> None:
    @app.before_request
    def take_a_turn() -> None:
        if request.path not in HEALTH_PATHS and (name := key()) is not None:
            require_turn(rate, name, sentence)


def _address() -> str | None:
    return request.remote_addr


def _account(current_caller: Callable[[], Caller]) -> str | None:
    """Nobody, if it cannot be made out: whether that matters is for the view to say."""
    try:
        return current_caller().account_id
    except (Refused, Unanswered):
        return None
