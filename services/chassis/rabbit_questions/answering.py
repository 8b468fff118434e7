"""Answers questions over RabbitMQ, some at a time; any number of processes share a queue."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from pika import BasicProperties, DeliveryMode  # type: ignore[import-untyped]

from chassis.metrics import Metrics
from chassis.questions import AnswerQuestion, Unanswered, attempt_answer
from chassis.rabbit_bus.connection import Connection
from chassis.rabbit_questions.wire import ANSWERED, FAILED, JSON, decode, encode, queue_of

AT_ONCE = 4
"""Answers to one kind of question that are worked out at once in one process."""

_LONGEST_QUEUE = 10_000


class RabbitAnswers:
    """Serves questions from the broker at `amqp://user:password@host:port/vhost` until it is closed.

    A process is handed no more questions than it has threads, so each is begun on arrival; all others wait at the
    broker, which drops them when their time is over.
    """

    def __init__(self, url: str, answers: Mapping[str, AnswerQuestion], metrics: Metrics) -> None:
        self._answers = dict(answers)
        self._metrics = metrics
        self._threads = {each: ThreadPoolExecutor(AT_ONCE, thread_name_prefix=f"answer-{each}") for each in answers}
        self._lock = threading.Lock()
        self._is_leaving = False
        self._listening = threading.Event()
        self._connection = Connection(url, "answers", self._opened, self._listening.clear)
        self._connection.start()

    def is_listening(self) -> bool:
        """Say whether questions would reach this process now; for a health page."""
        return self._listening.is_set()

    def close(self) -> None:
        """Give the answers that are under way, then leave; the broker hands the rest to others."""
        with self._lock:
            self._is_leaving = True
        for threads in self._threads.values():
            threads.shutdown(wait=True)
        self._connection.close()

    def _opened(self, connection: Any) -> None:
        connection.channel(on_open_callback=self._listen)

    def _listen(self, channel: Any) -> None:
        channel.add_on_close_callback(lambda *_: self._connection.drop())
        channel.add_on_cancel_callback(lambda _: self._connection.drop())  # somebody deleted a queue: make it anew
        channel.basic_qos(prefetch_count=AT_ONCE)
        for question in self._answers:
            queue = queue_of(question)
            channel.queue_declare(queue, durable=True, arguments={"x-max-length": _LONGEST_QUEUE})
            channel.basic_consume(queue, partial(self._arrived, question))
        channel.basic_qos(prefetch_count=AT_ONCE, callback=lambda _: self._listening.set())  # answered last of all

    def _arrived(self, question: str, channel: Any, method: Any, properties: Any, body: bytes) -> None:
        with self._lock:
            if not self._is_leaving:
                self._threads[question].submit(self._answer, question, channel, method, properties, body)

    def _answer(self, question: str, channel: Any, method: Any, properties: Any, body: bytes) -> None:
        answer = self._answers[question]
        try:
            outcome, reply = ANSWERED, attempt_answer(question, lambda: encode(answer(decode(body))))
        except Unanswered:
            outcome, reply = FAILED, b""
        self._metrics.questions_answered.labels(question, outcome).inc()
        self._connection.post(partial(_reply, channel, method.delivery_tag, properties, outcome, reply))


def _reply(channel: Any, tag: int, asked: Any, outcome: str, reply: bytes) -> None:
    """Acknowledged with the answer and not before: the question of a process that dies is handed to another."""
    if not channel.is_open:
        return
    if asked.reply_to:
        properties = BasicProperties(
            content_type=JSON, delivery_mode=DeliveryMode.Transient, correlation_id=asked.correlation_id, type=outcome
        )
        channel.basic_publish("", asked.reply_to, reply, properties)
    channel.basic_ack(tag)
