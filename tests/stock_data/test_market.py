"""A market takes facts in: once each, in order."""

from __future__ import annotations

from stock_data.domain.candles import Timeframe
from stock_data.domain.market import Market
from tests.stock_data.builders import NOON_US, ask, bid, change, trade

HOUR_US = 3_600_000_000


def test_trades_go_onto_the_tape_in_their_order():
    market = Market("AAPL")

    for number in (1, 2, 3):
        market.print_trade(trade(number))

    assert [each.number for each in market.prints] == [1, 2, 3]
    assert market.trade_number == 3


def test_the_tape_runs_forth_though_another_process_matches_by_a_clock_that_is_behind():
    market = Market("AAPL", trade_number=4, printed_at_us=NOON_US + 5)

    for number, at_us in ((5, NOON_US - HOUR_US), (6, NOON_US + 6), (7, NOON_US + 1)):
        market.print_trade(trade(number, at_us=at_us))

    assert [(each.number, each.at_us - NOON_US) for each in market.prints] == [(5, 5), (6, 6), (7, 6)]
    assert {candle.start_us for candle in market.candles if candle.timeframe is Timeframe.MINUTE} == {NOON_US}


def test_a_trade_by_a_clock_that_is_ahead_does_not_hold_up_what_follows():
    market = Market("AAPL", latest_us=NOON_US + 9)

    for number, at_us in ((1, NOON_US), (2, NOON_US + HOUR_US), (3, NOON_US + 7)):
        market.print_trade(trade(number, at_us=at_us))

    assert [each.at_us - NOON_US for each in market.prints] == [0, 9, 9]


def test_a_repeated_trade_is_printed_once():
    market = Market("AAPL")

    for number in (1, 2, 1, 2, 3, 3):
        market.print_trade(trade(number, quantity=10))

    assert [each.number for each in market.prints] == [1, 2, 3]
    assert [candle.volume for candle in market.candles if candle.timeframe is Timeframe.DAY] == [30]


def test_a_trade_from_before_the_last_batch_is_skipped():
    market = Market("AAPL", trade_number=5)

    market.print_trade(trade(5))
    market.print_trade(trade(6))

    assert [each.number for each in market.prints] == [6]


def test_a_level_is_as_its_last_change_says():
    market = Market("AAPL")

    market.change_book(change(1, [bid(100, 10), ask(101, 5)]))
    market.change_book(change(2, [bid(100, 30, orders=2)]))

    assert market.levels == [bid(100, 30, orders=2), ask(101, 5)]
    assert market.book_sequence == 2


def test_an_older_change_never_overwrites_a_newer_one():
    market = Market("AAPL")

    market.change_book(change(2, [bid(100, 30)], previous=0))
    market.change_book(change(1, [bid(100, 10)]))
    market.change_book(change(2, [bid(100, 99)], previous=0))

    assert market.levels == [bid(100, 30)]
    assert market.gaps == []


def test_a_bid_and_an_ask_of_one_price_in_one_batch_are_two_levels():
    market = Market("AAPL")

    market.change_book(change(1, [bid(100, 10)]))
    market.change_book(change(2, [bid(100, 0), ask(100, 5)]))

    assert market.levels == [bid(100, 0), ask(100, 5)]


def test_a_missing_change_is_noticed():
    market = Market("AAPL")

    market.change_book(change(1, [bid(100, 10)]))
    market.change_book(change(5, [bid(100, 20)], previous=4))

    assert market.gaps == [(1, 4)]


def test_commands_that_change_no_level_are_no_gap():
    market = Market("AAPL")

    market.change_book(change(1, [bid(100, 10)]))
    market.change_book(change(9, [bid(100, 20)], previous=1))

    assert market.gaps == []
