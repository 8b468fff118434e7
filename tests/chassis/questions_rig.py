"""Who asks and who answers over a real broker, and answers that take their time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from chassis.metrics import Metrics
from chassis.questions import Unanswered
from chassis.rabbit_questions import RabbitAnswers, RabbitQuestions
from chassis.rabbit_questions.asking import MOST_OPEN
from tests.chassis.builders import PATIENCE_S, eventually
from tests.servers.rabbitmq import RabbitMQ


class Broker:
    """An empty virtual host, and who asks and answers there; each as a process of its own would."""

    def __init__(self, url: str, metrics: Metrics) -> None:
        self.url = url
        self._metrics = metrics
        self._opened: list[RabbitAnswers | RabbitQuestions] = []

    def answering(self, **answers) -> RabbitAnswers:
        serving = RabbitAnswers(self.url, answers, self._metrics)
        self._opened.append(serving)
        eventually(serving.is_listening)
        return serving

    def asking(self, most_open=MOST_OPEN) -> RabbitQuestions:
        asking = RabbitQuestions(self.url, self._metrics, most_open)
        self._opened.append(asking)
        return asking

    def counted(self, question: str, outcome: str) -> float:
        labels = {"question": question, "outcome": outcome}
        return self._metrics.registry.get_sample_value("questions_asked_total", labels) or 0.0

    def close(self) -> None:
        for each in self._opened:
            each.close()


@pytest.fixture
def broker(rabbitmq: RabbitMQ, metrics: Metrics) -> Iterator[Broker]:
    broker = Broker(rabbitmq.fresh_url(), metrics)
    yield broker
    broker.close()


class Slow:
    """Answers that are begun, but not given before the test says so."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.asked: list[Mapping[str, Any]] = []
        self.go_on = threading.Event()

    def __call__(self, asked):
        self.asked.append(asked)
        self.begun.release()
        assert self.go_on.wait(PATIENCE_S)
        return {"slowly": asked}


@pytest.fixture
def slow() -> Iterator[Slow]:
    slow = Slow()
    yield slow
    slow.go_on.set()


def here(asked):
    return {"here": True}


def is_answered(questions: RabbitQuestions, question="last_price") -> bool:
    try:
        return bool(questions.ask(question, {}))
    except Unanswered:
        return False


def unanswered_after_s(questions: RabbitQuestions, question="last_price", deadline_s=0.4) -> float:
    started_s = time.monotonic()
    with pytest.raises(Unanswered):
        questions.ask(question, {}, deadline_s)
    return time.monotonic() - started_s


@contextmanager
def in_background(work: Callable[[], object]):
    with ThreadPoolExecutor(1) as thread:
        yield thread.submit(work)
