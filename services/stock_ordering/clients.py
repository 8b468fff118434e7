"""Questions to other services: the last price that no cache knows, and whether they have heard of an outcome."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chassis.questions import Questions, Unanswered
from contracts.names import QUESTION_FUNDS, QUESTION_LAST_PRICE, QUESTION_ORDER_APPLIED, QUESTION_TRADE_RECORDED
from stock_ordering.domain.funds import HeldFunds
from stock_ordering.domain.order import Fill, Order
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


class AskedFunds:
    """Asks user_portfolio what its books say."""

    def __init__(self, questions: Questions) -> None:
        self._questions = questions

    def held(self, account_id: str, symbols: Iterable[str], order_ids: Sequence[str]) -> HeldFunds | None:
        asked = {"account_id": account_id, "symbols": list(symbols), "orders": list(order_ids)}
        try:
            answer = self._questions.ask(QUESTION_FUNDS, asked, _DEADLINE_S)
        except Unanswered:
            return None
        return HeldFunds(**{**answer, "known": frozenset(answer["known"])}) if answer else None


class AskedSequels:
    """Asks user_portfolio and stock_data, who answer at once with what they have."""

    def __init__(self, questions: Questions) -> None:
        self._questions = questions

    def is_settled(self, order: Order) -> bool:
        asked = {"order_id": order.id, "filled": order.filled_quantity, "has_ended": not order.is_open}
        return bool(self._questions.ask(QUESTION_ORDER_APPLIED, asked, _DEADLINE_S)["applied"])

    def is_on_tape(self, symbol: str, fill: Fill) -> bool:
        asked = {"symbol": symbol, "trade_id": fill.trade_id, "at_us": fill.at_us}
        return bool(self._questions.ask(QUESTION_TRADE_RECORDED, asked, _DEADLINE_S)["recorded"])
