"""Questions to other services: the last price that no cache knows."""

from __future__ import annotations

from chassis.questions import Questions, Unanswered
from contracts.names import QUESTION_LAST_PRICE
from stock_ordering.domain.wishes import Instrument

_DEADLINE_S = 0.5


class AskedLastPrice:
    """Asks stock_data; without an answer the price last heard, without that the reference price."""

    def __init__(self, questions: Questions) -> None:
        self._questions = questions
        self._heard: dict[str, int] = {}

    def last_price(self, instrument: Instrument) -> int:
        try:
            answer = self._questions.ask(QUESTION_LAST_PRICE, {"symbol": instrument.symbol}, _DEADLINE_S)
        except Unanswered:
            answer = {}
        if "price" in answer:
            self._heard[instrument.symbol] = answer["price"]
        return self._heard.get(instrument.symbol, instrument.reference_price)
