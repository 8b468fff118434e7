"""Random markets, told in random batches with repeats, against a picture worked out from all facts at once."""

from __future__ import annotations

import random
from typing import Any

import pytest

from contracts.facts import BookChanged, Level, TradeExecuted
from contracts.orders import Side
from stock_data.domain.candles import SPANS_US, Timeframe
from stock_data.domain.views import span_of
from tests.stock_data.builders import MINUTE_US, NOON_US, change, trade
from tests.stock_data.rig import Rig

SYMBOLS = ("AAPL", "MSFT", "TSLA")


def random_facts(rng: random.Random, symbol: str) -> list[Any]:
    """One symbol's facts: bids below and asks above a price nobody crosses."""
    facts: list[Any] = []
    sequence = previous = number = 0
    at_us = NOON_US
    for _ in range(rng.randint(50, 150)):
        sequence += rng.randint(1, 3)
        at_us += rng.randint(0, 2 * MINUTE_US)
        if rng.random() < 0.4:
            number += 1
            facts.append(trade(number, rng.randint(95, 105), rng.randint(1, 99), symbol=symbol, at_us=at_us))
        else:
            levels = [random_level(rng) for _ in range(rng.randint(1, 4))]
            unique = {(level.side, level.price): level for level in levels}
            facts.append(change(sequence, list(unique.values()), previous, symbol=symbol, at_us=at_us))
            previous = sequence
    return facts


def random_level(rng: random.Random) -> Level:
    side = rng.choice([Side.BUY, Side.SELL])
    distance = rng.randint(1, 6) * 10_000
    price = 1_000_000 - distance if side is Side.BUY else 1_000_000 + distance
    quantity = rng.choice([0, rng.randint(1, 500)])
    return Level(side, price, quantity, 1 if quantity else 0)


def shuffled_together(rng: random.Random, flows: list[list[Any]]) -> list[Any]:
    """All flows in one, each still in its own order."""
    flows = [list(flow) for flow in flows]
    mixed: list[Any] = []
    while flow := rng.choice([flow for flow in flows if flow] or [[]]):
        mixed.append(flow.pop(0))
    return mixed


def expected_book(facts: list[Any]) -> dict[tuple[Side, int], Level]:
    book: dict[tuple[Side, int], Level] = {}
    for fact in facts:
        if isinstance(fact, BookChanged):
            book.update({(level.side, level.price): level for level in fact.levels})
    return {key: level for key, level in book.items() if level.quantity}


def expected_candles(facts: list[Any], timeframe: Timeframe) -> dict[int, tuple[int, ...]]:
    spans: dict[int, list[TradeExecuted]] = {}
    for fact in facts:
        if isinstance(fact, TradeExecuted):
            spans.setdefault(fact.at_us // SPANS_US[timeframe] * SPANS_US[timeframe], []).append(fact)
    return {start_us: candle_of(trades) for start_us, trades in spans.items()}


def candle_of(trades: list[TradeExecuted]) -> tuple[int, ...]:
    prices = [each.price for each in trades]
    volume, notional = sum(each.quantity for each in trades), sum(each.price * each.quantity for each in trades)
    return (prices[0], max(prices), min(prices), prices[-1], volume, len(trades), notional)


@pytest.mark.parametrize("seed", range(5))
def test_however_the_facts_are_packed_and_repeated_the_picture_is_the_same(rig: Rig, seed: int):
    rng = random.Random(seed)
    flows = {symbol: random_facts(rng, symbol) for symbol in SYMBOLS}

    mixed = shuffled_together(rng, list(flows.values()))
    while mixed:
        size = rng.choice([1, 5, 60])
        rig.hear(*mixed[:size])
        if rng.random() < 0.3:
            rig.hear(*mixed[:size])
        mixed = mixed[size:]

    for symbol, facts in flows.items():
        assert_picture(rig, symbol, facts)


def assert_picture(rig: Rig, symbol: str, facts: list[Any]) -> None:
    book = expected_book(facts)
    bids = sorted((level for level in book.values() if level.side is Side.BUY), key=lambda level: -level.price)
    asks = sorted((level for level in book.values() if level.side is Side.SELL), key=lambda level: level.price)
    trades = [fact for fact in facts if isinstance(fact, TradeExecuted)]
    always = span_of(0, 2**62, newest_first=False)
    with rig.deps.reading() as reader:
        depth, ticker = reader.depth(symbol, 1_000), reader.tickers([symbol])[symbol]
        tape = reader.prints(symbol, always, 1_000)
        candles = {timeframe: reader.candles(symbol, timeframe, always, 10_000) for timeframe in Timeframe}

    assert depth is not None
    assert ticker.quote is not None
    assert ticker.trade is not None
    assert (list(depth.bids), list(depth.asks)) == (bids, asks)
    assert ticker.quote.bid_price == (bids[0].price if bids else 0)
    assert ticker.quote.ask_quantity == (asks[0].quantity if asks else 0)
    assert ticker.trade.price == trades[-1].price
    assert [(each.number, each.price, each.quantity) for each in tape] == [
        (each.number, each.price, each.quantity) for each in trades
    ]
    for timeframe, found in candles.items():
        assert {
            each.start_us: (each.open, each.high, each.low, each.close, each.volume, each.trade_count, each.notional)
            for each in found
        } == expected_candles(facts, timeframe)
