"""What user_portfolio and stock_data would answer order entry, as the test has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chassis.questions import LocalQuestions, Unanswered
from contracts.names import QUESTION_FUNDS, QUESTION_ORDER_APPLIED, QUESTION_TRADE_RECORDED


@dataclass
class Neighbours:
    """The books of one account, and how often a question is put before the answer is yes.

    `asked` is all that was asked.
    """

    buying_power: int = 10**18
    cash_held: int = 0
    available: dict[str, int] = field(default_factory=lambda: {"AAPL": 10**9, "MSFT": 10**9})
    shares_held: int = 0
    known: set[str] = field(default_factory=set)
    applied_after: int = 0
    recorded_after: int = 0
    are_there: bool = True
    asked: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def register(self, questions: LocalQuestions) -> None:
        questions.register(
            {
                QUESTION_FUNDS: self._funds,
                QUESTION_ORDER_APPLIED: lambda asked: {"applied": self._is_so(QUESTION_ORDER_APPLIED, asked)},
                QUESTION_TRADE_RECORDED: lambda asked: {"recorded": self._is_so(QUESTION_TRADE_RECORDED, asked)},
            }
        )

    def was_asked(self, question: str) -> list[Mapping[str, Any]]:
        return [asked for name, asked in self.asked if name == question]

    def _funds(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        self._note(QUESTION_FUNDS, asked)
        return {
            "buying_power": self.buying_power,
            "cash_held": self.cash_held,
            "available": {symbol: self.available.get(symbol, 0) for symbol in asked["symbols"]},
            "shares_held": self.shares_held,
            "known": [order_id for order_id in asked["orders"] if order_id in self.known],
        }

    def _is_so(self, question: str, asked: Mapping[str, Any]) -> bool:
        self._note(question, asked)
        after = self.applied_after if question == QUESTION_ORDER_APPLIED else self.recorded_after
        return len(self.was_asked(question)) > after

    def _note(self, question: str, asked: Mapping[str, Any]) -> None:
        if not self.are_there:
            raise Unanswered("they are away")
        self.asked.append((question, asked))
