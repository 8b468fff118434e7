"""Many callers, one piece of work; each gets the answer that is its own."""

from __future__ import annotations

import threading

import pytest

from chassis.batcher import Batcher
from tests.chassis.builders import PATIENCE_S


def call_at_once(batcher, items):
    """What each caller got, an exception included, by item."""
    answers = {}
    start = threading.Barrier(len(items))

    def call(item):
        start.wait()
        try:
            answers[item] = batcher.submit(item)
        except Exception as error:  # noqa: BLE001  # it is what the test looks at
            answers[item] = error

    callers = [threading.Thread(target=call, args=(item,)) for item in items]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(PATIENCE_S)
    return answers


def double(items):
    return [item * 2 for item in items]


def test_a_lone_caller_waits_for_nobody():
    assert Batcher(double).submit(21) == 42


def test_everybody_gets_the_answer_to_the_own_question():
    answers = call_at_once(Batcher(double), range(64))

    assert answers == {number: number * 2 for number in range(64)}


def test_who_comes_while_work_is_done_is_served_together():
    batches, arrived, go_on = [], threading.Event(), threading.Event()

    def handle(items):
        batches.append(len(items))
        arrived.set()
        go_on.wait(PATIENCE_S)
        return items

    batcher = Batcher(handle)
    first = threading.Thread(target=batcher.submit, args=("first",))
    first.start()
    arrived.wait(PATIENCE_S)
    others = [threading.Thread(target=batcher.submit, args=(number,)) for number in range(10)]
    for other in others:
        other.start()
    while len(batcher._waiting) < 10:
        threading.Event().wait(0.001)
    go_on.set()
    for caller in (first, *others):
        caller.join(PATIENCE_S)

    assert batches == [1, 10]


def test_a_batch_is_never_larger_than_the_largest():
    sizes = []

    def handle(items):
        sizes.append(len(items))
        return items

    answers = call_at_once(Batcher(handle, largest=3), range(20))

    assert answers == {number: number for number in range(20)}
    assert max(sizes) <= 3


def test_one_refusal_is_its_callers_alone():
    def handle(items):
        return [KeyError(item) if item == 3 else item for item in items]

    answers = call_at_once(Batcher(handle), range(8))

    assert isinstance(answers.pop(3), KeyError)
    assert answers == {number: number for number in range(8) if number != 3}


def test_when_the_work_itself_fails_every_caller_learns_it():
    def handle(items):
        raise ConnectionError("no database")

    answers = call_at_once(Batcher(handle), range(8))

    assert {type(answer) for answer in answers.values()} == {ConnectionError}


def test_after_a_failure_the_next_call_works():
    outcomes = iter([ConnectionError("no database"), None])

    def handle(items):
        outcome = next(outcomes)
        if outcome is not None:
            raise outcome
        return items

    batcher = Batcher(handle)
    with pytest.raises(ConnectionError):
        batcher.submit("first")

    assert batcher.submit("second") == "second"
