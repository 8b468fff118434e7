"""What trades of one span of time come to."""

from __future__ import annotations

import pytest

from stock_data.domain.candles import SPANS_US, Candle, Candles, Timeframe
from tests.stock_data.builders import MINUTE_US, NOON_US, trade


def candles_of(*trades, timeframe=Timeframe.MINUTE) -> list[Candle]:
    candles = Candles()
    for each in trades:
        candles.add(each)
    return [candle for candle in candles.all() if candle.timeframe is timeframe]


def test_a_single_trade_is_open_high_low_and_close():
    [candle] = candles_of(trade(1, price=100, quantity=7))

    assert (candle.open, candle.high, candle.low, candle.close) == (1_000_000,) * 4
    assert (candle.volume, candle.trade_count, candle.notional) == (7, 1, 7_000_000)


def test_a_minute_opens_with_its_first_trade_and_closes_with_its_last():
    [candle] = candles_of(trade(1, price=100), trade(2, price=103), trade(3, price=98), trade(4, price=101))

    assert [candle.open, candle.high, candle.low, candle.close] == [1_000_000, 1_030_000, 980_000, 1_010_000]


def test_volume_and_notional_add_up_over_the_trades():
    [candle] = candles_of(trade(1, price=100, quantity=10), trade(2, price=110, quantity=30))

    assert (candle.volume, candle.trade_count) == (40, 2)
    assert candle.notional == 1_000_000 * 10 + 1_100_000 * 30


def test_the_last_microsecond_belongs_to_the_minute_and_the_next_opens_a_new_one():
    last, first = NOON_US + MINUTE_US - 1, NOON_US + MINUTE_US

    candles = candles_of(trade(1, at_us=last), trade(2, at_us=first))

    assert [candle.start_us for candle in candles] == [NOON_US, NOON_US + MINUTE_US]


@pytest.mark.parametrize("timeframe", Timeframe)
def test_every_trade_is_in_one_candle_of_each_timeframe(timeframe: Timeframe):
    trades = [trade(number, quantity=number, at_us=NOON_US + number * 7 * MINUTE_US) for number in range(1, 60)]

    candles = candles_of(*trades, timeframe=timeframe)

    assert sum(candle.volume for candle in candles) == sum(range(1, 60))
    assert all(candle.start_us % SPANS_US[timeframe] == 0 for candle in candles)
    assert len({candle.start_us for candle in candles}) == len(candles)


def test_a_day_starts_at_midnight_utc():
    [candle] = candles_of(trade(1, at_us=NOON_US), timeframe=Timeframe.DAY)

    assert candle.start_us == NOON_US - 12 * 60 * MINUTE_US


def test_the_largest_trades_of_a_day_do_not_overflow():
    candles = candles_of(
        *[trade(number, price=1_000_000, quantity=1_000_000_000) for number in range(1, 4)], timeframe=Timeframe.DAY
    )

    assert candles[0].notional == 3 * 10**10 * 10**9
