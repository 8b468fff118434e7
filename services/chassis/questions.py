"""Questions one service asks another: read-only, few, with a deadline, never on an order's path."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

Answer = Mapping[str, Any]
AnswerQuestion = Callable[[Mapping[str, Any]], Answer]


class Unanswered(Exception):
    """Nobody answered within the deadline; fall back or refuse."""


class Questions(Protocol):
    def ask(self, question: str, asked: Mapping[str, Any], deadline_s: float = 1.0) -> Answer:
        """Return the answer; raise Unanswered if none comes in time."""


class LocalQuestions:
    """Questions between services in one process: a plain call."""

    def __init__(self) -> None:
        self._answers: dict[str, AnswerQuestion] = {}

    def register(self, answers: Mapping[str, AnswerQuestion]) -> None:
        self._answers.update(answers)

    def ask(self, question: str, asked: Mapping[str, Any], deadline_s: float = 1.0) -> Answer:
        answer = self._answers.get(question)
        if answer is None:
            raise Unanswered(f"nobody answers {question}")
        return answer(asked)
