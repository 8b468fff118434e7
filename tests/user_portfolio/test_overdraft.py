"""However many orders come at once, by whatever way: what is there is promised once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from contracts.facts import OrderHeld, OrderRefused
from tests.user_portfolio.builders import ALICE, buy, dollars, fill, listed, opened, sell
from user_portfolio.handlers import granting

HUNDRED = range(100)


@pytest.fixture
def market(shop):
    shop.hear(listed(), opened())
    return shop


def at_once(market, batches):
    """Hear every batch in a transaction of its own, all at the same time; all answers."""
    start = threading.Barrier(8)

    def hear(share):
        start.wait()
        return [answer for batch in share for answer in market.hear(*batch)]

    with ThreadPoolExecutor(8) as pool:
        return [answer for told in pool.map(hear, [batches[n::8] for n in range(8)]) for answer in told]


def test_of_a_hundred_orders_for_sixty_percent_in_one_batch_one_is_held(market):
    answers = market.hear(*[buy(f"order{n}", qty=60, at=dollars(100)) for n in HUNDRED])

    assert [type(answer) for answer in answers] == [OrderHeld] + [OrderRefused] * 99
    assert market.cash(ALICE) == (dollars(10_000), dollars(6_000))


def test_of_a_hundred_orders_for_sixty_percent_at_the_same_time_one_is_held(market):
    answers = at_once(market, [[buy(f"order{n}", qty=60, at=dollars(100))] for n in HUNDRED])

    assert sorted(type(answer).__name__ for answer in answers) == ["OrderHeld"] + ["OrderRefused"] * 99
    assert market.cash(ALICE) == (dollars(10_000), dollars(6_000))


def test_of_a_hundred_sales_of_sixty_percent_at_the_same_time_one_is_held(market):
    answers = at_once(market, [[sell(f"order{n}", qty=60, at=dollars(100))] for n in HUNDRED])

    assert sum(isinstance(answer, OrderHeld) for answer in answers) == 1
    assert market.owned(ALICE).held == 60


def test_fills_and_new_orders_at_the_same_time_lose_nothing(market):
    orders = [buy(f"order{n}", qty=1, at=dollars(100)) for n in HUNDRED]
    market.hear(*orders)

    at_once(market, [[fill(order, qty=1, at=dollars(99))] for order in orders])

    assert market.cash(ALICE) == (dollars(100), 0)
    assert market.owned(ALICE).quantity == 200


def test_the_same_order_heard_by_two_consumers_at_once_is_held_once(market):
    order = buy("order", qty=10, at=dollars(100))

    answers = at_once(market, [[order] for _ in range(8)])

    assert len(answers) == 1
    assert market.cash(ALICE) == (dollars(10_000), dollars(1_000))


@pytest.mark.parametrize("page", [1_000, 2])
def test_openings_and_listings_at_the_same_time_grant_every_share_once(shop, monkeypatch, page):
    monkeypatch.setattr(granting, "GRANTED_AT_ONCE", page)
    accounts = [f"00000000-0000-0000-0000-{n:012d}" for n in range(12)]
    symbols = [f"S{n}" for n in range(12)]
    shop.deps.grant.shares["*"] = 5

    at_once(shop, [[fact] for pair in zip(map(opened, accounts), map(listed, symbols), strict=True) for fact in pair])

    for account in accounts:
        holdings = shop.holdings(account)
        assert holdings is not None
        assert {owned.symbol: owned.quantity for owned in holdings.owned} == dict.fromkeys(symbols, 5)


@pytest.mark.parametrize(
    "spoiling",
    [
        "update accounts set cash = -1",
        "update accounts set cash_held = cash + 1",
        "update accounts set cash_held = -1",
        "update positions set quantity = -1",
        "update positions set held = quantity + 1",
        "update holds set filled = quantity + 1",
        "update holds set held = held + 1",
        "update holds set state = 'ended'",
        "update holds set side = 'short'",
        "update ledger_entries set amount = 0",
        "insert into activities (account_id, kind, at_us, cash_change, share_change, symbol, order_id, trade_id) "
        "select account_id, kind, 1, 1, 1, symbol, order_id, trade_id from activities where kind = 'FILL'",
        "insert into activities (account_id, kind, at_us, cash_change, share_change, symbol) "
        "select account_id, kind, 1, 0, 1, symbol from activities where kind = 'JNLS'",
    ],
)
def test_the_database_itself_refuses_what_must_never_be(market, spoiling):
    order = buy("order", qty=10, at=dollars(100))
    market.hear(order, fill(order, qty=5, at=dollars(100), left=5))

    with pytest.raises(psycopg.errors.IntegrityError):
        market.rows(spoiling + " returning 1")
