"""Questions to other services: the last price of what is not in the cache."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import structlog

from chassis.database import TRANSIENT
from chassis.questions import Questions, Unanswered
from contracts.names import QUESTION_LAST_PRICE

_log = structlog.get_logger()

MOST_QUESTIONS = 50
"""Asked for one request; an account with more positions than that gets the rest at the last known price."""


class AskedPrices:
    """Asks stock_data symbol by symbol, and stops asking once it does not answer."""

    def __init__(self, questions: Questions) -> None:
        self._questions = questions

    def last(self, symbols: Iterable[str]) -> dict[str, int]:
        prices: dict[str, int] = {}
        for symbol in islice(symbols, MOST_QUESTIONS):
            try:
                answer = self._questions.ask(QUESTION_LAST_PRICE, {"symbol": symbol})
            except (Unanswered, *TRANSIENT) as error:
                _log.warning("prices_unanswered", symbol=symbol, reason=str(error))
                break
            if "price" in answer:
                prices[symbol] = answer["price"]
        return prices
