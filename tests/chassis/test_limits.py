"""Nobody takes the exchange from all others: what is too much is refused at once, with the time to come back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import flask
import pytest
from flask_openapi3.blueprint import APIBlueprint

from chassis.cache import LocalCache
from chassis.clock import FixedClock
from chassis.identity import Authenticator, Caller
from chassis.limits import Limits, RateLimit, guard, leave_to_wait, monotonic_us
from chassis.metrics import Metrics
from chassis.questions import LocalQuestions, Unanswered
from chassis.web import create_app
from contracts.refusals import Refusal, Refused

PATIENCE_S = 20.0
SECOND_US = 1_000_000


class Door:
    """A view that keeps its callers inside until it is opened."""

    def __init__(self) -> None:
        self.inside = threading.Semaphore(0)
        self._opened = threading.Event()

    def open(self) -> None:
        self._opened.set()

    def pass_through(self) -> None:
        self.inside.release()
        assert self._opened.wait(PATIENCE_S)

    def wait_for(self, callers: int) -> None:
        for _ in range(callers):
            assert self.inside.acquire(timeout=PATIENCE_S)


@pytest.fixture
def door() -> Iterator[Door]:
    door = Door()
    yield door
    door.open()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


def shop(door: Door) -> APIBlueprint:
    shop = APIBlueprint("shop", __name__)

    @shop.get("/goods")
    def goods() -> dict[str, int]:
        return {"goods": 1}

    @shop.get("/slow")
    def slow() -> dict[str, int]:
        door.pass_through()
        return {"goods": 1}

    @shop.get("/wait")
    def wait() -> dict[str, bool]:
        may_wait = leave_to_wait()
        if may_wait:
            door.pass_through()
        return {"waited": may_wait}

    @shop.get("/broken")
    def broken() -> dict[str, int]:
        raise ZeroDivisionError

    return shop


def crowded(door: Door, most: int, waiting: int = 0) -> flask.Flask:
    authenticator = Authenticator((), LocalCache(), LocalQuestions(), Metrics())
    limits = Limits(most_requests_at_once=most, most_waiting=waiting)
    return create_app("shop", [shop(door)], authenticator, Metrics(), {"self": lambda: True}, limits)


def by_name() -> Caller:
    """Trusts what a caller says; "unsure" stands for a user_accounts that does not answer."""
    name = flask.request.headers.get("X-Name")
    if name is None:
        raise Refused(Refusal.UNAUTHENTICATED)
    if name == "unsure":
        raise Unanswered("nobody answers")
    return Caller(f"account of {name}", name)


def limited(clock: FixedClock, **limits: int) -> flask.Flask:
    app = flask.Flask("shop")
    guard(app, Limits(**limits), by_name, lambda _, per_second: RateLimit(per_second, clock.now_us))
    app.register_error_handler(Refused, lambda refused: (dict(refused.details), refused.refusal.value.status))
    for path in ("/goods", "/livez", "/readyz", "/metrics"):
        app.add_url_rule(path, path, lambda: "here you are")
    return app


def ask(app: flask.Flask, name: str | None = None, path: str = "/goods", address: str = "10.0.0.1") -> int:
    headers = {} if name is None else {"X-Name": name}
    return app.test_client().get(path, headers=headers, environ_base={"REMOTE_ADDR": address}).status_code


def test_a_burst_of_one_seconds_worth_is_let_in_and_the_rest_told_when_to_come_back(clock):
    rate = RateLimit(10, clock.now_us)

    waits_us = [rate.take("ada") for _ in range(12)]

    assert waits_us == [0] * 10 + [SECOND_US // 10] * 2


def test_who_waits_as_told_gets_through_however_often_it_was_refused(clock):
    rate = RateLimit(4, clock.now_us)
    waits_us = [rate.take("ada") for _ in range(100)]

    clock.advance(waits_us[-1] / SECOND_US)

    assert rate.take("ada") == 0
    assert rate.take("ada") == SECOND_US // 4


def test_over_time_nobody_gets_more_than_the_rate(clock):
    rate = RateLimit(5, clock.now_us)
    let_in = 0

    for _ in range(1_000):
        clock.advance(0.01)
        let_in += rate.take("ada") == 0

    assert let_in == 5 + 5 * 10 - 1  # the first second's burst, then five a second for just under ten seconds


def test_one_who_floods_takes_nothing_from_another(clock):
    rate = RateLimit(1, clock.now_us)
    for _ in range(50):
        rate.take("ada")

    assert rate.take("bob") == 0


def test_strangers_without_end_do_not_fill_the_memory(clock):
    rate = RateLimit(1, clock.now_us)
    rate.take("first")
    rate.take("ada")

    for number in range(100_000 - 1):
        rate.take(f"stranger {number}")

    assert rate.take("ada") > 0, "still remembered"
    assert rate.take("first") == 0, "forgotten, being heard of longest ago"


def test_the_clock_of_the_limits_only_goes_forward():
    first_us = monotonic_us()

    assert monotonic_us() >= first_us


def test_an_account_is_limited_wherever_it_calls_from_and_others_are_not(clock):
    app = limited(clock, rate_limit_per_account=2)

    assert [ask(app, "ada", address=f"10.0.0.{number}") for number in range(3)] == [200, 200, 429]
    assert ask(app, "bob") == 200


def test_who_has_no_account_is_limited_by_address_only(clock):
    app = limited(clock, rate_limit_per_account=1, rate_limit_per_address=3)

    assert [ask(app) for _ in range(4)] == [200, 200, 200, 429]
    assert ask(app, address="10.0.0.2") == 200


def test_accounts_behind_one_address_share_its_limit(clock):
    app = limited(clock, rate_limit_per_address=2)

    assert [ask(app, name) for name in ("ada", "bob", "carol")] == [200, 200, 429]


def test_addresses_nobody_serves_count_too(clock):
    app = limited(clock, rate_limit_per_address=2)

    assert [ask(app, path="/nowhere") for _ in range(3)] == [404, 404, 429]


def test_an_account_that_cannot_be_looked_up_is_not_refused_for_that(clock):
    app = limited(clock, rate_limit_per_account=1)

    assert [ask(app, "unsure") for _ in range(2)] == [200, 200]


def test_the_time_to_come_back_is_told_in_whole_seconds(clock):
    app = limited(clock, rate_limit_per_address=1)
    ask(app)
    clock.advance(0.4)

    answer = app.test_client().get("/goods", environ_base={"REMOTE_ADDR": "10.0.0.1"})

    assert answer.get_json() == {"retry_after_s": 1}


def test_health_is_answered_to_whoever_asks_too_often(clock):
    app = limited(clock, rate_limit_per_address=1, rate_limit_per_account=1)
    ask(app, "ada")

    assert {ask(app, "ada", path) for path in ("/livez", "/readyz", "/metrics") for _ in range(3)} == {200}


def test_without_limits_nobody_is_refused(clock):
    app = limited(clock, most_requests_at_once=0)

    assert {ask(app, "ada") for _ in range(200)} == {200}


def test_more_than_fit_at_once_are_refused_at_once_while_the_others_are_served(door):
    app = crowded(door, most=2)

    with ThreadPoolExecutor(2) as callers:
        served = [callers.submit(ask, app, None, "/slow", f"10.0.0.{number}") for number in range(2)]
        door.wait_for(callers=2)
        refused = app.test_client().get("/goods")
        healthy = [app.test_client().get(path).status_code for path in ("/livez", "/readyz", "/metrics")]
        door.open()

        assert [each.result() for each in served] == [200, 200]
    assert (refused.status_code, refused.get_json()["name"]) == (503, "unavailable")
    assert refused.headers["Retry-After"] == "1"
    assert refused.headers["X-Request-ID"]
    assert healthy == [200, 200, 200]


def test_one_who_is_everywhere_at_once_leaves_room_for_another(door):
    app = crowded(door, most=6)

    with ThreadPoolExecutor(6) as callers:
        served = [callers.submit(ask, app, None, "/slow", "10.0.0.1") for _ in range(2)]
        door.wait_for(callers=2)
        too_much, others = ask(app, address="10.0.0.1"), ask(app, address="10.0.0.2")
        door.open()

        assert [each.result() for each in served] == [200, 200]
    assert (too_much, others) == (503, 200)


def test_who_waits_holds_no_place_and_not_more_than_a_share_of_those_who_may_wait(door):
    app = crowded(door, most=1, waiting=6)

    def waited(address: str) -> bool:
        answer = app.test_client().get("/wait", environ_base={"REMOTE_ADDR": address})
        assert answer.status_code == 200
        return bool(answer.get_json()["waited"])

    with ThreadPoolExecutor(6) as callers:
        waiting = []
        for _ in range(2):  # one after the other: until one waits, it holds the only place
            waiting.append(callers.submit(waited, "10.0.0.1"))
            door.wait_for(callers=1)
        not_waited = waited("10.0.0.1")
        waiting.append(callers.submit(waited, "10.0.0.2"))
        door.wait_for(callers=1)
        served = ask(app)
        door.open()

        assert [each.result() for each in waiting] == [True, True, True]
    assert not not_waited
    assert served == 200
    assert waited("10.0.0.1"), "who has waited leaves"


def test_a_place_is_free_again_whatever_became_of_its_request(door):
    app = crowded(door, most=1)

    for path, status in (("/goods", 200), ("/nowhere", 404), ("/broken", 500), ("/livez", 200)):
        for _ in range(3):
            assert app.test_client().get(path).status_code == status


def test_a_caller_who_floods_is_refused_by_name_with_the_time_to_come_back(door):
    authenticator = Authenticator((), LocalCache(), LocalQuestions(), Metrics())
    limits = Limits(rate_limit_per_address=1)
    app = create_app("shop", [shop(door)], authenticator, Metrics(), {}, limits)

    answers = [app.test_client().post("/goods", data=b"{ no JSON") for _ in range(40)]

    [refused] = {answer.get_json()["name"] for answer in answers if answer.status_code == 429}
    assert refused == "too_many_requests"
    assert {answer.headers.get("Retry-After") for answer in answers if answer.status_code == 429} == {"1"}
