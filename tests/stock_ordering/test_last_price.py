"""The last price of a market order: as cached, else as asked, else as last heard, else the reference price."""

from __future__ import annotations

from dataclasses import replace

from chassis.cache import LocalCache
from chassis.questions import LocalQuestions
from contracts.names import QUESTION_LAST_PRICE, last_price_entry
from stock_ordering.cache import CachedLastPrices
from stock_ordering.clients import AskedLastPrice
from tests.stock_ordering.builders import AAPL

MSFT = replace(AAPL, symbol="MSFT", reference_price=4_000_000)


def test_what_is_cached_is_not_asked_for():
    cache, asked = LocalCache(), []
    cache.set_many({last_price_entry("AAPL"): "1900000"}, 60)

    def ask(instrument):
        asked.append(instrument.symbol)
        return instrument.reference_price

    prices = CachedLastPrices(cache, ask).last_prices([AAPL, MSFT])

    assert prices == {"AAPL": 1_900_000, "MSFT": 4_000_000}
    assert asked == ["MSFT"]


def test_nothing_is_looked_up_when_there_are_no_market_orders():
    assert CachedLastPrices(LocalCache(), AskedLastPrice(LocalQuestions()).last_price).last_prices([]) == {}


def test_an_answer_is_remembered_for_when_there_is_none():
    questions = LocalQuestions()
    asked = AskedLastPrice(questions)
    assert asked.last_price(AAPL) == AAPL.reference_price

    questions.register({QUESTION_LAST_PRICE: lambda question: {"price": 1_950_000}})
    assert asked.last_price(AAPL) == 1_950_000

    questions.register({QUESTION_LAST_PRICE: lambda question: {}})
    assert (asked.last_price(AAPL), asked.last_price(MSFT)) == (1_950_000, MSFT.reference_price)
