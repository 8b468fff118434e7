"""Random markets in random batches with repeats: after each, everything is as the naive market works it out.

PORTFOLIO_SEED=n runs the market that a failure named.
"""

from __future__ import annotations

import os
import random
from collections import Counter

import pytest

from contracts.facts import OrderHeld, ReplaceHeld
from tests.user_portfolio.builders import listed, opened
from tests.user_portfolio.naive_market import ACCOUNTS, NaiveMarket
from tests.user_portfolio.rig import FakeRig, PostgresRig, Rig
from user_portfolio.domain.grants import Grant

SYMBOLS = ["AAPL", "MSFT"]
CASH, SHARES, LISTED_AT = 2_000, 60, 20
GRANT = Grant(CASH, {"*": SHARES})


def seeds(count: int) -> list[int]:
    return [int(os.environ["PORTFOLIO_SEED"])] if "PORTFOLIO_SEED" in os.environ else list(range(count))


def open_market(rig: Rig, seed: int) -> NaiveMarket:
    rig.hear(*[listed(symbol, at=LISTED_AT) for symbol in SYMBOLS], *map(opened, ACCOUNTS))
    return NaiveMarket(random.Random(seed), ACCOUNTS, SYMBOLS, CASH, SHARES, LISTED_AT)


def trade_for_a_while(rig: Rig, market: NaiveMarket, steps: int, largest_batch: int) -> None:
    for _ in range(steps):
        market.expected.clear()
        batch = [fact for _ in range(market.rng.randint(1, largest_batch)) for fact in market.next_facts()]
        answers = rig.hear(*batch)
        assert [(a.order_id, getattr(a, "reason", None)) for a in answers] == market.expected
        assert all(isinstance(a, OrderHeld | ReplaceHeld) != hasattr(a, "reason") for a in answers)
        assert_same_books(rig, market)


def assert_same_books(rig: Rig, market: NaiveMarket) -> None:
    for account in ACCOUNTS:
        assert rig.cash(account) == (market.cash_of(account), market.cash_held_of(account))
        for symbol in SYMBOLS:
            owned = rig.owned(account, symbol)
            assert (owned.quantity, owned.cost_basis, owned.realised) == market.position_of(account, symbol)
            assert owned.held == market.shares_held_of(account, symbol)


def assert_balanced(rig: Rig) -> None:
    balances = rig.balances()
    totals: Counter[str] = Counter()
    for (_, asset), amount in balances.items():
        totals[asset] += amount
    assert not any(totals.values())
    for account in ACCOUNTS:
        assert balances.get((account, "USD"), 0) == rig.cash(account)[0]
        for symbol in SYMBOLS:
            assert balances.get((account, symbol), 0) == rig.owned(account, symbol).quantity


@pytest.mark.parametrize("seed", seeds(150))
def test_a_random_market_leaves_the_books_of_the_naive_one(seed):
    rig = FakeRig(GRANT)
    market = open_market(rig, seed)

    trade_for_a_while(rig, market, steps=40, largest_batch=8)

    assert_balanced(rig)


@pytest.mark.parametrize("seed", seeds(4))
def test_a_random_market_leaves_the_same_books_in_postgresql(database, seed):
    rig = PostgresRig(GRANT, database)
    market = open_market(rig, seed)

    trade_for_a_while(rig, market, steps=25, largest_batch=30)

    assert_balanced(rig)
    open_holds = sum(order.held > 0 for order in market.orders.values())
    assert rig.rows("select count(*) from holds where held > 0") == [(open_holds,)]
