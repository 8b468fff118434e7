"""What prices were: the question other services ask to value things of the past."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.questions import Unanswered
from contracts.names import MOST_CLOSES, QUESTION_CLOSES
from stock_data.domain.candles import Timeframe, frame_within
from tests.stock_data.builders import MINUTE_US, NOON_US, trade
from tests.stock_data.rig import Rig, empty

NOON = NOON_US // 1_000_000


def closes(rig: Rig, *symbols: str, span_s: int = 60, first: int, last: int) -> Any:
    asked = {"symbols": list(symbols), "span_s": span_s, "first": first, "last": last}
    return rig.questions.ask(QUESTION_CLOSES, asked)["closes"]


def windows(told: Any) -> list[tuple[int, int]]:
    return [tuple(each) for each in told["windows"]]


def test_before_anybody_traded_there_is_only_the_reference_price(rig: Rig):
    told = closes(rig, "AAPL", first=0, last=10)

    assert told == {"AAPL": {"reference": 1_900_000, "before": None, "windows": []}}


def test_each_window_has_its_last_price_and_quiet_ones_have_none(rig: Rig):
    first = NOON // 60
    rig.hear(
        trade(1, price=100, at_us=NOON_US - 1),
        trade(2, price=101),
        trade(3, price=102, at_us=NOON_US + MINUTE_US - 1),
        trade(4, price=103, at_us=NOON_US + 3 * MINUTE_US),
        trade(5, price=104, at_us=NOON_US + 4 * MINUTE_US),
    )

    told = closes(rig, "AAPL", first=first, last=first + 3)["AAPL"]

    assert told["before"] == 1_000_000
    assert windows(told) == [(first, 1_020_000), (first + 3, 1_030_000)]


@pytest.mark.parametrize("span_s", [60, 300, 900, 3_600, 7_200, 86_400])
def test_windows_can_be_of_any_whole_minutes(rig: Rig, span_s: int):
    last = (NOON_US + 90 * MINUTE_US) // (span_s * 1_000_000)
    rig.hear(*[trade(number + 1, price=100 + number, at_us=NOON_US + number * MINUTE_US) for number in range(91)])

    told = closes(rig, "AAPL", span_s=span_s, first=last, last=last)["AAPL"]

    assert windows(told) == [(last, 1_900_000)]


def test_symbols_nobody_listed_are_left_out(rig: Rig):
    told = closes(rig, "AAPL", "NVDA", "'; drop table candles", first=0, last=1)

    assert told.keys() == {"AAPL"}


@pytest.mark.parametrize("span_s", [0, -60, 59, 90])
def test_windows_that_are_not_whole_minutes_are_not_answered(rig: Rig, span_s: int):
    with pytest.raises(Unanswered):
        closes(rig, "AAPL", span_s=span_s, first=0, last=1)


def test_more_than_one_answer_can_hold_is_not_answered(rig: Rig):
    assert closes(rig, "AAPL", first=1, last=MOST_CLOSES)

    with pytest.raises(Unanswered):
        closes(rig, "AAPL", "MSFT", first=1, last=MOST_CLOSES // 2 + 1)


def test_the_fewest_candles_that_fill_a_window_are_looked_up():
    spans_s = (60, 120, 300, 900, 3_600, 86_400, 7 * 86_400)

    assert [frame_within(span_s) for span_s in spans_s] == [
        Timeframe.MINUTE,
        Timeframe.MINUTE,
        Timeframe.FIVE_MINUTES,
        Timeframe.FIVE_MINUTES,
        Timeframe.HOUR,
        Timeframe.DAY,
        Timeframe.DAY,
    ]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(min_value=0, max_value=600), st.integers(min_value=1, max_value=900)), max_size=20),
    st.sampled_from([1, 5, 15, 60]),
)
def test_closes_are_what_going_through_the_tape_comes_to(rig: Rig, tape: list[tuple[int, int]], minutes: int):
    span_us = minutes * MINUTE_US
    first = (NOON_US + 120 * MINUTE_US) // span_us
    last = (NOON_US + 480 * MINUTE_US) // span_us
    empty(rig.database)
    assert rig.service.prepare is not None
    rig.service.prepare()
    tape = sorted(tape, key=lambda each: each[0])
    rig.hear(*[trade(n + 1, price=price, at_us=NOON_US + at * MINUTE_US) for n, (at, price) in enumerate(tape)])

    told = closes(rig, "AAPL", span_s=minutes * 60, first=first, last=last)["AAPL"]

    seen = [((NOON_US + at * MINUTE_US) // span_us, price * 10_000) for at, price in tape]
    earlier = [price for window, price in seen if window < first]
    assert told["before"] == (earlier[-1] if earlier else None)
    assert dict(windows(told)) == {window: price for window, price in seen if first <= window <= last}
