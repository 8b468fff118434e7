"""Who trades with whom, and at whose price."""

from __future__ import annotations

from order_matching.domain import reports
from tests.order_matching.builders import BUY, IOC, SELL, book_with, buy, sell, standing, told, trades


def test_an_order_that_meets_nobody_stands_in_the_book() -> None:
    book = book_with()

    book.submit(buy("ann", qty=10, at=100))

    assert told(book) == [(reports.RESTED, "ann", "ann's account", 10)]
    assert standing(book, BUY) == [("ann", 10)]


def test_a_taker_gets_the_makers_better_price() -> None:
    book = book_with(sell("maker", qty=10, at=100))

    book.submit(buy("taker", qty=10, at=105))

    assert trades(book) == [("maker", "taker", 10, 100)]


def test_a_seller_who_asks_less_gets_the_standing_bid() -> None:
    book = book_with(buy("maker", qty=10, at=105))

    book.submit(sell("taker", qty=10, at=100))

    assert trades(book) == [("maker", "taker", 10, 105)]


def test_the_cheapest_seller_trades_first_whoever_came_first() -> None:
    book = book_with(sell("dear", at=103), sell("cheap", at=101), sell("middle", at=102))

    book.submit(buy("taker", qty=25, at=110))

    assert trades(book) == [("cheap", "taker", 10, 101), ("middle", "taker", 10, 102), ("dear", "taker", 5, 103)]


def test_the_highest_bidder_trades_first_whoever_came_first() -> None:
    book = book_with(buy("low", at=99), buy("high", at=101), buy("middle", at=100))

    book.submit(sell("taker", qty=25, at=90))

    assert trades(book) == [("high", "taker", 10, 101), ("middle", "taker", 10, 100), ("low", "taker", 5, 99)]


def test_at_one_price_the_first_to_come_trades_first() -> None:
    book = book_with(sell("first"), sell("second"), sell("third"))

    book.submit(buy("taker", qty=15))

    assert trades(book) == [("first", "taker", 10, 100), ("second", "taker", 5, 100)]


def test_a_partly_filled_order_keeps_the_head_of_its_queue() -> None:
    book = book_with(sell("first"), sell("second"), buy("some", qty=4))

    book.submit(buy("more", qty=8))

    assert trades(book) == [("first", "more", 6, 100), ("second", "more", 2, 100)]


def test_what_is_left_of_a_taker_stands_at_its_own_price() -> None:
    book = book_with(sell("maker", qty=4, at=100))

    book.submit(buy("taker", qty=10, at=103))

    assert standing(book, BUY) == [("taker", 6)]
    assert [level.price for level in book.depth(BUY)] == [103]


def test_a_trade_tells_what_is_left_on_both_sides() -> None:
    book = book_with(sell("maker", qty=10))

    book.submit(buy("taker", qty=4))

    assert told(book) == [
        (reports.TRADED, 1, 100, 4, BUY, "taker", "taker's account", 0, "maker", "maker's account", 6)
    ]


def test_a_bid_one_tick_below_the_ask_does_not_trade() -> None:
    book = book_with(sell("maker", at=101))

    book.submit(buy("patient", at=100))

    assert trades(book) == []
    assert (standing(book, BUY), standing(book, SELL)) == ([("patient", 10)], [("maker", 10)])


def test_a_bid_at_the_ask_trades() -> None:
    book = book_with(sell("maker", at=101))

    book.submit(buy("taker", at=101))

    assert trades(book) == [("maker", "taker", 10, 101)]


def test_an_order_never_trades_beyond_its_limit() -> None:
    book = book_with(sell("near", at=100), sell("far", at=102))

    book.submit(buy("taker", qty=20, at=101))

    assert trades(book) == [("near", "taker", 10, 100)]
    assert standing(book, SELL) == [("far", 10)]


def test_a_market_order_trades_up_to_its_collar_and_no_further() -> None:
    book = book_with(sell("near", at=100), sell("within", at=110), sell("beyond", at=111))

    book.submit(buy("market", qty=30, at=110, tif=IOC))

    assert trades(book) == [("near", "market", 10, 100), ("within", "market", 10, 110)]
    assert standing(book, BUY) == []


def test_trades_are_numbered_without_a_gap() -> None:
    book = book_with(sell("one", qty=1), sell("two", qty=1), sell("three", qty=1))

    book.submit(buy("first", qty=2))
    book.submit(buy("second", qty=1))

    assert [report[2] for report in book.take_reports() if report[0] == reports.TRADED] == [1, 2, 3]
    assert book.trades == 3


def test_every_command_takes_the_next_sequence_and_its_reports_carry_it() -> None:
    book = book_with(sell("maker", qty=1))

    book.submit(buy("taker", qty=2))
    book.cancel("nobody", "account")
    book.cancel("taker", "taker's account")

    assert [report[1] for report in book.take_reports()] == [2, 2, 3, 4]
    assert book.sequence == 4


def test_a_newcomer_at_a_better_price_is_the_new_touch() -> None:
    book = book_with(sell("old", at=102), sell("new", at=101))

    book.submit(buy("taker", at=105))

    assert trades(book) == [("new", "taker", 10, 101)]


def test_both_sides_can_be_taken_in_turn() -> None:
    book = book_with(buy("bid", at=99), sell("ask", at=101))

    book.submit(buy("lifts", at=101))
    book.submit(sell("hits", at=99))

    assert trades(book) == [("ask", "lifts", 10, 101), ("bid", "hits", 10, 99)]
    assert (standing(book, BUY), standing(book, SELL)) == ([], [])
