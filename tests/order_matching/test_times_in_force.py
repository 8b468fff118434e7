"""How long an order may stand: for the day, until canceled, at once, all or nothing."""

from __future__ import annotations

import pytest

from contracts.orders import TimeInForce
from tests.order_matching.builders import BUY, DAY, FOK, GTC, IOC, SELL, book_with, buy, endings, sell, standing, trades


@pytest.mark.parametrize("tif", [DAY, GTC])
def test_the_rest_of_a_day_or_gtc_order_stands(tif: TimeInForce) -> None:
    book = book_with(sell("maker", qty=4))

    book.submit(buy("taker", qty=10, tif=tif))

    assert standing(book, BUY) == [("taker", 6)]


@pytest.mark.parametrize("tif", [IOC, FOK])
def test_an_immediate_order_that_meets_nobody_is_canceled(tif: TimeInForce) -> None:
    book = book_with()

    book.submit(buy("taker", tif=tif))

    reason = {IOC: "nothing_to_match", FOK: "cannot_fill_completely"}[tif]
    assert endings(book) == [("canceled", "taker", reason)]
    assert standing(book, BUY) == []


@pytest.mark.parametrize("tif", list(TimeInForce))
def test_an_order_filled_at_once_ends_without_another_word(tif: TimeInForce) -> None:
    book = book_with(sell("maker"))

    book.submit(buy("taker", tif=tif))

    assert [report[0] for report in book.take_reports()] == ["traded"]
    assert (standing(book, BUY), standing(book, SELL)) == ([], [])


def test_an_ioc_order_trades_what_it_can_and_the_rest_is_canceled() -> None:
    book = book_with(sell("maker", qty=4))

    book.submit(buy("taker", qty=10, tif=IOC))

    told = book.take_reports()
    assert [report[0] for report in told] == ["traded", "canceled"]
    assert told[1][5:] == (100, 6, "nothing_to_match")


def test_an_ioc_order_does_not_reach_beyond_its_limit() -> None:
    book = book_with(sell("near", qty=4, at=100), sell("far", qty=10, at=101))

    book.submit(buy("taker", qty=10, at=100, tif=IOC))

    assert trades(book) == [("near", "taker", 4, 100)]
    assert standing(book, SELL) == [("far", 10)]


def test_a_fok_order_that_cannot_be_filled_whole_trades_nothing() -> None:
    book = book_with(sell("maker", qty=9))

    book.submit(buy("taker", qty=10, tif=FOK))

    assert endings(book) == [("canceled", "taker", "cannot_fill_completely")]
    assert standing(book, SELL) == [("maker", 9)]


def test_a_fok_order_counts_only_what_stands_within_its_limit() -> None:
    book = book_with(sell("near", qty=5, at=100), sell("far", qty=100, at=101))

    book.submit(buy("taker", qty=10, at=100, tif=FOK))

    assert endings(book) == [("canceled", "taker", "cannot_fill_completely")]


def test_a_fok_order_may_fill_over_many_orders_and_prices() -> None:
    book = book_with(sell("a", qty=3, at=100), sell("b", qty=3, at=100), sell("c", qty=3, at=101), sell("d", at=105))

    book.submit(buy("taker", qty=9, at=101, tif=FOK))

    assert trades(book) == [("a", "taker", 3, 100), ("b", "taker", 3, 100), ("c", "taker", 3, 101)]
    assert standing(book, SELL) == [("d", 10)]


def test_a_fok_order_looks_through_prices_in_the_order_in_which_it_would_trade() -> None:
    prices = [109, 103, 107, 101, 105, 108, 102, 106, 104, 100]
    book = book_with(*(sell(f"at {price}", qty=1, at=price) for price in prices))

    book.submit(buy("taker", qty=7, at=106, tif=FOK))

    assert [price for _, _, _, price in trades(book)] == [100, 101, 102, 103, 104, 105, 106]


def test_a_fok_sale_looks_down_the_bids() -> None:
    book = book_with(buy("high", qty=5, at=101), buy("low", qty=5, at=99))

    book.submit(sell("too much", qty=10, at=100, tif=FOK))
    book.submit(sell("just right", qty=10, at=99, tif=FOK))

    assert trades(book) == [("high", "just right", 5, 101), ("low", "just right", 5, 99)]
