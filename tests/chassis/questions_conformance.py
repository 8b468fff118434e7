"""What every way to ask promises, as one suite: the plain call and the one over the broker pass it alike."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from chassis.questions import AnswerQuestion, Questions, Unanswered

SLACK_S = 0.3
"""What a busy machine may add to a deadline."""

Answered = Callable[[Mapping[str, AnswerQuestion]], Questions]


def raising(error: Exception) -> AnswerQuestion:
    def answer(asked):
        raise error

    return answer


class QuestionsConformance:
    """Subclasses bring a fixture `answered_by`: whom to ask when these answers are given."""

    def test_an_answer_comes_back(self, answered_by: Answered):
        questions = answered_by({"last_price": lambda asked: {"price": 1_900_000, "of": asked["symbol"]}})

        assert questions.ask("last_price", {"symbol": "AAPL"}) == {"price": 1_900_000, "of": "AAPL"}

    def test_to_know_nothing_is_an_answer(self, answered_by: Answered):
        assert answered_by({"last_price": lambda asked: {}}).ask("last_price", {"symbol": "?"}) == {}

    def test_any_text_and_any_whole_number_come_back_as_they_were(self, answered_by: Answered):
        said = {
            "text": "Zürich 株式 🐂 \x00 \"'",
            "long": "x" * 200_000,
            "cash": 2**63,
            "nested": {"a": [1, None, True]},
        }

        assert answered_by({"echo": lambda asked: asked}).ask("echo", said, 10.0) == said

    def test_each_question_has_its_own_answers(self, answered_by: Answered):
        questions = answered_by(
            {"last_price": lambda asked: {"price": 1}, "whose_key": lambda asked: {"name": "alice"}}
        )

        assert questions.ask("whose_key", {}) == {"name": "alice"}
        assert questions.ask("last_price", {}) == {"price": 1}

    def test_of_many_who_ask_at_once_each_gets_the_answer_to_his_own(self, answered_by: Answered):
        questions = answered_by({"double": lambda asked: {"is": 2 * asked["number"]}})

        with ThreadPoolExecutor(16) as askers:
            answers = list(askers.map(lambda number: questions.ask("double", {"number": number}, 10.0), range(400)))

        assert answers == [{"is": 2 * number} for number in range(400)]

    def test_answers_are_worked_out_side_by_side(self, answered_by: Answered):
        all_here = threading.Barrier(3)

        def answer(asked):
            return {"order": all_here.wait(10)}

        questions = answered_by({"wait": answer})
        with ThreadPoolExecutor(3) as askers:
            answers = list(askers.map(lambda _: questions.ask("wait", {}, 10.0), range(3)))

        assert sorted(answer["order"] for answer in answers) == [0, 1, 2]

    def test_what_nobody_answers_is_unanswered_within_the_deadline(self, answered_by: Answered):
        questions = answered_by({"last_price": lambda asked: {}})

        started_s = time.monotonic()
        with pytest.raises(Unanswered, match="weather"):
            questions.ask("weather", {}, deadline_s=0.3)

        assert time.monotonic() - started_s < 0.3 + SLACK_S

    @pytest.mark.parametrize("error", [psycopg.OperationalError("away"), ValueError("a defect"), Unanswered("no idea")])
    def test_an_answer_that_fails_is_unanswered_at_once(self, answered_by: Answered, error):
        questions = answered_by({"last_price": raising(error)})

        started_s = time.monotonic()
        with pytest.raises(Unanswered):
            questions.ask("last_price", {}, deadline_s=20.0)

        assert time.monotonic() - started_s < 5

    def test_whoever_failed_goes_on_to_answer(self, answered_by: Answered):
        def answer(asked):
            return {"is": 1 / asked["number"]}

        questions = answered_by({"inverse": answer})
        for _ in range(10):
            with pytest.raises(Unanswered):
                questions.ask("inverse", {"number": 0})

        assert questions.ask("inverse", {"number": 1}) == {"is": 1}
