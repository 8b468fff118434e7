"""How the resident traders come in, trade and leave, on an exchange that sometimes is not as they wish."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from contracts.orders import Side, TimeInForce
from market_feed.domain.market import Wish
from market_feed.handlers.market import Market
from market_feed.handlers.turns import MAKERS, TAKERS
from market_feed.ports import Away, Deps
from market_feed.store import CredentialFile
from order_matching.domain.book import Book
from tests.market_feed.builders import DOLLAR, instrument
from tests.market_feed.naive_exchange import NaiveDesk, NaiveExchange

INSTRUMENTS = [instrument("AAPL", reference=190 * DOLLAR), instrument("INTC", reference=31 * DOLLAR)]


@pytest.fixture
def exchange() -> NaiveExchange:
    return NaiveExchange(INSTRUMENTS)


def market_on(exchange: NaiveExchange, folder: Path, seed: int = 1) -> Market:
    return Market(
        Deps(
            exchange=exchange,
            credentials=CredentialFile(folder),
            clock=exchange.clock,
            dice=lambda purpose: random.Random(f"{seed} {purpose}"),
            step_us=1_000_000,
        )
    )


def trade(market: Market, exchange: NaiveExchange, seconds: int, pace: int = 6) -> None:
    """Let the market have its turns for so long."""
    end_us = exchange.clock.now_us() + seconds * 1_000_000
    while exchange.clock.now_us() < end_us:
        exchange.clock.advance(market.turn() / pace or 0.001)


def test_everybody_comes_in_quotes_and_trades(exchange, tmp_path):
    market = market_on(exchange, tmp_path)

    trade(market, exchange, 60)

    assert market.is_complete
    assert set(exchange.accounts) == {*MAKERS, *TAKERS}
    assert all(exchange.quote(symbol).is_two_sided for symbol in exchange.books)
    assert exchange.traded > 20


def test_the_same_seed_makes_the_same_decisions_and_another_one_others(tmp_path):
    logs = []
    for run, seed in enumerate((1, 1, 2)):
        exchange = NaiveExchange(INSTRUMENTS)
        trade(market_on(exchange, tmp_path / str(run), seed), exchange, 60)
        logs.append(exchange.log)

    assert logs[0] == logs[1]
    assert logs[0] != logs[2]


def test_hardly_an_order_is_refused(exchange, tmp_path):
    trade(market_on(exchange, tmp_path), exchange, 600)

    assert len(exchange.refused) * 1_000 <= len(exchange.log)


def test_makers_and_takers_share_the_orders(exchange, tmp_path):
    market = market_on(exchange, tmp_path)
    trade(market, exchange, 10)
    opened = len(exchange.log)

    trade(market, exchange, 300)

    placed = Counter(name.partition("-")[0] for name, _ in exchange.log[opened:])
    takers = placed["noise"] + placed["momentum"]
    assert 0.6 < placed["maker"] / takers < 1.6
    assert 300 * 6 * 0.7 < placed.total() <= 300 * 6 + 10


def test_somebody_who_wants_a_hundred_shares_gets_them_at_any_time(exchange, tmp_path):
    market = market_on(exchange, tmp_path)
    person = exchange.open_account("person")
    trade(market, exchange, 5)

    for number in range(40):
        side = (Side.BUY, Side.SELL)[number % 2]
        price = exchange.last["AAPL"] * (110 if side is Side.BUY else 90) // 100
        before = person.shares["AAPL"]
        exchange.place(person, Wish("AAPL", side, 100, price, TimeInForce.IOC))

        assert abs(person.shares["AAPL"] - before) == 100
        trade(market, exchange, 5)


def test_a_name_that_is_somebody_elses_is_left_to_them(exchange, tmp_path):
    exchange.passwords["maker-1"] = "not ours"
    exchange.open_account("maker-1")

    trade(market_on(exchange, tmp_path), exchange, 5)

    assert exchange.accounts["maker-1"].cash == 100_000 * DOLLAR
    assert len([name for name in exchange.accounts if name.startswith("maker-1-")]) == 1


def test_a_later_start_uses_the_same_accounts_and_leaves_no_stale_quote(exchange, tmp_path):
    trade(market_on(exchange, tmp_path), exchange, 10)
    left_behind = {order_id for account in exchange.accounts.values() for order_id in account.open}

    trade(market_on(exchange, tmp_path), exchange, 10)

    standing = {order_id for account in exchange.accounts.values() for order_id in account.open}
    assert left_behind
    assert standing
    assert not left_behind & standing
    assert set(exchange.accounts) == {*MAKERS, *TAKERS}


def test_who_leaves_takes_every_order_along(exchange, tmp_path):
    market = market_on(exchange, tmp_path)
    trade(market, exchange, 10)

    market.leave()

    assert not any(account.open for account in exchange.accounts.values())


def test_the_market_goes_on_when_the_exchange_is_back(exchange, tmp_path):
    market = market_on(exchange, tmp_path)
    trade(market, exchange, 10)

    exchange.is_away = True
    for _ in range(5):
        with pytest.raises(Away):
            market.turn()
    exchange.is_away = False
    before = exchange.traded
    trade(market, exchange, 20)

    assert exchange.traded > before


def test_an_exchange_that_is_not_there_yet_is_waited_for(exchange, tmp_path):
    market = market_on(exchange, tmp_path)
    exchange.is_away = True
    with pytest.raises(Away):
        market.turn()

    exchange.is_away = False
    trade(market, exchange, 5)

    assert market.is_complete


def test_one_account_that_is_told_to_wait_does_not_stop_the_others(exchange, tmp_path):
    market = market_on(exchange, tmp_path)
    exchange.hasty = {"maker-1": 5.0, "noise-2": 5.0}

    trade(market, exchange, 20)
    assert not market.is_complete
    assert exchange.traded

    exchange.hasty = {}
    trade(market, exchange, 20)
    assert market.is_complete


def test_a_trader_who_asks_too_often_rests_as_long_as_told(exchange, tmp_path):
    market = market_on(exchange, tmp_path)
    trade(market, exchange, 5)
    exchange.hasty = {"noise-1": 60.0}
    trade(market, exchange, 10)
    exchange.hasty = {}
    orders = len(exchange.log)

    trade(market, exchange, 20)
    assert "noise-1" not in {name for name, _ in exchange.log[orders:]}

    trade(market, exchange, 60)
    assert "noise-1" in {name for name, _ in exchange.log[orders:]}


def test_accounts_that_the_exchange_has_forgotten_are_opened_again(exchange, tmp_path):
    market = market_on(exchange, tmp_path)
    trade(market, exchange, 5)
    exchange.accounts.pop("maker-3")
    exchange.passwords.pop("maker-3")

    trade(market, exchange, 60)

    assert market.is_complete
    assert exchange.accounts["maker-3"].open


def test_a_halted_symbol_is_left_alone_and_a_new_listing_gets_quotes(exchange, tmp_path):
    market = market_on(exchange, tmp_path)
    trade(market, exchange, 15)
    halted = exchange.instruments.pop("INTC")
    exchange.instruments["NEWCO"] = instrument("NEWCO", reference=12 * DOLLAR)
    exchange.books["NEWCO"] = Book()
    for account in exchange.accounts.values():
        account.shares["NEWCO"] = 100
    trade(market, exchange, 15)
    orders = len(exchange.log)

    trade(market, exchange, 60)

    assert {wish.symbol for _, wish in exchange.log[orders:]} == {"AAPL", "NEWCO"}
    assert exchange.quote("NEWCO").is_two_sided

    exchange.instruments["INTC"] = halted
    trade(market, exchange, 60)
    assert "INTC" in {wish.symbol for _, wish in exchange.log[-50:]}


def test_with_everything_halted_nobody_does_anything(exchange, tmp_path):
    exchange.instruments.clear()
    market = market_on(exchange, tmp_path)

    trade(market, exchange, 60)

    assert market.is_complete
    assert exchange.log == []


def test_orders_that_a_desk_could_not_cancel_in_time_do_not_keep_a_trader_out(exchange, tmp_path, monkeypatch):
    monkeypatch.setattr(NaiveDesk, "is_cleared", lambda _: False)
    market = market_on(exchange, tmp_path)

    trade(market, exchange, 60)

    assert market.is_complete
