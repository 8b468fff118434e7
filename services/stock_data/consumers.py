"""Messages in: the market facts stock_data hears, and the questions it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chassis.consumer import HandleFacts
from chassis.database import Transaction
from chassis.questions import Answer, AnswerQuestion
from contracts.facts import BookChanged, TradeExecuted
from contracts.names import QUESTION_CLOSES, QUESTION_LAST_PRICE, QUESTION_TRADE_RECORDED
from contracts.streams import Stream
from stock_data.domain.market import Market
from stock_data.handlers.closes import closes
from stock_data.handlers.market import TakeIn, record
from stock_data.handlers.questions import has_recorded, last_price
from stock_data.ports import Deps

GROUP = "stock_data"
STREAMS = (Stream.MARKET,)

HEARD: Mapping[type, TakeIn] = {
    TradeExecuted: Market.print_trade,
    BookChanged: Market.change_book,
}


def hear(deps: Deps) -> HandleFacts:
    """The handler of a batch of facts; kinds that are not in the table are ignored."""

    def handle(transaction: Transaction, facts: Sequence[Any]) -> None:
        heard = [(HEARD[type(fact)], fact) for fact in facts if type(fact) in HEARD]
        if heard:
            record(deps.unit(transaction), deps.last_prices, deps.views, heard)

    return handle


def answers(deps: Deps) -> dict[str, AnswerQuestion]:
    """What other services may ask."""

    def answer_last_price(asked: Mapping[str, Any]) -> Answer:
        price = last_price(deps, asked["symbol"])
        return {"price": price} if price is not None else {}

    def answer_closes(asked: Mapping[str, Any]) -> Answer:
        told = closes(deps, asked["symbols"], asked["span_s"], asked["first"], asked["last"])
        return {
            "closes": {
                symbol: {"reference": past.reference, "before": past.before, "windows": past.windows}
                for symbol, past in told.items()
            }
        }

    def answer_trade_recorded(asked: Mapping[str, Any]) -> Answer:
        return {"recorded": has_recorded(deps, asked["symbol"], asked["trade_id"], asked["at_us"])}

    return {
        QUESTION_LAST_PRICE: answer_last_price,
        QUESTION_CLOSES: answer_closes,
        QUESTION_TRADE_RECORDED: answer_trade_recorded,
    }
