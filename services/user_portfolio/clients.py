"""Questions to other services: last prices that are not in the cache, and prices as they were."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from itertools import islice

import structlog

from chassis.database import TRANSIENT
from chassis.questions import Questions, Unanswered
from contracts.names import MOST_CLOSES, QUESTION_CLOSES, QUESTION_LAST_PRICE
from contracts.refusals import Refusal, Refused
from user_portfolio.domain.history import PastPrices
from user_portfolio.domain.windows import Timeframe, Windows, day_of

_log = structlog.get_logger()

MOST_QUESTIONS = 50
"""Asked for one request; an account with more positions than that gets the rest at the last known price."""

_LONG_ANSWER_S = 2.0
_SHORT_ANSWER_S = 0.5
_KEPT_S = 60.0

_NO_ANSWER = (Unanswered, KeyError, *TRANSIENT)
"""Errors that say nothing about the question; a symbol that stock_data does not know yet is one of them."""


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


class AskedPastPrices:
    """Asks stock_data for as many symbols at once as one question may have."""

    def __init__(self, questions: Questions) -> None:
        self._questions = questions
        self._known: dict[str, int | None] = {}
        self._known_for: tuple[int, float] = (0, 0.0)

    def during(self, symbols: Sequence[str], windows: Windows) -> dict[str, PastPrices]:
        try:
            return self._ask(symbols, windows, _LONG_ANSWER_S)
        except _NO_ANSWER as error:
            _log.warning("past_prices_unanswered", symbols=len(symbols), reason=repr(error))
            message = "Past prices cannot be had at the moment. Try again shortly."
            raise Refused(Refusal.UNAVAILABLE, message) from error

    def before(self, symbols: Sequence[str], day: Windows) -> dict[str, int | None]:
        known = self._lately(day)
        missing = [symbol for symbol in symbols if symbol not in known]
        if missing:
            try:
                known |= {symbol: past.before for symbol, past in self._ask(missing, day, _SHORT_ANSWER_S).items()}
            except _NO_ANSWER as error:
                _log.warning("past_prices_unanswered", symbols=len(missing), reason=repr(error))
        return {symbol: known[symbol] for symbol in symbols if symbol in known}

    def latest(self, symbols: Sequence[str], now_us: int) -> dict[str, int]:
        """The last price before the day after tomorrow, whatever the clocks of others say of today."""
        day = day_of(now_us).first + 2
        try:
            past = self._ask(symbols, Windows(Timeframe.DAY, day, day), _SHORT_ANSWER_S)
        except _NO_ANSWER as error:
            _log.warning("last_prices_unanswered", symbols=len(symbols), reason=repr(error))
            return {}
        return {symbol: each.first for symbol, each in past.items()}

    def _lately(self, day: Windows) -> dict[str, int | None]:
        """What was told of this day within a minute: the last trades of the day before may come late."""
        now_s = time.monotonic()
        if self._known_for[0] != day.first or now_s > self._known_for[1]:
            self._known, self._known_for = {}, (day.first, now_s + _KEPT_S)
        return self._known

    def _ask(self, symbols: Sequence[str], windows: Windows, deadline_s: float) -> dict[str, PastPrices]:
        at_once = MOST_CLOSES // len(windows)
        prices: dict[str, PastPrices] = {}
        for start in range(0, len(symbols), at_once):
            few = list(symbols[start : start + at_once])
            span = {"span_s": windows.timeframe.span_s, "first": windows.first, "last": windows.last}
            told = self._questions.ask(QUESTION_CLOSES, {"symbols": few, **span}, deadline_s)["closes"]
            for symbol in few:
                past = told[symbol]
                prices[symbol] = PastPrices(past["reference"], past["before"], dict(past["windows"]))
        return prices
