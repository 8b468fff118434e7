"""An account never trades with itself: its order is refused, or ends where it would."""

from __future__ import annotations

import pytest

from order_matching.domain.book import SelfTrade
from tests.order_matching.builders import BUY, FOK, IOC, SELL, book_with, buy, endings, sell, standing, told, trades


def test_an_order_that_would_reach_its_own_account_is_refused_before_any_trade() -> None:
    book = book_with(sell("other", qty=5, at=100), sell("mine", at=101, account="me"))

    book.submit(buy("new", qty=10, at=101, account="me"))

    assert told(book) == [("refused", "new", "me", "self_trade")]
    assert standing(book, SELL) == [("other", 5), ("mine", 10)]


def test_an_order_filled_before_it_reaches_its_own_account_trades() -> None:
    book = book_with(sell("other", qty=10, at=100), sell("mine", at=100, account="me"))

    book.submit(buy("new", qty=10, account="me"))

    assert trades(book) == [("other", "new", 10, 100)]


def test_its_own_order_beyond_the_limit_is_no_obstacle() -> None:
    book = book_with(sell("other", qty=5, at=100), sell("mine", at=101, account="me"))

    book.submit(buy("new", qty=10, at=100, account="me"))

    assert trades(book) == [("other", "new", 5, 100)]
    assert standing(book, BUY) == [("new", 5)]


def test_two_orders_of_one_account_on_one_side_do_not_mind_each_other() -> None:
    book = book_with(buy("one", account="me"), buy("two", account="me"))

    book.submit(sell("taker", qty=20))

    assert trades(book) == [("one", "taker", 10, 100), ("two", "taker", 10, 100)]


def test_in_the_other_mode_it_trades_up_to_its_own_order_and_the_rest_is_canceled() -> None:
    book = book_with(
        sell("other", qty=4, at=100), sell("mine", at=101, account="me"), self_trade=SelfTrade.CANCEL_NEWEST
    )

    book.submit(buy("new", qty=10, at=101, account="me"))

    kinds = told(book)
    assert [report[0] for report in kinds] == ["traded", "canceled"]
    assert kinds[1] == ("canceled", "new", "me", BUY, 101, 6, "self_trade")
    assert (standing(book, BUY), standing(book, SELL)) == ([], [("mine", 10)])


def test_in_the_other_mode_an_order_that_meets_itself_first_trades_nothing() -> None:
    book = book_with(sell("mine", account="me"), sell("other"), self_trade=SelfTrade.CANCEL_NEWEST)

    book.submit(buy("new", account="me"))

    assert endings(book) == [("canceled", "new", "self_trade")]


@pytest.mark.parametrize(("mode", "kind"), [(SelfTrade.REFUSE, "refused"), (SelfTrade.CANCEL_NEWEST, "canceled")])
def test_a_fok_order_with_its_own_account_in_the_way_trades_nothing(mode: SelfTrade, kind: str) -> None:
    book = book_with(sell("other", qty=4), sell("mine", account="me"), sell("enough", qty=100), self_trade=mode)

    book.submit(buy("new", qty=10, tif=FOK, account="me"))

    assert endings(book) == [(kind, "new", "self_trade")]
    assert standing(book, SELL) == [("other", 4), ("mine", 10), ("enough", 100)]


@pytest.mark.parametrize("mode", list(SelfTrade))
def test_a_fok_order_filled_before_its_own_account_trades(mode: SelfTrade) -> None:
    book = book_with(sell("other", qty=10), sell("mine", account="me"), self_trade=mode)

    book.submit(buy("new", qty=10, tif=FOK, account="me"))

    assert trades(book) == [("other", "new", 10, 100)]


def test_an_ioc_order_is_no_exception() -> None:
    book = book_with(buy("mine", account="me"))

    book.submit(sell("new", tif=IOC, account="me"))

    assert endings(book) == [("refused", "new", "self_trade")]
