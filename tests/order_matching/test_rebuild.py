"""The resting orders are the book: rebuilt from them it goes on as if nothing had happened."""

from __future__ import annotations

import gc

import pytest

from contracts.orders import Side, TimeInForce
from order_matching.domain.book import Book
from order_matching.domain.orders import Order
from tests.order_matching.builders import BUY, DAY, SELL, book_with, buy, sell, standing, trades


def rebuilt(book: Book) -> Book:
    return Book(resting=book.resting(), sequence=book.sequence, trades=book.trades, halted=book.halted)


def lively_book() -> Book:
    book = book_with(
        sell("a", at=101), sell("b", at=101), buy("c", at=99), buy("some", qty=4, at=101), sell("d", at=103)
    )
    book.replace("b", sell("b smaller", qty=5, at=101))
    book.take_reports()
    book.take_changes()
    return book


def test_a_rebuilt_book_is_the_identical_book() -> None:
    book = lively_book()

    assert rebuilt(book).state() == book.state()


def test_a_rebuilt_book_says_and_does_the_same() -> None:
    book = lively_book()
    again = rebuilt(book)

    for each in (book, again):
        each.submit(buy("taker", qty=13, at=102))

    assert again.take_reports() == book.take_reports()
    assert again.take_changes() == book.take_changes()


def test_a_rebuilt_book_has_nothing_to_report() -> None:
    again = rebuilt(lively_book())

    assert again.take_reports() == []
    assert again.take_changes() == ()


def test_a_halt_survives() -> None:
    book = book_with()
    book.halt()

    assert rebuilt(book).halted


def test_what_is_handed_out_cannot_change_the_book() -> None:
    book = book_with(buy("ann"))
    before = book.state()

    book.resting()[0].remaining = 1

    assert book.state() == before


def test_an_order_that_stands_can_be_looked_up() -> None:
    book = book_with(buy("ann", at=99))

    found = book.find("ann")

    assert found is not None
    assert (found.price, found.remaining) == (99, 10)
    assert book.find("bob") is None


@pytest.mark.parametrize(
    ("resting", "what"),
    [
        ([buy("a", at=101, priority=1), sell("b", at=101, priority=2)], "cross"),
        ([buy("a", priority=2), buy("b", priority=1)], "out of turn"),
        ([buy("a", priority=1), buy("b", priority=1)], "out of turn"),
        ([buy("a", priority=1), buy("a", priority=2)], "twice"),
        ([buy("a", priority=9)], "out of turn"),
        ([buy("a", priority=0)], "out of turn"),
    ],
)
def test_orders_that_cannot_have_stood_together_are_no_book(resting: list[Order], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        Book(resting=resting, sequence=5)


def test_priority_and_not_arrival_in_the_index_decides() -> None:
    book = book_with(sell("first"), sell("second"))
    book.replace("first", sell("renamed", qty=9))

    again = rebuilt(book)
    again.submit(buy("taker", qty=9))

    assert trades(again) == [("renamed", "taker", 9, 100)]
    assert standing(again, SELL) == [("second", 10)]


@pytest.mark.parametrize(
    ("price", "quantity", "remaining"), [(0, 1, 1), (-1, 1, 1), (1, 0, 0), (1, -1, -1), (1, 5, 6), (1, 5, 0)]
)
def test_an_order_that_means_nothing_is_not_born(price: int, quantity: int, remaining: int) -> None:
    with pytest.raises(ValueError, match="ann"):
        Order("ann", "account", Side.BUY, price, quantity, remaining, TimeInForce.DAY)


def test_a_book_leaves_nothing_for_the_garbage_collector() -> None:
    book = book_with()
    gc.collect()

    for number in range(2_000):
        book.submit(Order(number, number, (BUY, SELL)[number % 2], 100 + number % 7, 5, 5, DAY))
        book.cancel(number - 3, number)
    book.take_reports()

    assert gc.collect() == 0
