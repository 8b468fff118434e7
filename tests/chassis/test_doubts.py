"""A doubt ends when it was settled, and only if nothing new was doubted meanwhile."""

from __future__ import annotations

from chassis.doubts import Doubts


def test_only_what_was_named_is_in_doubt():
    doubts = Doubts(largest=10)

    doubts.add(["session:1"])

    assert bool(doubts)
    assert doubts.covers("session:1")
    assert not doubts.covers("session:2")


def test_a_settled_doubt_is_over():
    doubts = Doubts(largest=10)
    doubts.add(["session:1", "session:2"])

    doubts.settle(doubts.now())

    assert not doubts
    assert not doubts.covers("session:1")


def test_what_is_doubted_again_while_it_is_settled_stays_in_doubt():
    doubts = Doubts(largest=10)
    doubts.add(["session:1", "session:2"])
    under_way = doubts.now()

    doubts.add(["session:1"])
    doubts.settle(under_way)

    assert doubts.covers("session:1")
    assert not doubts.covers("session:2")


def test_too_many_doubts_are_a_doubt_about_everything():
    doubts = Doubts(largest=2)

    doubts.add(["1", "2", "3"])

    assert doubts.now().names == {}
    assert doubts.covers("never named")
    doubts.settle(doubts.now())
    assert not doubts


def test_too_many_doubts_once_more_while_everything_is_settled_keep_everything_in_doubt():
    doubts = Doubts(largest=2)
    doubts.add(["1", "2", "3"])
    under_way = doubts.now()

    doubts.add(["4", "5", "6"])
    doubts.settle(under_way)

    assert doubts.covers("1")


def test_settling_names_leaves_a_doubt_about_everything_that_came_later():
    doubts = Doubts(largest=2)
    doubts.add(["1"])
    under_way = doubts.now()

    doubts.add(["2", "3"])
    doubts.settle(under_way)

    assert doubts.covers("1")
