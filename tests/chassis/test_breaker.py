"""Who fails again and again is left alone for a while, and nobody waits for anybody else's call."""

from __future__ import annotations

import threading

import pytest

from chassis.breaker import Breaker, BreakerOpen
from tests.chassis.builders import PATIENCE_S, eventually

CLOSED, OPEN = 0, 2


class Down(Exception):
    """The other side does not answer."""


class OtherSide:
    """Answers, or does not, and counts how often it was asked."""

    def __init__(self):
        self.error = None
        self.asked = 0

    def __call__(self):
        self.asked += 1
        if self.error is not None:
            raise self.error
        return "here"


@pytest.fixture
def other_side():
    return OtherSide()


def breaker(metrics, rest_s=60.0):
    return Breaker("depot", (Down,), metrics, most_failures=3, rest_s=rest_s)


def fail(breaker, other_side, times):
    other_side.error = Down()
    for _ in range(times):
        with pytest.raises(Down):
            breaker.call(other_side)


def shown(metrics, name):
    return metrics.registry.get_sample_value(name, {"breaker": "depot"})


def is_refused(breaker, other_side):
    try:
        breaker.call(other_side)
    except BreakerOpen:
        return True
    return False


def test_an_answer_passes_through(metrics, other_side):
    assert breaker(metrics).call(other_side) == "here"
    assert shown(metrics, "breaker_state") == CLOSED


def test_after_three_failures_in_a_row_nobody_is_asked(metrics, other_side):
    guard = breaker(metrics)
    fail(guard, other_side, 3)

    with pytest.raises(BreakerOpen, match="depot"):
        guard.call(other_side)

    assert other_side.asked == 3
    assert shown(metrics, "breaker_state") == OPEN
    assert shown(metrics, "breaker_failures_total") == 3
    assert shown(metrics, "breaker_openings_total") == 1


def test_failures_with_an_answer_between_them_do_not_add_up(metrics, other_side):
    guard = breaker(metrics)
    fail(guard, other_side, 2)
    other_side.error = None
    guard.call(other_side)

    fail(guard, other_side, 2)

    assert shown(metrics, "breaker_state") == CLOSED


def test_an_error_that_is_an_answer_opens_nothing(metrics, other_side):
    guard = breaker(metrics)
    other_side.error = KeyError("no such stock")

    for _ in range(10):
        with pytest.raises(KeyError):
            guard.call(other_side)

    assert shown(metrics, "breaker_state") == CLOSED


def test_after_its_rest_one_good_answer_closes_it(metrics, other_side):
    guard = breaker(metrics, rest_s=0.05)
    fail(guard, other_side, 3)
    other_side.error = None

    eventually(lambda: not is_refused(guard, other_side))

    assert shown(metrics, "breaker_state") == CLOSED
    fail(guard, other_side, 2)
    assert shown(metrics, "breaker_state") == CLOSED


def test_a_try_in_vain_opens_it_again(metrics, other_side):
    guard = breaker(metrics, rest_s=0)
    fail(guard, other_side, 4)

    assert shown(metrics, "breaker_state") == OPEN
    assert shown(metrics, "breaker_openings_total") == 2


def test_while_one_tries_the_others_are_refused_at_once(metrics, other_side):
    guard = breaker(metrics, rest_s=0)
    fail(guard, other_side, 3)
    trying, go_on = threading.Event(), threading.Event()

    def slow():
        trying.set()
        assert go_on.wait(PATIENCE_S)

    tries = threading.Thread(target=guard.call, args=(slow,))
    tries.start()
    assert trying.wait(PATIENCE_S)

    assert is_refused(guard, other_side)

    go_on.set()
    tries.join(PATIENCE_S)
    assert shown(metrics, "breaker_state") == CLOSED


def test_calls_run_beside_each_other(metrics):
    guard, together = breaker(metrics), threading.Barrier(4)
    callers = [threading.Thread(target=guard.call, args=(lambda: together.wait(PATIENCE_S),)) for _ in range(3)]
    for caller in callers:
        caller.start()

    guard.call(lambda: together.wait(PATIENCE_S))

    for caller in callers:
        caller.join(PATIENCE_S)
    assert not together.broken


def test_what_began_before_it_opened_neither_closes_nor_counts(metrics, other_side):
    guard, begun, go_on = breaker(metrics), threading.Event(), threading.Event()

    def slow():
        begun.set()
        assert go_on.wait(PATIENCE_S)

    late = threading.Thread(target=guard.call, args=(slow,))
    late.start()
    assert begun.wait(PATIENCE_S)
    fail(guard, other_side, 3)

    go_on.set()
    late.join(PATIENCE_S)

    assert shown(metrics, "breaker_state") == OPEN
