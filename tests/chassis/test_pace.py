"""Busy work rests between its rounds; lone work never waits."""

from __future__ import annotations

import threading
import time

from chassis.batcher import Batcher
from chassis.bus import Message
from chassis.pace import Pace
from tests.chassis.builders import PATIENCE_S


def seconds_of_rest(pace: Pace) -> float:
    began_s = time.monotonic()
    pace.rest()
    return time.monotonic() - began_s


def work(pace: Pace, seconds: float) -> None:
    with pace.round():
        time.sleep(seconds)


def message_of_bytes(size: int) -> Message:
    return Message("01890000-0000-7000-8000-000000000000", "market", 0, b" " * size)


def test_the_first_round_begins_at_once():
    assert seconds_of_rest(Pace(10.0)) < 0.05


def test_who_was_at_work_rests_as_long():
    pace = Pace(10.0)
    work(pace, 0.2)

    assert 0.1 < seconds_of_rest(pace) < 1.0


def test_a_rest_has_a_bound():
    pace = Pace(0.01)
    work(pace, 0.5)

    assert seconds_of_rest(pace) < 0.2


def test_after_a_quiet_time_nobody_waits():
    pace = Pace(10.0)
    work(pace, 0.05)
    time.sleep(0.2)

    assert seconds_of_rest(pace) < 0.05


def test_a_round_that_fails_is_rested_from_as_well():
    pace = Pace(10.0)
    try:
        with pace.round():
            time.sleep(0.2)
            raise ValueError
    except ValueError:
        pass

    assert seconds_of_rest(pace) > 0.1


def test_whoever_is_to_leave_is_not_kept_by_a_rest():
    pace = Pace(2 * PATIENCE_S)
    pace._rested_at_s = time.monotonic() + 2 * PATIENCE_S
    resting = threading.Thread(target=pace.rest)
    resting.start()

    pace.hurry()

    resting.join(PATIENCE_S)
    assert not resting.is_alive()


def test_what_comes_during_a_rest_is_done_together():
    sizes: list[int] = []

    def handle(items):
        sizes.append(len(items))
        time.sleep(0.2)
        return items

    batcher = Batcher(handle, gather_s=1.0)
    batcher.submit(0)
    callers = [threading.Thread(target=batcher.submit, args=(number,)) for number in range(5)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(PATIENCE_S)

    assert sizes == [1, 5]


def test_a_round_that_took_up_little_is_hardly_rested_from():
    pace = Pace(10.0)
    with pace.round() as work:
        work.took_up([message_of_bytes(40)])
        time.sleep(0.5)

    assert seconds_of_rest(pace) < 0.1


def test_a_round_that_took_up_nothing_is_not_rested_from():
    pace = Pace(10.0)
    with pace.round() as work:
        work.took_up([])
        time.sleep(0.3)

    assert seconds_of_rest(pace) < 0.05


def test_one_large_message_makes_a_full_round():
    pace = Pace(10.0)
    with pace.round() as work:
        work.took_up([message_of_bytes(100_000)])
        time.sleep(0.2)

    assert 0.1 < seconds_of_rest(pace) < 1.0
