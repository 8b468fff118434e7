"""However greedy some are, whoever holds nothing yet finds a place."""

from __future__ import annotations

import pytest

from chassis.shares import Shares


def take_all(shares, holder):
    taken = 0
    while shares.take(holder):
        taken += 1
    return taken


def test_one_alone_gets_half_and_leaves_the_rest_to_others():
    shares = Shares(120)

    assert take_all(shares, "greedy") == 60
    assert take_all(shares, "also greedy") == 30


@pytest.mark.parametrize("greedy", [1, 10, 40])
def test_whoever_holds_nothing_finds_a_place_beside_many_who_take_what_they_get(greedy):
    shares = Shares(120)
    while sum(shares.take(f"greedy {number}") for number in range(greedy)):
        pass

    assert shares.take("modest")


def test_there_are_never_more_than_all_places():
    shares = Shares(5)

    assert sum(shares.take(f"holder {number}") for number in range(10)) == 5


def test_a_place_given_back_is_free_for_anybody():
    shares = Shares(1)
    assert shares.take("first")
    assert not shares.take("second")

    shares.give_back("first")

    assert shares.take("second")
