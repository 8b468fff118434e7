"""Quotes and depths come from the cache as long as they are true, and after that from the truth."""

from __future__ import annotations

from typing import Any

import pytest

from stock_data.store.reader import SqlReader
from tests.stock_data.builders import ask, bid, change, trade
from tests.stock_data.rig import Rig


def asked(monkeypatch: pytest.MonkeyPatch, name: str) -> list[Any]:
    """What the database is asked for from now on."""
    questions: list[Any] = []
    read = getattr(SqlReader, name)

    def note(self: SqlReader, *question: Any) -> Any:
        questions.append(question)
        return read(self, *question)

    monkeypatch.setattr(SqlReader, name, note)
    return questions


def test_a_depth_is_read_once_and_again_when_the_book_has_changed(rig: Rig, monkeypatch: pytest.MonkeyPatch):
    rig.hear(change(1, [bid(99, 5)]))
    reads = asked(monkeypatch, "depth")

    first, second = (rig.shown("/v2/stocks/AAPL/orderbook") for _ in range(2))
    assert first == second
    assert len(reads) == 1

    rig.hear(change(2, [bid(99, 7), ask(101, 1)]))

    assert rig.shown("/v2/stocks/AAPL/orderbook")["bids"] == [{"p": 99.0, "s": 7, "n": 1}]
    assert len(reads) == 2


def test_depths_of_another_size_are_not_mixed_up(rig: Rig):
    rig.hear(change(1, [bid(99, 5), bid(98, 5)]))

    sizes = [len(rig.shown("/v2/stocks/AAPL/orderbook", levels=levels)["bids"]) for levels in (1, 2, 1, 2)]

    assert sizes == [1, 2, 1, 2]


def test_a_quote_is_read_once_and_again_after_a_trade_or_a_change(rig: Rig, monkeypatch: pytest.MonkeyPatch):
    rig.hear(change(1, [bid(99, 5)]), trade(1, price=99))
    reads = asked(monkeypatch, "tickers")

    for _ in range(3):
        assert rig.shown("/v2/stocks/AAPL/quotes/latest")["quote"]["bs"] == 5
        assert rig.shown("/v2/stocks/AAPL/trades/latest")["trade"]["p"] == 99
    assert len(reads) == 1

    rig.hear(trade(2, price=98))
    assert rig.shown("/v2/stocks/AAPL/trades/latest")["trade"]["p"] == 98
    rig.hear(change(2, [bid(99, 6)]))
    assert rig.shown("/v2/stocks/AAPL/quotes/latest")["quote"]["bs"] == 6


def test_only_the_symbols_that_are_not_known_are_read(rig: Rig, monkeypatch: pytest.MonkeyPatch):
    rig.hear(change(1, [bid(99, 5)]), change(1, [bid(50, 5)], symbol="MSFT"))
    rig.shown("/v2/stocks/AAPL/quotes/latest")
    reads = asked(monkeypatch, "tickers")

    shown = rig.shown("/v2/stocks/quotes/latest", symbols="AAPL,MSFT")

    assert {symbol: quote["bp"] for symbol, quote in shown["quotes"].items()} == {"AAPL": 99, "MSFT": 50}
    assert reads == [(["MSFT"],)]


def test_a_market_nobody_has_touched_is_read_each_time(rig: Rig, monkeypatch: pytest.MonkeyPatch):
    reads = asked(monkeypatch, "depth")

    for _ in range(2):
        rig.shown("/v2/stocks/MSFT/orderbook")

    assert len(reads) == 2
