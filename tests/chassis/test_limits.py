"""Nobody takes the exchange from all others: what is too much is refused at once, with the time to come back."""

from __future__ import annotations

from dataclasses import replace

import flask
import pytest

from chassis.clock import FixedClock
from chassis.identity import Caller
from chassis.limits import NO_RATES, RateLimit, guard, monotonic_us
from chassis.questions import Unanswered
from contracts.refusals import Refusal, Refused

SECOND_US = 1_000_000


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


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
    guard(app, replace(NO_RATES, **limits), by_name, lambda _, rate, largest_cost=1: RateLimit(rate, clock.now_us))
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


def test_what_costs_more_than_is_left_is_done_once_and_then_paid_off(clock):
    rate = RateLimit(10, clock.now_us)
    rate.take("ada")

    assert rate.take("ada", cost=100) == 0
    assert rate.take("ada") == 92 * SECOND_US // 10
    clock.advance(9.2)
    assert rate.take("ada", cost=10) == 0


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
