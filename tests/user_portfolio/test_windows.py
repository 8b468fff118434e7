"""Which windows a history is told over: aligned to the clock, as fine as fits, never too many."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from user_portfolio.domain.windows import (
    MOST_WINDOWS,
    USUAL_WINDOWS,
    NotATime,
    Timeframe,
    Windows,
    day_of,
    require_few,
    windows_between,
    windows_until,
)

MINUTE_US = 60_000_000
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US
NOW_US = 20_000 * DAY_US + 10 * HOUR_US + 7


def test_a_day_of_five_minutes_ends_with_the_window_that_is_not_over():
    windows = windows_until(NOW_US, DAY_US, Timeframe.FIVE_MINUTES)

    assert len(windows) == 288
    assert windows.start_s(windows.last) == NOW_US // 1_000_000
    assert windows.end_us > NOW_US


def test_a_window_that_begins_at_the_end_is_not_told_of():
    windows = windows_until(20_000 * DAY_US, 7 * DAY_US, Timeframe.DAY)

    assert (windows.first, windows.last) == (19_993, 19_999)


def test_between_two_times_every_window_counts_that_has_a_part_of_it():
    windows = windows_between(90 * MINUTE_US, 121 * MINUTE_US, Timeframe.HOUR)

    assert list(windows) == [1, 2]


@pytest.mark.parametrize(
    ("days", "timeframe"),
    [
        (1, "1Min"),
        (2, "5Min"),
        (5, "5Min"),
        (7, "15Min"),
        (15, "15Min"),
        (20, "1H"),
        (29, "1H"),
        (30, "1D"),
        (365, "1D"),
    ],
)
def test_the_finest_timeframe_that_fits_is_taken_and_days_from_a_month_on(days, timeframe):
    windows = windows_until(NOW_US, days * DAY_US, None)

    assert windows.timeframe == timeframe
    assert len(windows) <= USUAL_WINDOWS


def test_too_many_windows_are_refused_with_their_number():
    with pytest.raises(NotATime, match=r"In steps of 1Min that is 43200 points, 4000 are the most"):
        require_few(windows_until(NOW_US, 30 * DAY_US, Timeframe.MINUTE))


@pytest.mark.parametrize("end_us", [NOW_US, NOW_US - 1, NOW_US - DAY_US, -5])
def test_an_end_that_is_not_after_the_start_is_refused(end_us):
    with pytest.raises(NotATime, match="must be before"):
        windows_between(NOW_US, end_us, None)


def test_what_ended_before_an_account_was_opened_is_left_out():
    windows = Windows(Timeframe.HOUR, 10, 20)

    assert list(windows.since(15 * HOUR_US + 1)) == [15, 16, 17, 18, 19, 20]
    assert list(windows.since(5 * HOUR_US)) == list(windows)
    assert len(windows.since(21 * HOUR_US)) == 0


def test_a_day_is_one_window_and_opens_itself():
    day = day_of(NOW_US)

    assert list(day) == [20_000]
    assert day.opens_day(20_000)
    assert not Windows(Timeframe.HOUR, 0, 30).opens_day(25)


@given(
    st.integers(min_value=1, max_value=40_000 * DAY_US),
    st.integers(min_value=1, max_value=4_000 * DAY_US),
    st.sampled_from([None, *Timeframe]),
)
def test_windows_are_in_the_past_and_bounded_or_refused(end_us, length_us, timeframe):
    try:
        windows = windows_until(end_us, length_us, timeframe)
        require_few(windows)
    except NotATime:
        return

    assert 0 < len(windows) <= MOST_WINDOWS
    assert windows.first >= 0
    assert windows.end_us - windows.span_us < end_us <= windows.end_us
