"""Taking an order back."""

from __future__ import annotations

import pytest

from order_matching.domain import reports
from tests.order_matching.builders import BUY, SELL, book_with, buy, endings, sell, standing, told, trades


def test_a_canceled_order_is_gone_and_says_what_was_left_of_it() -> None:
    book = book_with(sell("maker", qty=10), buy("some", qty=4))

    book.cancel("maker", "maker's account")

    assert told(book) == [(reports.CANCELED, "maker", "maker's account", SELL, 100, 6, "requested")]
    assert standing(book, SELL) == []


def test_a_canceled_order_does_not_trade() -> None:
    book = book_with(sell("gone", at=99), sell("stays", at=100))
    book.cancel("gone", "gone's account")

    book.submit(buy("taker", qty=20))

    assert trades(book) == [("stays", "taker", 10, 100)]


def test_the_cancel_of_an_order_nobody_knows_is_refused() -> None:
    book = book_with()

    book.cancel("stranger", "somebody")

    assert told(book) == [(reports.CANCEL_REFUSED, "stranger", "somebody", "order_not_open")]


def test_the_cancel_of_a_filled_order_is_refused() -> None:
    book = book_with(sell("maker"), buy("taker"))

    book.cancel("maker", "maker's account")
    book.cancel("taker", "taker's account")

    assert endings(book) == [
        ("cancel_refused", "maker", "order_not_open"),
        ("cancel_refused", "taker", "order_not_open"),
    ]


def test_a_second_cancel_is_refused() -> None:
    book = book_with(buy("ann"))
    book.cancel("ann", "ann's account")

    book.cancel("ann", "ann's account")

    assert endings(book) == [("canceled", "ann", "requested"), ("cancel_refused", "ann", "order_not_open")]


@pytest.mark.parametrize("gone", ["first", "second", "third"])
def test_a_cancel_anywhere_in_the_queue_loses_nobody_else(gone: str) -> None:
    names = ["first", "second", "third"]
    book = book_with(*(sell(name) for name in names))
    book.cancel(gone, f"{gone}'s account")

    book.submit(buy("taker", qty=100))

    assert [maker for maker, _, _, _ in trades(book)] == [name for name in names if name != gone]


def test_canceling_the_best_price_leaves_no_phantom() -> None:
    book = book_with(sell("best", at=100), sell("next", at=102))
    book.cancel("best", "best's account")

    book.submit(buy("taker", at=101))

    assert trades(book) == []
    assert standing(book, BUY) == [("taker", 10)]


def test_a_price_that_was_emptied_can_be_used_again() -> None:
    book = book_with(sell("a", at=101), sell("b", at=100))
    book.cancel("a", "a's account")
    book.submit(sell("c", at=101))
    book.cancel("b", "b's account")

    book.submit(buy("taker", at=101))

    assert trades(book) == [("c", "taker", 10, 101)]


def test_the_id_of_a_finished_order_is_free_again() -> None:
    book = book_with(buy("ann"))
    book.cancel("ann", "ann's account")

    book.submit(buy("ann", qty=3))

    assert standing(book, BUY) == [("ann", 3)]


def test_the_id_of_a_standing_order_is_not_free_and_nothing_changes() -> None:
    book = book_with(buy("ann"))
    before = book.state()

    with pytest.raises(ValueError, match="ann"):
        book.submit(buy("ann", at=101))

    assert book.state() == before


def test_an_order_whose_cancel_came_first_ends_without_a_trade() -> None:
    book = book_with(sell("maker"))

    book.submit_canceled(buy("late"))

    assert told(book) == [(reports.CANCELED, "late", "late's account", BUY, 100, 10, "requested")]
    assert standing(book, SELL) == [("maker", 10)]


def test_many_prices_come_and_go_without_leaving_anything() -> None:
    book = book_with(sell("stays", at=1))
    for price in range(2, 2_000):
        book.submit(sell(f"at {price}", at=price))
        book.cancel(f"at {price}", "")

    assert len(book._asks._queues) < 200
    assert standing(book, SELL) == [("stays", 10)]
