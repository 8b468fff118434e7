"""A machine's clock is set now and then; what waits or counts must not notice."""

from __future__ import annotations

import time

import pytest

from chassis.clock import Clock, FixedClock, SteadyClock, SystemClock

_HOUR_US = 3_600_000_000


@pytest.fixture
def set_clock(monkeypatch):
    """Sets this process' wall clock forth or back, by so many microseconds."""
    real = time.time_ns

    def set_by(microseconds):
        monkeypatch.setattr(time, "time_ns", lambda: real() + microseconds * 1_000)

    return set_by


@pytest.mark.parametrize("step_us", [-_HOUR_US, _HOUR_US])
def test_a_steady_clock_begins_with_the_machines_and_is_not_set_with_it(set_clock, step_us):
    steady = SteadyClock()
    before_us = steady.now_us()
    assert abs(before_us - SystemClock().now_us()) < 60_000_000

    set_clock(step_us)

    assert abs(SystemClock().now_us() - before_us - step_us) < 60_000_000
    assert 0 <= steady.now_us() - before_us < 60_000_000


@pytest.mark.parametrize("clock", [SystemClock(), SteadyClock()])
def test_what_has_gone_by_is_told_by_a_clock_that_nobody_sets(set_clock, clock: Clock):
    before_us = clock.monotonic_us()

    set_clock(-_HOUR_US)

    assert 0 <= clock.monotonic_us() - before_us < 60_000_000


def test_a_clock_of_the_tests_is_set_without_time_going_by():
    clock = FixedClock(now_us=0)
    clock.advance(2)

    clock.step(-3_600)

    assert (clock.now_us(), clock.monotonic_us()) == (2_000_000 - _HOUR_US, 2_000_000)
