"""Questions over RabbitMQ keep their deadline whatever dies, and are answered again once it is back."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from chassis.metrics import Metrics
from chassis.rabbit_questions import RabbitQuestions
from standalone.servers.process import free_port
from tests.chassis.builders import PATIENCE_S, eventually
from tests.chassis.questions_conformance import SLACK_S, QuestionsConformance, raising
from tests.chassis.questions_rig import broker as broker
from tests.chassis.questions_rig import here, in_background, is_answered, unanswered_after_s
from tests.chassis.questions_rig import slow as slow
from tests.servers.rabbitmq import RabbitMQ


class TestRabbitQuestions(QuestionsConformance):
    """All promises of a way to ask."""

    @pytest.fixture
    def answered_by(self, broker):
        def ask_whom(answers):
            broker.answering(**answers)
            return broker.asking()

        return ask_whom


@contextmanager
def frozen(rabbitmq: RabbitMQ) -> Iterator[None]:
    """The broker holds its connections, takes what is sent to it and says nothing."""
    os.killpg(rabbitmq.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(rabbitmq.pid, signal.SIGCONT)


def test_without_a_broker_the_deadline_holds():
    questions = RabbitQuestions(f"amqp://127.0.0.1:{free_port()}/", Metrics())

    assert unanswered_after_s(questions) < 0.4 + SLACK_S
    questions.close()


def test_a_frozen_broker_costs_no_more_than_the_deadline_and_is_found_again(rabbitmq, broker):
    broker.answering(last_price=here)
    questions = broker.asking()
    eventually(lambda: is_answered(questions))

    with frozen(rabbitmq):
        assert unanswered_after_s(questions) < 0.4 + SLACK_S

    eventually(lambda: is_answered(questions))


def test_a_question_that_is_open_when_the_broker_dies_is_answered_when_it_is_back(rabbitmq, broker):
    broker.answering(last_price=here)
    questions = broker.asking()
    eventually(lambda: is_answered(questions))

    rabbitmq.kill()
    with in_background(lambda: questions.ask("last_price", {}, deadline_s=60.0)) as asked:
        rabbitmq.start()

        assert asked.result() == {"here": True}
    assert is_answered(questions)


def test_whom_nobody_answers_is_spared_the_wait_until_somebody_does(broker):
    questions = broker.asking()
    for _ in range(3):
        unanswered_after_s(questions, deadline_s=0.1)

    spared_after_s = unanswered_after_s(questions, deadline_s=5.0)
    broker.answering(last_price=here)

    assert spared_after_s < 0.1
    assert broker.counted("last_price", "spared") == 1
    eventually(lambda: is_answered(questions))


def test_a_question_that_nobody_answers_does_not_speak_against_another(broker):
    broker.answering(last_price=here)
    questions = broker.asking()
    for _ in range(4):
        unanswered_after_s(questions, "weather", deadline_s=0.1)

    assert is_answered(questions)


def test_answers_that_fail_do_not_open_the_breaker(broker):
    """Or whoever sends what cannot be answered would shut out all others."""
    broker.answering(whose_key=raising(ValueError("a defect")))
    questions = broker.asking()

    for _ in range(10):
        unanswered_after_s(questions, "whose_key", deadline_s=5.0)

    assert broker.counted("whose_key", "unanswered") == 10
    assert broker.counted("whose_key", "spared") == 0


def test_an_attempt_without_an_answer_is_repeated_within_the_deadline(broker, slow):
    answers = iter([slow, here])
    broker.answering(last_price=lambda asked: next(answers)(asked))

    assert broker.asking().ask("last_price", {}, deadline_s=3.0) == {"here": True}


def test_the_answer_to_an_earlier_attempt_still_counts(broker, slow):
    broker.answering(last_price=slow)
    questions = broker.asking()

    with in_background(lambda: questions.ask("last_price", {"symbol": "AAPL"}, deadline_s=6.0)) as asked:
        for _ in range(2):  # the question and its repeat
            assert slow.begun.acquire(timeout=PATIENCE_S)
        slow.go_on.set()

        assert asked.result() == {"slowly": {"symbol": "AAPL"}}


def test_a_late_answer_is_nobodys(broker, slow):
    broker.answering(last_price=slow, echo=lambda asked: asked)
    questions = broker.asking()

    unanswered_after_s(questions)
    slow.go_on.set()

    assert [questions.ask("echo", {"number": number}) for number in range(20)] == [{"number": n} for n in range(20)]


def test_more_open_questions_than_allowed_are_refused_at_once(broker, slow):
    broker.answering(last_price=slow)
    questions = broker.asking(most_open=1)

    with in_background(lambda: questions.ask("last_price", {}, PATIENCE_S)) as asked:
        assert slow.begun.acquire(timeout=PATIENCE_S)
        refused_after_s = unanswered_after_s(questions, deadline_s=PATIENCE_S)
        slow.go_on.set()

        assert asked.result() == {"slowly": {}}
    assert refused_after_s < SLACK_S
    assert is_answered(questions)


def test_who_leaves_waits_for_no_answer_and_asks_no_more(broker, slow):
    broker.answering(last_price=slow)
    questions = broker.asking()

    with in_background(lambda: unanswered_after_s(questions, deadline_s=PATIENCE_S)) as asked:
        assert slow.begun.acquire(timeout=PATIENCE_S)
        questions.close()

        assert asked.result() < PATIENCE_S
    assert unanswered_after_s(questions, deadline_s=PATIENCE_S) < SLACK_S
