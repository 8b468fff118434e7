"""What the outside sees of a book: levels, and which of them have changed."""

from __future__ import annotations

from contracts.facts import Level
from tests.order_matching.builders import BUY, IOC, SELL, book_with, buy, levels, sell


def test_depth_shows_each_price_once_the_best_in_front() -> None:
    book = book_with(buy("a", at=99), buy("b", at=100), buy("c", qty=5, at=99), sell("d", at=103), sell("e", at=102))

    assert levels(book.depth(BUY)) == [(100, 10, 1), (99, 15, 2)]
    assert levels(book.depth(SELL)) == [(102, 10, 1), (103, 10, 1)]


def test_depth_stops_after_as_many_levels_as_were_asked_for() -> None:
    book = book_with(*(sell(f"at {price}", at=price) for price in (105, 101, 104, 102, 103)))

    assert [level.price for level in book.depth(SELL, 2)] == [101, 102]


def test_a_new_order_changes_its_level() -> None:
    book = book_with(buy("ann", qty=10, at=100))

    book.submit(buy("bob", qty=5, at=100))

    assert book.take_changes() == (Level(BUY, 100, 15, 2),)


def test_a_level_that_is_gone_is_told_with_nothing_in_it() -> None:
    book = book_with(buy("ann", at=100))

    book.cancel("ann", "")

    assert book.take_changes() == (Level(BUY, 100, 0, 0),)


def test_a_sweep_changes_every_level_it_went_through() -> None:
    book = book_with(sell("a", at=100), sell("b", at=101), sell("c", at=102))

    book.submit(buy("taker", qty=15, at=102))

    assert book.take_changes() == (Level(SELL, 100, 0, 0), Level(SELL, 101, 5, 1))


def test_both_sides_are_told_bids_first_each_from_the_best() -> None:
    book = book_with(sell("a", at=101))

    book.submit(buy("taker", qty=15, at=102))
    book.submit(buy("low", at=98))
    book.submit(sell("far", at=110))

    assert [(level.side, level.price) for level in book.take_changes()] == [
        (BUY, 102),
        (BUY, 98),
        (SELL, 101),
        (SELL, 110),
    ]


def test_what_came_and_went_between_two_looks_is_no_change() -> None:
    book = book_with(buy("stays", at=100))

    book.submit(buy("flash", at=101))
    book.submit(buy("same price", at=100))
    book.cancel("flash", "")
    book.cancel("same price", "")

    assert book.take_changes() == ()


def test_an_order_that_rests_nowhere_changes_nothing() -> None:
    book = book_with(buy("ann", at=100))

    book.submit(sell("too dear", at=101, tif=IOC))

    assert book.take_changes() == ()


def test_a_change_is_told_once() -> None:
    book = book_with()
    book.submit(buy("ann"))
    book.take_changes()

    assert book.take_changes() == ()


def test_one_order_in_place_of_another_of_the_same_size_is_no_change() -> None:
    book = book_with(buy("old"))

    book.replace("old", buy("new"))

    assert book.take_changes() == ()


def test_a_smaller_replacement_in_the_same_place_is_a_change() -> None:
    book = book_with(buy("old"))

    book.replace("old", buy("new", qty=4))

    assert book.take_changes() == (Level(BUY, 100, 4, 1),)
