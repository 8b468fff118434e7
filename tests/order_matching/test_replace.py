"""Changing an order: when it keeps its place in the queue and when it loses it."""

from __future__ import annotations

import pytest

from order_matching.domain import reports
from order_matching.domain.book import SelfTrade
from tests.order_matching.builders import BUY, SELL, book_with, buy, endings, sell, standing, told, trades


def test_a_smaller_quantity_keeps_its_place() -> None:
    book = book_with(sell("first"), sell("second"))

    book.replace("first", sell("smaller", qty=7, account="first's account"))

    assert told(book) == [(reports.REPLACED, "smaller", "first", "first's account", 7, 100, True)]
    assert standing(book, SELL) == [("smaller", 7), ("second", 10)]


def test_the_same_quantity_at_the_same_price_keeps_its_place() -> None:
    book = book_with(sell("first"), sell("second"))

    book.replace("first", sell("same"))

    assert standing(book, SELL) == [("same", 10), ("second", 10)]


def test_more_quantity_loses_the_place() -> None:
    book = book_with(sell("first"), sell("second"))

    book.replace("first", sell("larger", qty=11))

    assert told(book) == [
        (reports.REPLACED, "larger", "first", "larger's account", 11, 100, False),
        (reports.RESTED, "larger", "larger's account", 11),
    ]
    assert standing(book, SELL) == [("second", 10), ("larger", 11)]


@pytest.mark.parametrize("price", [99, 101])
def test_a_new_price_loses_the_place_even_when_it_comes_back(price: int) -> None:
    book = book_with(sell("first"), sell("second"))
    book.replace("first", sell("away", at=price))

    book.replace("away", sell("back", at=100))

    assert standing(book, SELL) == [("second", 10), ("back", 10)]


def test_a_place_once_kept_can_be_kept_again() -> None:
    book = book_with(sell("first"), sell("second"))
    book.replace("first", sell("nine", qty=9))

    book.replace("nine", sell("eight", qty=8))
    book.submit(buy("taker", qty=9))

    assert trades(book) == [("eight", "taker", 8, 100), ("second", "taker", 1, 100)]


def test_what_has_filled_counts_towards_the_new_quantity() -> None:
    book = book_with(sell("maker", qty=10), buy("some", qty=4))

    book.replace("maker", sell("smaller", qty=7))

    assert standing(book, SELL) == [("smaller", 3)]


def test_what_filled_before_an_earlier_replacement_still_counts() -> None:
    book = book_with(sell("maker", qty=10), buy("some", qty=4))
    book.replace("maker", sell("once", qty=8))

    book.replace("once", sell("twice", qty=9))

    assert standing(book, SELL) == [("twice", 5)]


@pytest.mark.parametrize("total", [3, 4])
def test_a_quantity_that_has_filled_already_is_refused(total: int) -> None:
    book = book_with(sell("maker", qty=10), buy("some", qty=4))

    book.replace("maker", sell("too little", qty=total))

    assert endings(book) == [("replace_refused", "too little", "already_filled")]
    assert standing(book, SELL) == [("maker", 6)]


def test_an_order_that_does_not_stand_cannot_be_replaced() -> None:
    book = book_with(sell("maker"), buy("taker"))

    book.replace("maker", sell("late"))

    assert told(book) == [(reports.REPLACE_REFUSED, "late", "maker", "late's account", "order_not_open")]
    assert standing(book, SELL) == []


def test_a_price_across_the_spread_trades_at_the_makers_price() -> None:
    book = book_with(sell("maker", at=102), buy("bid", at=100))

    book.replace("bid", buy("crossing", qty=15, at=103))

    assert told(book)[:2] == [
        (reports.REPLACED, "crossing", "bid", "crossing's account", 15, 103, False),
        (reports.TRADED, 1, 102, 10, BUY, "crossing", "crossing's account", 5, "maker", "maker's account", 0),
    ]
    assert standing(book, BUY) == [("crossing", 5)]


def test_only_the_new_id_is_known_afterwards() -> None:
    book = book_with(sell("old"))
    book.replace("old", sell("new", qty=5))
    book.take_reports()

    book.cancel("old", "")
    book.cancel("new", "")

    assert endings(book) == [("cancel_refused", "old", "order_not_open"), ("canceled", "new", "requested")]


def test_the_new_orders_expiry_is_the_one_that_counts() -> None:
    book = book_with(sell("old", until=50))
    book.replace("old", sell("new", qty=5, until=200))

    book.expire(100)

    assert standing(book, SELL) == [("new", 5)]


def test_a_replacement_that_would_trade_with_its_own_account_leaves_the_old_order_as_it_was() -> None:
    book = book_with(sell("mine", at=102, account="me"), buy("bid", at=100, account="me"))

    book.replace("bid", buy("into myself", at=102, account="me"))

    assert endings(book) == [("replace_refused", "into myself", "self_trade")]
    assert standing(book, BUY) == [("bid", 10)]


def test_in_the_other_mode_such_a_replacement_is_canceled_where_it_meets_itself() -> None:
    book = book_with(
        sell("other", qty=4, at=101),
        sell("mine", at=102, account="me"),
        buy("bid", at=100, account="me"),
        self_trade=SelfTrade.CANCEL_NEWEST,
    )

    book.replace("bid", buy("into myself", at=102, account="me"))

    assert [report[0] for report in told(book)] == ["replaced", "traded", "canceled"]
    assert (standing(book, BUY), standing(book, SELL)) == ([], [("mine", 10)])


def test_a_replacement_whose_cancel_came_first_ends_both_orders() -> None:
    book = book_with(sell("maker", at=101), buy("bid", at=100))

    book.replace_canceled("bid", buy("late", at=105))

    assert told(book) == [
        (reports.REPLACED, "late", "bid", "late's account", 10, 105, False),
        (reports.CANCELED, "late", "late's account", BUY, 105, 10, "requested"),
    ]
    assert (standing(book, BUY), standing(book, SELL)) == ([], [("maker", 10)])


def test_a_canceled_replacement_of_nothing_is_refused() -> None:
    book = book_with()

    book.replace_canceled("never", buy("late"))

    assert endings(book) == [("replace_refused", "late", "order_not_open")]


@pytest.mark.parametrize("successor", [sell("other side"), buy("taken")])
def test_a_replacement_on_the_other_side_or_by_a_standing_id_is_a_broken_promise(successor: object) -> None:
    book = book_with(buy("old"), buy("taken", at=99))
    before = book.state()

    with pytest.raises(ValueError, match="cannot replace old"):
        book.replace("old", successor)  # type: ignore[arg-type]

    assert book.state() == before


def test_reinserting_always_loses_the_place() -> None:
    book = book_with(sell("first"), sell("second"))

    book.reinsert(sell("first", qty=5))

    assert standing(book, SELL) == [("second", 10), ("first", 5)]


def test_reinserting_what_does_not_stand_is_refused() -> None:
    book = book_with()

    book.reinsert(sell("gone"))

    assert told(book) == [(reports.REPLACE_REFUSED, "gone", "gone", "gone's account", "order_not_open")]
