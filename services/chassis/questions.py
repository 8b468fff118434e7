"""Questions one service asks another: read-only, few, with a deadline, never on an order's path."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

import structlog

from chassis.database import TRANSIENT

Answer = Mapping[str, Any]
AnswerQuestion = Callable[[Mapping[str, Any]], Answer]
Worked = TypeVar("Worked")

_log = structlog.get_logger()


class Unanswered(Exception):
    """Nobody answered within the deadline; fall back or refuse."""


class Questions(Protocol):
    def ask(self, question: str, asked: Mapping[str, Any], deadline_s: float = 1.0) -> Answer:
        """Return the answer; raise Unanswered if none comes in time, or if whoever answers could not."""


class LocalQuestions:
    """Questions between services in one process: a plain call, which takes the time it takes."""

    def __init__(self) -> None:
        self._answers: dict[str, AnswerQuestion] = {}

    def register(self, answers: Mapping[str, AnswerQuestion]) -> None:
        self._answers.update(answers)

    def can_answer(self, question: str) -> bool:
        return question in self._answers

    def ask(self, question: str, asked: Mapping[str, Any], deadline_s: float = 1.0) -> Answer:
        answer = self._answers.get(question)
        if answer is None:
            raise Unanswered(f"nobody answers {question}")
        return attempt_answer(question, lambda: answer(asked))


class LocalFirst:
    """What this process can answer is a plain call; only the rest is asked of `remote`."""

    def __init__(self, remote: Questions) -> None:
        self._local = LocalQuestions()
        self._remote = remote

    def register(self, answers: Mapping[str, AnswerQuestion]) -> None:
        self._local.register(answers)

    def ask(self, question: str, asked: Mapping[str, Any], deadline_s: float = 1.0) -> Answer:
        whom: Questions = self._local if self._local.can_answer(question) else self._remote
        return whom.ask(question, asked, deadline_s)


def attempt_answer(question: str, work: Callable[[], Worked]) -> Worked:
    """What `work` answers; whatever goes wrong is logged here, where it happened, and is Unanswered to the asker.

    What was asked is not logged: it may hold a secret.
    """
    try:
        return work()
    except Unanswered:
        raise
    except TRANSIENT as error:
        _log.warning("answer_failed", question=question, reason=str(error))
        raise Unanswered(f"{question} cannot be answered at the moment") from error
    except Exception as error:
        _log.exception("answer_failed", question=question)
        raise Unanswered(f"{question} could not be answered") from error
