"""Answers over RabbitMQ: processes share the work, die and leave without a question being lost or kept waiting."""

from __future__ import annotations

import multiprocessing
import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pika  # type: ignore[import-untyped]

from chassis.metrics import Metrics
from chassis.rabbit_questions import RabbitAnswers
from chassis.rabbit_questions.answering import AT_ONCE
from tests.chassis.builders import PATIENCE_S, eventually
from tests.chassis.questions_conformance import raising
from tests.chassis.questions_rig import broker as broker
from tests.chassis.questions_rig import here, in_background, is_answered, unanswered_after_s
from tests.chassis.questions_rig import slow as slow


def test_a_question_whose_time_is_over_is_never_put_to_anybody(broker):
    broker.answering(last_price=here).close()
    questions, heard = broker.asking(), []
    unanswered_after_s(questions, deadline_s=0.2)

    def answer(asked):
        heard.append(asked)
        return {"here": True}

    broker.answering(last_price=answer)
    questions.ask("last_price", {"asked": "in time"}, PATIENCE_S)

    assert heard == [{"asked": "in time"}]


def test_two_processes_share_the_questions(broker):
    all_begun = threading.Barrier(2 * AT_ONCE)

    def answer(asked):
        return {"order": all_begun.wait(PATIENCE_S)}

    broker.answering(together=answer)
    broker.answering(together=answer)
    questions = broker.asking()
    with ThreadPoolExecutor(2 * AT_ONCE) as askers:
        answers = list(askers.map(lambda _: questions.ask("together", {}, 3 * PATIENCE_S), range(2 * AT_ONCE)))

    assert sorted(answer["order"] for answer in answers) == list(range(2 * AT_ONCE))


def test_slow_answers_to_one_question_do_not_hold_up_another(broker, slow):
    broker.answering(slow=slow, last_price=here)
    questions = broker.asking()

    with ThreadPoolExecutor(AT_ONCE) as askers:
        asked = [askers.submit(questions.ask, "slow", {}, PATIENCE_S) for _ in range(AT_ONCE)]
        for _ in range(AT_ONCE):
            assert slow.begun.acquire(timeout=PATIENCE_S)
        is_quick = is_answered(questions)
        slow.go_on.set()

    assert is_quick
    assert [each.result() for each in asked] == [{"slowly": {}}] * AT_ONCE


def test_the_question_of_a_process_that_dies_goes_to_another(broker):
    broker.answering(last_price=here).close()  # so that the question waits for whoever comes first
    questions = broker.asking()
    dying = multiprocessing.get_context("spawn").Process(target=_die_of_a_question, args=(broker.url,))
    dying.start()

    with in_background(lambda: questions.ask("last_price", {}, 3 * PATIENCE_S)) as asked:
        dying.join(PATIENCE_S)
        broker.answering(last_price=here)

        assert asked.result() == {"here": True}
    assert dying.exitcode == 9


def _die_of_a_question(url: str) -> None:
    RabbitAnswers(url, {"last_price": lambda asked: os._exit(9)}, Metrics())
    threading.Event().wait(PATIENCE_S)


def test_closing_gives_the_answers_that_are_under_way_and_begins_no_others(broker, slow):
    serving, questions = broker.answering(last_price=slow), broker.asking()

    with in_background(lambda: questions.ask("last_price", {}, PATIENCE_S)) as asked:
        assert slow.begun.acquire(timeout=PATIENCE_S)
        with in_background(serving.close) as closing:
            unanswered_after_s(questions)
            slow.go_on.set()
            closing.result(PATIENCE_S)

        assert asked.result() == {"slowly": {}}
    assert len(slow.asked) == 1
    unanswered_after_s(questions)


def test_what_is_no_question_of_ours_harms_nobody(broker):
    broker.answering(last_price=here)
    connection = pika.BlockingConnection(pika.URLParameters(broker.url))
    for body in (b"", b"not JSON", b"[]", b"\xff"):
        connection.channel().basic_publish("", "questions.last_price", body)
    connection.close()

    assert is_answered(broker.asking())


def test_a_queue_that_somebody_deletes_is_made_anew(broker):
    serving, questions = broker.answering(last_price=here), broker.asking()
    connection = pika.BlockingConnection(pika.URLParameters(broker.url))
    connection.channel().queue_delete("questions.last_price")
    connection.close()

    eventually(lambda: is_answered(questions))
    assert serving.is_listening()


def test_questions_and_answers_are_counted(broker, metrics):
    broker.answering(last_price=here, whose_key=raising(ValueError("a defect")))
    questions = broker.asking()

    assert is_answered(questions)
    unanswered_after_s(questions, "whose_key", PATIENCE_S)

    def value(name, **labels):
        return metrics.registry.get_sample_value(name, labels)

    assert broker.counted("last_price", "answered") == value("question_seconds_count", question="last_price") == 1
    assert value("questions_answered_total", question="last_price", outcome="answered") == 1
    assert value("questions_answered_total", question="whose_key", outcome="failed") == 1
