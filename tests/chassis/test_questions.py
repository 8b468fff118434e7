"""Questions inside one process are plain calls; only what cannot be answered here is asked elsewhere."""

from __future__ import annotations

import psycopg
import pytest
from structlog.testing import capture_logs

from chassis.questions import LocalFirst, LocalQuestions, Unanswered
from tests.chassis.questions_conformance import QuestionsConformance, raising


class TestLocalQuestions(QuestionsConformance):
    """All promises of a way to ask."""

    @pytest.fixture
    def answered_by(self):
        def ask_whom(answers):
            questions = LocalQuestions()
            questions.register(answers)
            return questions

        return ask_whom


class Elsewhere:
    """Another process, which writes down what it is asked."""

    def __init__(self):
        self.asked = []

    def ask(self, question, asked, deadline_s=1.0):
        self.asked.append((question, asked, deadline_s))
        return {"from": "elsewhere"}


def test_what_can_be_answered_here_is_not_asked_elsewhere():
    elsewhere = Elsewhere()
    questions = LocalFirst(elsewhere)
    questions.register({"last_price": lambda asked: {"price": 1}})

    assert questions.ask("last_price", {}) == {"price": 1}
    assert elsewhere.asked == []


def test_the_rest_is_asked_elsewhere_with_its_deadline():
    elsewhere = Elsewhere()
    questions = LocalFirst(elsewhere)
    questions.register({"last_price": lambda asked: {"price": 1}})

    assert questions.ask("whose_key", {"key_id": "k"}, 0.5) == {"from": "elsewhere"}
    assert elsewhere.asked == [("whose_key", {"key_id": "k"}, 0.5)]


def test_what_fails_here_is_not_tried_elsewhere():
    elsewhere = Elsewhere()
    questions = LocalFirst(elsewhere)
    questions.register({"last_price": raising(ValueError("a defect"))})

    with pytest.raises(Unanswered):
        questions.ask("last_price", {})
    assert elsewhere.asked == []


@pytest.mark.parametrize(
    ("error", "level"), [(psycopg.OperationalError("away"), "warning"), (ValueError("a defect"), "error")]
)
def test_a_failure_is_logged_without_what_was_asked(error, level):
    questions = LocalQuestions()
    questions.register({"whose_key": raising(error)})

    with capture_logs() as logs, pytest.raises(Unanswered):
        questions.ask("whose_key", {"secret": "xyzzy"})

    assert [(line["event"], line["question"], line["log_level"]) for line in logs] == [
        ("answer_failed", "whose_key", level)
    ]
    assert "xyzzy" not in str(logs)
