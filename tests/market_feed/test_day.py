"""A day of the resident market on the real order book: it stays lively, two-sided and within bounds."""

from __future__ import annotations

import random

import pytest

from market_feed.domain.market import Instrument
from market_feed.handlers.market import Market
from market_feed.main import step_us
from market_feed.ports import Deps
from market_feed.store import CredentialFile
from stock_data.domain.instruments import read_listings
from stock_data.settings import Settings
from tests.market_feed.builders import instrument
from tests.market_feed.naive_exchange import NaiveExchange, free_of

HOURS = 24
PACE = 1


@pytest.mark.timeout(300)
def test_after_a_day_prices_are_within_bounds_and_nobody_has_run_dry(tmp_path):
    listed = [
        instrument(each.symbol, each.tick, each.lot, each.reference_price)
        for each in read_listings(Settings().instruments)
    ]
    exchange = NaiveExchange(listed)
    market = Market(
        Deps(
            exchange,
            CredentialFile(tmp_path),
            exchange.clock,
            lambda purpose: random.Random(f"1 {purpose}"),
            step_us(PACE),
        )
    )
    started_us, looks, two_sided, furthest = exchange.clock.now_us(), 0, 0, 0

    while exchange.clock.now_us() < started_us + HOURS * 3_600_000_000:
        exchange.clock.advance(market.turn() / PACE or 0.001)
        if market.is_complete:
            looks += len(listed)
            two_sided += sum(exchange.quote(each.symbol).is_two_sided for each in listed)
            furthest = max(furthest, *(_away_percent(exchange, each) for each in listed))

    fair = {each.symbol: exchange.last[each.symbol] for each in listed}
    wealth = sorted(free_of(account).wealth(fair) for account in exchange.accounts.values())
    print(f"\n{exchange.traded} trades, {two_sided / looks:.4%} two-sided, {furthest} % from the reference at most,")
    print(f"{len(exchange.refused)} of {len(exchange.log)} orders refused, wealth {wealth[0]} to {wealth[-1]}")
    assert two_sided > 0.99 * looks
    assert furthest <= 15
    assert exchange.traded > HOURS * 3_600 * PACE * 0.3
    assert wealth[-1] < 1.2 * wealth[0]
    assert len(exchange.refused) <= 0.001 * len(exchange.log)
    for symbol in fair:
        owners = [account.shares[symbol] for account in exchange.accounts.values()]
        assert sum(owners) == 100 * len(owners)
        assert max(owners) < 300


def _away_percent(exchange: NaiveExchange, each: Instrument) -> int:
    price = exchange.last.get(each.symbol, each.reference_price)
    return abs(price - each.reference_price) * 100 // each.reference_price
