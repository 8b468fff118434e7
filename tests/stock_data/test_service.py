"""stock_data as the rest of the exchange meets it: listings, facts, the question it answers."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from chassis.settings import SettingsError
from contracts.facts import InstrumentListed
from contracts.names import QUESTION_LAST_PRICE, QUESTION_TRADE_RECORDED
from tests.stock_data.builders import NOON_US, ask, bid, change, trade
from tests.stock_data.rig import Rig


def test_the_first_start_lists_the_instruments_and_tells_everybody(rig: Rig):
    told = rig.told()

    assert {type(fact) for fact in told} == {InstrumentListed}
    assert sorted(fact.symbol for fact in told) == ["AAPL", "MSFT", "TSLA"]
    assert {fact.symbol: fact.reference_price for fact in told}["MSFT"] == 4_200_000


def test_a_second_start_lists_nothing_twice_and_keeps_the_asset_ids(rig: Rig, build: Callable[[str], Rig]):
    ids = [asset["id"] for asset in rig.shown("/v2/assets")]
    again = build("AAPL=Another Name@1.00;NVDA=NVIDIA Corporation@120.00")
    assert again.service.prepare is not None

    again.service.prepare()
    again.service.prepare()

    assert [asset["id"] for asset in rig.shown("/v2/assets") if asset["symbol"] != "NVDA"] == ids
    assert rig.shown("/v2/assets/AAPL")["name"] == "Apple Inc."
    assert sorted(fact.symbol for fact in rig.told()) == ["AAPL", "MSFT", "NVDA", "TSLA"]


def test_unreadable_instruments_stop_the_start_by_name(build: Callable[[str], Rig]):
    with pytest.raises(SettingsError, match=r"INSTRUMENTS.*MSFT"):
        build("AAPL=Apple Inc.@190.00;MSFT")


def test_the_last_price_is_the_reference_price_until_somebody_trades(rig: Rig):
    assert rig.questions.ask(QUESTION_LAST_PRICE, {"symbol": "AAPL"}) == {"price": 1_900_000}

    rig.hear(trade(1, price=191), trade(2, price=188))

    assert rig.questions.ask(QUESTION_LAST_PRICE, {"symbol": "AAPL"}) == {"price": 1_880_000}


@pytest.mark.parametrize("symbol", ["NVDA", "", "nul\x00", "'; drop table trades"])
def test_nobody_knows_the_price_of_what_is_not_listed(rig: Rig, symbol: str):
    assert rig.questions.ask(QUESTION_LAST_PRICE, {"symbol": symbol}) == {}


def test_a_redelivered_message_prints_its_trades_once(rig: Rig):
    messages = rig.hear(trade(1), trade(2), change(1, [bid(99, 1)]))

    rig.consumer.receive(messages)

    assert rig.count("trades") == 2
    assert rig.shown("/v2/stocks/AAPL/bars", timeframe="1Day")["bars"][0]["v"] == 20


def test_a_trade_in_a_symbol_nobody_listed_is_set_aside_and_the_others_are_printed(rig: Rig):
    rig.hear(trade(1), trade(1, symbol="NVDA"), trade(2))

    assert rig.count("trades") == 2
    assert rig.count("dead_letters") == 1


def test_a_batch_that_fails_leaves_neither_print_nor_cached_price(rig: Rig):
    rig.hear(trade(1, price=100))

    rig.hear(trade(2, price=150, trade_id="not an id"))

    assert rig.count("trades") == 1
    assert rig.count("dead_letters") == 1
    assert rig.cache.get_many(["last_price:AAPL"]) == {"last_price:AAPL": "1000000"}


def test_the_schema_refuses_a_crossed_book(rig: Rig):
    rig.hear(change(1, [bid(101, 1), ask(100, 1)]))

    assert rig.count("levels") == 0
    assert rig.count("dead_letters") == 1


@pytest.mark.parametrize(
    "statement",
    [
        "update candles set high = low - 1",
        "update candles set notional = notional * 2",
        "update levels set quantity = 0",
        "update trades set quantity = -1",
        "update instruments set reference_price = 1",
        "update markets set bid_price = ask_price",
    ],
)
def test_the_schema_guards_what_must_always_be_true(rig: Rig, statement: str):
    rig.hear(trade(1), change(1, [bid(99, 1), ask(100, 1)]))

    with pytest.raises(psycopg.errors.CheckViolation), rig.database.transaction() as transaction:
        transaction.connection.execute(statement.encode())


def test_a_batch_of_a_thousand_facts_costs_a_handful_of_statements(rig: Rig, monkeypatch: pytest.MonkeyPatch):
    statements: list[object] = []
    execute = psycopg.Connection.execute

    def counting(connection, query, *args, **kwargs):
        statements.append(query)
        return execute(connection, query, *args, **kwargs)

    monkeypatch.setattr(psycopg.Connection, "execute", counting)
    facts = [
        fact
        for number in range(1, 168)
        for symbol in ("AAPL", "MSFT", "TSLA")
        for fact in (trade(number, symbol=symbol), change(number, [bid(99, number), ask(101, 1)], symbol=symbol))
    ]

    rig.hear(*facts)

    assert rig.count("trades") == len(facts) // 2
    assert len(statements) <= 12


def is_recorded(rig: Rig, number: int) -> bool:
    told = trade(number)
    asked = {"symbol": told.symbol, "trade_id": told.trade_id, "at_us": told.at_us}
    return bool(rig.questions.ask(QUESTION_TRADE_RECORDED, asked)["recorded"])


def test_a_trade_is_recorded_once_it_is_on_the_tape(rig: Rig):
    rig.hear(trade(1))

    assert (is_recorded(rig, 1), is_recorded(rig, 2)) == (True, False)


@pytest.mark.parametrize("offset_us", [-3_600_000_000, 100 * 365 * 86_400_000_000])
def test_a_trade_that_is_printed_at_another_time_than_it_was_matched_at_is_recorded_too(rig: Rig, offset_us: int):
    rig.hear(trade(1))
    rig.hear(trade(2, at_us=NOON_US + offset_us))

    asked = {"symbol": "AAPL", "trade_id": trade(2).trade_id, "at_us": NOON_US + offset_us}
    assert rig.questions.ask(QUESTION_TRADE_RECORDED, asked) == {"recorded": True}


def test_once_a_trade_is_recorded_nothing_older_is_shown(rig: Rig):
    """The word of it, and its price, may still be on their way to the cache when the answer is given."""
    rig.hear(trade(1, price=100), change(1, [bid(90, 1)]))
    seen = {path: rig.shown(path) for path in ("/v2/stocks/AAPL/trades/latest", "/v2/stocks/AAPL/orderbook")}
    names = ["ticker_version:AAPL", "depth_version:AAPL", "last_price:AAPL"]
    before = rig.cache.get_many(names)
    rig.hear(trade(2, price=150), change(2, [bid(95, 1)]))
    rig.cache.set_many(before, 60)
    assert {path: rig.shown(path) for path in seen} == seen, "this shows what can happen between commit and word"

    assert is_recorded(rig, 2)

    assert rig.shown("/v2/stocks/AAPL/trades/latest")["trade"]["p"] == 150
    assert rig.shown("/v2/stocks/AAPL/orderbook") != seen["/v2/stocks/AAPL/orderbook"]
    assert rig.cache.get_many(names) == {}
