"""Who waits for something hears of it."""

from __future__ import annotations

import threading
import time

from chassis.waiting import Waiters
from tests.chassis.builders import PATIENCE_S


def test_what_has_happened_already_needs_no_waiting():
    assert Waiters().wait_until("order", lambda: True, 0) is True


def test_who_waits_in_vain_is_let_go_when_the_time_is_over():
    began_s = time.monotonic()

    assert Waiters().wait_until("order", lambda: False, 0.05) is False
    assert time.monotonic() - began_s >= 0.05


def test_a_notice_wakes_all_who_wait_for_that_key():
    waiters, happened = Waiters(), threading.Event()
    outcomes = []

    def wait():
        outcomes.append(waiters.wait_until("order", happened.is_set, PATIENCE_S))

    threads = [threading.Thread(target=wait) for _ in range(5)]
    for thread in threads:
        thread.start()
    happened.set()
    waiters.notify(["another", "order"])
    for thread in threads:
        thread.join(PATIENCE_S / 2)

    assert outcomes == [True] * 5


def test_no_notice_is_lost_however_close_it_is_to_the_question():
    """The thing happens between asking and waiting, the moment at which a careless wait sleeps for ever."""
    waiters = Waiters()
    happened = threading.Event()

    def ask():
        before = happened.is_set()
        if not before:
            happened.set()
            waiters.notify(["order"])
        return before

    began_s = time.monotonic()

    assert waiters.wait_until("order", ask, PATIENCE_S) is True
    assert time.monotonic() - began_s < PATIENCE_S / 2


def test_a_notice_for_something_else_does_not_end_the_wait():
    waiters, asked = Waiters(), []

    def ask():
        asked.append(True)
        waiters.notify(["another"])
        return False

    assert waiters.wait_until("order", ask, 0.05) is False
    assert len(asked) == 2  # at the beginning and at the end


def test_nothing_is_kept_of_who_has_gone():
    waiters = Waiters()

    waiters.wait_until("order", lambda: False, 0)

    assert waiters._events == {}
