"""Whoever comes for another key than a crowd's stands behind one of the crowd, not behind all of it."""

from __future__ import annotations

import pytest

from chassis.fair_queue import FairQueue


def crowd(queue: FairQueue[str], key: str, size: int) -> list[str]:
    """So many of a key at the door; those who are let in at once."""
    return [name for name in (f"{key}-{number}" for number in range(size)) if queue.enter(key, name)]


def test_one_key_alone_gets_half_and_the_rest_waits_for_others() -> None:
    queue: FairQueue[str] = FairQueue(8)

    assert len(crowd(queue, "crowd", 100)) == 4
    assert queue.enter("other", "other-0")


def test_they_come_in_in_the_order_in_which_they_waited() -> None:
    queue: FairQueue[str] = FairQueue(2)
    crowd(queue, "a", 4)

    assert [queue.leave("a") for _ in range(3)] == [["a-1"], ["a-2"], ["a-3"]]
    assert queue.leave("a") == []
    assert not queue


@pytest.mark.parametrize("crowds", [1, 3, 20])
def test_a_newcomer_waits_for_one_of_each_crowd(crowds: int) -> None:
    queue: FairQueue[str] = FairQueue(8)
    inside = [name for number in range(crowds) for name in crowd(queue, f"crowd{number}", 50)]
    waits = 0
    came_in = queue.enter("newcomer", "newcomer")
    while not came_in:
        waits += 1
        entered = queue.leave(inside.pop(0).partition("-")[0])
        inside += entered
        came_in = "newcomer" in entered

    assert waits <= crowds + 1


def test_whoever_holds_least_is_next() -> None:
    queue: FairQueue[str] = FairQueue(6)
    for key in ("greedy", "greedy", "modest", "other", "other", "other"):
        queue.resume(key)
    queue.enter("greedy", "greedy")
    queue.enter("modest", "modest")

    assert queue.leave("other") == []  # as many are free as the modest one holds
    assert queue.leave("other") == ["modest"]


def test_who_goes_on_after_a_wait_needs_no_free_place_and_the_next_ones_wait_for_it() -> None:
    queue: FairQueue[str] = FairQueue(2)
    queue.enter("a", "a-0")
    queue.enter("b", "b-0")
    assert not queue.enter("c", "c-0")
    queue.resume("a")

    assert queue.leave("a") == []
    assert queue.leave("a") == ["c-0"]


def test_places_are_neither_lost_nor_made() -> None:
    queue: FairQueue[str] = FairQueue(5)
    inside: list[str] = []
    for number in range(500):
        key = "abcad"[number % 5]
        inside += [key] if queue.enter(key, key) else []
        if len(inside) == 5 or number % 7 == 0:
            inside += queue.leave(inside.pop(0))
        assert len(inside) <= 5
    while inside:
        inside += queue.leave(inside.pop(0))

    assert not queue
    assert sum(queue.enter(f"key {number}", "") for number in range(20)) == 5


def test_who_is_turned_away_is_the_last_of_the_longest_line() -> None:
    queue: FairQueue[str] = FairQueue(2)
    crowd(queue, "crowd", 4)
    queue.enter("b", "b-0")
    queue.enter("b", "b-1")

    assert [queue.turn_away() for _ in range(5)] == ["crowd-3", "crowd-2", "crowd-1", "b-1", None]
