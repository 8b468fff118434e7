"""Makers quote around what a share is worth, lean against what they own, and touch only what is off."""

from __future__ import annotations

import random

import pytest

from contracts.orders import Side
from market_feed.domain.making import Level, lean_ppm, levels, plan, urgency
from market_feed.domain.market import NO_QUOTE, Holdings, Quote, Standing
from tests.market_feed.builders import CENT, DOLLAR, holdings, instrument, standing, view_of

AAPL = instrument("AAPL", reference=100 * DOLLAR)
WIDTH_PPM = 1_000


def quoted(owned: Holdings, seed: int = 1, average: int = 100) -> list[Level]:
    return levels(random.Random(seed), WIDTH_PPM, AAPL, owned, view_of(AAPL, average=average))


def prices(wanted: list[Level], side: Side) -> list[int]:
    return [level.wish.price for level in wanted if level.wish.side is side]


def as_standing(wanted: list[Level]) -> list[Standing]:
    return [
        Standing(f"order-{number}", each.wish.symbol, each.wish.side, each.wish.price, each.wish.quantity)
        for number, each in enumerate(wanted)
    ]


def test_a_maker_quotes_two_levels_on_both_sides_of_what_a_share_is_worth():
    wanted = quoted(holdings(AAPL=100))

    assert prices(wanted, Side.BUY) == [99 * DOLLAR + 90 * CENT, 99 * DOLLAR + 83 * CENT]
    assert prices(wanted, Side.SELL) == [100 * DOLLAR + 10 * CENT, 100 * DOLLAR + 17 * CENT]


def test_all_quotes_together_promise_about_what_the_maker_means_to_have_in_the_book():
    for seed in range(200):
        wanted = quoted(holdings(1_000, AAPL=100), seed)
        cash = sum(each.wish.price * each.wish.quantity for each in wanted if each.wish.side is Side.BUY)
        shares = sum(each.wish.quantity for each in wanted if each.wish.side is Side.SELL)

        assert cash <= 1_170 * DOLLAR  # 90 percent, 30 percent more on a lucky throw
        assert shares <= 78


def test_who_owns_more_than_the_others_quotes_lower_and_who_owns_less_quotes_higher():
    heavy, even, light = (quoted(holdings(AAPL=owned)) for owned in (180, 100, 20))

    assert prices(heavy, Side.SELL) < prices(even, Side.SELL) < prices(light, Side.SELL)
    assert prices(heavy, Side.BUY) < prices(even, Side.BUY) < prices(light, Side.BUY)


def test_leaning_has_an_end():
    assert lean_ppm(100_000, 100) == -600
    assert lean_ppm(0, 100) == 400
    assert lean_ppm(0, 0) == 0


@pytest.mark.parametrize("tick", [1, CENT, DOLLAR, 60 * DOLLAR])
def test_bids_and_asks_are_on_the_tick_and_apart(tick):
    coarse = instrument("AAPL", tick=tick, reference=60 * DOLLAR)
    for worth in range(60 * DOLLAR, 61 * DOLLAR, 777):
        view = view_of(coarse, fair={"AAPL": worth})
        wanted = levels(random.Random(worth), 300, coarse, holdings(AAPL=100), view)

        assert all(each.wish.price % tick == 0 and each.wish.price > 0 for each in wanted)
        assert max(prices(wanted, Side.BUY), default=0) < min(prices(wanted, Side.SELL))


def test_quantities_are_whole_lots_and_never_none():
    board_lots = instrument("AAPL", lot=100)

    wanted = levels(random.Random(1), WIDTH_PPM, board_lots, holdings(AAPL=1_000), view_of(board_lots))

    assert all(each.wish.quantity % 100 == 0 and each.wish.quantity >= 100 for each in wanted)


def test_what_stands_as_wanted_is_left_alone():
    wanted = quoted(holdings(AAPL=100))

    found = plan(wanted, as_standing(wanted))

    assert (found.cancel, found.place) == ((), ())


def test_only_what_is_off_is_replaced():
    wanted = quoted(holdings(AAPL=100))
    before = as_standing(wanted)
    strayed = Standing("strayed", "AAPL", Side.BUY, 98 * DOLLAR, before[0].remaining)

    found = plan(wanted, [strayed, *before[1:]])

    assert (found.cancel, found.place) == (("strayed",), (wanted[0].wish,))


def test_what_is_nearly_filled_is_renewed():
    wanted = quoted(holdings(AAPL=100))
    nearly_filled = standing(wanted[0].wish.price, wanted[0].wish.side, remaining=1)

    found = plan(wanted[:1], [nearly_filled])

    assert (found.cancel, found.place) == (("old",), (wanted[0].wish,))


def test_what_is_kept_never_crosses_what_is_new():
    for seed in range(300):
        source = random.Random(seed)
        before = quoted(holdings(AAPL=source.randint(1, 300)), seed)
        worth = 100 * DOLLAR + source.randint(-30, 30) * CENT
        after = levels(
            source, WIDTH_PPM, AAPL, holdings(AAPL=source.randint(1, 300)), view_of(AAPL, fair={"AAPL": worth})
        )

        stood = as_standing(before)
        found = plan(after, stood)
        kept = [(each.side, each.price) for each in stood if each.order_id not in found.cancel]
        quotes = kept + [(wish.side, wish.price) for wish in found.place]
        bids = [price for side, price in quotes if side is Side.BUY]
        asks = [price for side, price in quotes if side is Side.SELL]

        assert max(bids) < min(asks)


def test_the_book_that_is_off_most_is_the_most_urgent():
    fair, second_us = 100 * DOLLAR, 1_000_000
    tight = Quote(fair - 5 * CENT, fair + 5 * CENT)
    calm = urgency(WIDTH_PPM, fair, fair, 10 * second_us, tight)

    assert urgency(WIDTH_PPM, fair - 20 * CENT, fair, 10 * second_us, tight) > calm
    assert urgency(WIDTH_PPM, fair, fair, 60 * second_us, tight) > calm
    assert urgency(WIDTH_PPM, fair, fair, 10 * second_us, Quote(fair - DOLLAR, fair + DOLLAR)) > calm
    assert urgency(WIDTH_PPM, fair, fair, 10 * second_us, NO_QUOTE) > calm


def test_a_book_that_nobody_can_help_is_not_visited_over_and_over():
    fair = 100 * DOLLAR

    just_visited = urgency(WIDTH_PPM, fair, fair, 0, NO_QUOTE)
    visited_a_while_ago = urgency(WIDTH_PPM, fair - 30 * CENT, fair, 60_000_000, Quote(fair - CENT, fair + CENT))

    assert just_visited < visited_a_while_ago
