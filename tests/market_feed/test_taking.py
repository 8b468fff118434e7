"""Takers cross, rest, follow and look for bargains, and what they do evens out what they own."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest

from contracts.orders import Side, TimeInForce
from market_feed.domain.market import Holdings, Quote, Wish
from market_feed.domain.taking import bargain, buy_percent, follow, impulse
from tests.market_feed.builders import CENT, DOLLAR, holdings, instrument, view_of

AAPL, MSFT = instrument("AAPL", reference=100 * DOLLAR), instrument("MSFT", reference=400 * DOLLAR)


def impulses(owned: Holdings, count: int = 400, quotes: Mapping[str, Quote] | None = None) -> list[Wish | None]:
    dice = random.Random(7)
    return [impulse(dice, [AAPL], owned, view_of(AAPL, quotes=quotes)) for _ in range(count)]


def test_a_noise_trader_buys_and_sells_crosses_and_rests():
    wishes = impulses(holdings(AAPL=100))

    assert {(wish.side, wish.time_in_force) for wish in wishes if wish} == {
        (side, time) for side in Side for time in (TimeInForce.IOC, TimeInForce.DAY)
    }


def test_who_crosses_reaches_the_other_side_and_who_rests_stays_between():
    for wish in impulses(holdings(AAPL=100)):
        assert wish is not None
        if wish.time_in_force is TimeInForce.DAY:
            assert 100 * DOLLAR - 5 * CENT < wish.price < 100 * DOLLAR + 5 * CENT
        elif wish.side is Side.BUY:
            assert 100 * DOLLAR + 5 * CENT <= wish.price <= 101 * DOLLAR
        else:
            assert 99 * DOLLAR <= wish.price <= 100 * DOLLAR - 5 * CENT


def test_orders_are_small_against_what_the_trader_has():
    owned = holdings(10_000, AAPL=10)

    assert all(wish.quantity <= 2 for wish in impulses(owned) if wish)


def test_nobody_crosses_to_a_side_where_nobody_stands():
    one_sided = {"AAPL": Quote(99 * DOLLAR, 0)}

    wishes = [wish for wish in impulses(holdings(AAPL=100), quotes=one_sided) if wish]

    assert {(wish.side, wish.time_in_force) for wish in wishes} == {(Side.SELL, TimeInForce.IOC)}
    assert impulses(holdings(AAPL=100), 20, quotes={}) == [None] * 20


@pytest.mark.parametrize(
    ("owned", "least", "most"),
    [(holdings(AAPL=100), 50, 50), (holdings(AAPL=200), 5, 5), (holdings(), 95, 95), (holdings(100, AAPL=100), 20, 20)],
)
def test_who_owns_much_rather_sells_and_who_owns_little_rather_buys(owned, least, most):
    assert least <= buy_percent("AAPL", owned, view_of(AAPL)) <= most


def test_a_bargain_is_the_quote_that_is_furthest_off_its_value():
    quotes = {
        "AAPL": Quote(100 * DOLLAR - 5 * CENT, 100 * DOLLAR - 1 * CENT),
        "MSFT": Quote(404 * DOLLAR, 405 * DOLLAR),
    }

    wish = bargain(random.Random(1), [AAPL, MSFT], holdings(AAPL=100, MSFT=100), view_of(AAPL, MSFT, quotes=quotes))

    assert wish is not None
    assert (wish.symbol, wish.side, wish.price) == ("MSFT", Side.SELL, 404 * DOLLAR)


def test_a_bargain_that_needs_shares_nobody_has_is_none():
    quotes = {"AAPL": Quote(110 * DOLLAR, 111 * DOLLAR)}

    assert bargain(random.Random(1), [AAPL], holdings(), view_of(AAPL, quotes=quotes)) is None


def test_without_bargains_there_is_nothing_to_take():
    assert bargain(random.Random(1), [AAPL, MSFT], holdings(AAPL=100), view_of(AAPL, MSFT)) is None


def test_a_momentum_trader_follows_what_moves():
    falling = view_of(AAPL, MSFT, moved_ppm={"AAPL": 100, "MSFT": -900})

    wish = follow(random.Random(1), [AAPL, MSFT], holdings(AAPL=100, MSFT=100), falling)

    assert wish is not None
    assert (wish.symbol, wish.side, wish.time_in_force) == ("MSFT", Side.SELL, TimeInForce.IOC)


@pytest.mark.parametrize(
    ("moved_ppm", "owned"), [(100, 100), (900, 250), (-900, 30)], ids=["no trend", "has bought", "has sold"]
)
def test_a_momentum_trader_without_a_trend_or_with_enough_of_it_does_not_follow(moved_ppm, owned):
    view = view_of(AAPL, moved_ppm={"AAPL": moved_ppm})

    assert follow(random.Random(1), [AAPL], holdings(AAPL=owned), view) is None


def test_penny_shares_can_be_sold_too():
    penny = instrument("AAPL", reference=CENT)
    view = view_of(penny, quotes={"AAPL": Quote(CENT, 2 * CENT)}, moved_ppm={"AAPL": -900})

    wish = follow(random.Random(1), [penny], holdings(AAPL=100), view)

    assert wish is not None
    assert wish.price == CENT
