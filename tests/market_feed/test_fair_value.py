"""What a share is worth walks at random, but stays near home, and the same dice walk the same way."""

from __future__ import annotations

import random

from market_feed.domain.fair_value import LARGEST_STRAY, FairValue
from tests.market_feed.builders import DOLLAR

DAY_STEPS = 86_400
STEP_US = 1_000_000


def walk(seed: int, steps: int, start: int = 100 * DOLLAR) -> list[int]:
    value = FairValue(random.Random(seed), STEP_US, 100 * DOLLAR, start, 0)
    return [value.at(step * STEP_US) for step in range(steps)]


def test_a_share_is_worth_its_last_price_at_first():
    assert walk(1, 1, start=104 * DOLLAR) == [104 * DOLLAR]


def test_the_same_seed_walks_the_same_way_and_another_one_does_not():
    assert walk(1, 500) == walk(1, 500)
    assert walk(1, 500) != walk(2, 500)


def test_how_often_somebody_looks_changes_nothing():
    often = FairValue(random.Random(5), STEP_US, 100 * DOLLAR, 100 * DOLLAR, 0)
    for at_us in range(0, 60 * STEP_US, STEP_US // 7):
        often.at(at_us)
    once = FairValue(random.Random(5), STEP_US, 100 * DOLLAR, 100 * DOLLAR, 0)

    assert often.at(60 * STEP_US) == once.at(60 * STEP_US)


def test_within_a_minute_the_price_moves_and_within_a_day_it_does_not_run_away():
    for seed in range(5):
        prices = walk(seed, DAY_STEPS)
        minutes = [prices[start : start + 60] for start in range(0, DAY_STEPS, 60)]

        assert all(len(set(minute)) > 20 for minute in minutes)
        assert max(prices) - min(prices) > 1 * DOLLAR
        assert 88 * DOLLAR <= min(prices) <= max(prices) <= 112 * DOLLAR


def test_a_price_far_away_is_brought_within_bounds_at_once():
    bound = 100 * DOLLAR * LARGEST_STRAY // 1_000_000_000

    assert walk(1, 1, start=300 * DOLLAR) == [100 * DOLLAR + bound]
    assert walk(1, 1, start=1 * DOLLAR) == [100 * DOLLAR - bound]


def test_from_the_bound_it_comes_half_the_way_home_in_about_two_hours():
    middle = sum(walk(seed, 7_200, start=110 * DOLLAR)[-1] for seed in range(20)) // 20

    assert 103 * DOLLAR < middle < 107 * DOLLAR


def test_after_a_long_absence_it_goes_on_from_where_it_was():
    value = FairValue(random.Random(1), STEP_US, 100 * DOLLAR, 100 * DOLLAR, 0)

    after_a_year = value.at(365 * DAY_STEPS * STEP_US)

    assert 97 * DOLLAR < after_a_year < 103 * DOLLAR
