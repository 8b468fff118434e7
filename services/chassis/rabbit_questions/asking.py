"""Asks questions over RabbitMQ: as often as it takes, never longer than the deadline."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pika import BasicProperties, DeliveryMode  # type: ignore[import-untyped]
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

from chassis.backoff import jitter
from chassis.breaker import Breaker, BreakerOpen
from chassis.metrics import Metrics
from chassis.questions import Answer, Unanswered
from chassis.rabbit_bus.connection import Connection
from chassis.rabbit_questions.wire import ANSWERED, JSON, decode, encode, queue_of

MOST_OPEN = 500
"""Questions of this process that wait for an answer at once."""

ATTEMPTS = 3

_REPLY_TO = "amq.rabbitmq.reply-to"  # direct reply-to: the broker brings the answer without a queue of our own


class _Silence(Unanswered):
    """No word in time: this, not an answer that failed, speaks against who should answer."""


@dataclass(frozen=True, slots=True)
class _Open:
    """A question that waits. `deadline_s` is a time.monotonic()."""

    id: str
    question: str
    body: bytes
    deadline_s: float
    reply: Future[bytes] = field(default_factory=Future)

    def left_s(self) -> float:
        return max(self.deadline_s - time.monotonic(), 0.0)


class RabbitQuestions:
    """Questions to other processes, through the broker at `amqp://user:password@host:port/vhost`, from any thread.

    An attempt without an answer in about a third of the deadline is repeated, and so are all open questions when a
    lost connection is back. A repeat has the id of the first attempt: whichever answer comes first counts.
    """

    def __init__(self, url: str, metrics: Metrics, most_open: int = MOST_OPEN) -> None:
        self._most_open = most_open
        self._metrics = metrics
        self._ids = itertools.count()
        self._lock = threading.Lock()
        self._open: dict[str, _Open] = {}
        self._breakers: dict[str, Breaker] = {}
        self._is_closed = False
        self._channel: Any = None
        self._connection = Connection(url, "questions", self._opened, self._lost)
        self._connection.start()

    def ask(self, question: str, asked: Mapping[str, Any], deadline_s: float = 1.0) -> Answer:
        """Return the answer; raise Unanswered when the deadline is over, or at once when the breaker is open."""
        body, started_s = encode(asked), time.monotonic()
        outcome = "unanswered"
        try:
            reply = self._breaker(question).call(lambda: self._ask(question, body, started_s + deadline_s))
            outcome = "answered"
        except BreakerOpen as is_open:
            outcome = "spared"
            raise Unanswered(f"{question} has not been answered of late") from is_open
        else:
            self._metrics.question_seconds.labels(question).observe(time.monotonic() - started_s)
            return decode(reply)
        finally:
            self._metrics.questions_asked.labels(question, outcome).inc()

    def close(self) -> None:
        """Leave; what is still open is Unanswered at once."""
        with self._lock:
            self._is_closed = True
            left = list(self._open)
        for number in left:
            self._end(number, Unanswered("this process is leaving"))
        self._connection.close()

    def _breaker(self, question: str) -> Breaker:
        with self._lock:
            if question not in self._breakers:
                self._breakers[question] = Breaker(queue_of(question), (_Silence,), self._metrics)
            return self._breakers[question]

    def _ask(self, question: str, body: bytes, deadline_s: float) -> bytes:
        waiting = _Open(str(next(self._ids)), question, body, deadline_s)
        with self._lock:
            if self._is_closed or len(self._open) >= self._most_open:
                raise Unanswered(f"{question} is not asked: too many questions are open, or this process is leaving")
            self._open[waiting.id] = waiting
        try:
            return self._ask_again_and_again(waiting)
        except TimeoutError:
            raise _Silence(f"nobody answered {question} in time") from None
        finally:
            self._open.pop(waiting.id, None)

    def _ask_again_and_again(self, waiting: _Open) -> bytes:
        """All questions are read-only, so a repeat is harmless; the last attempt waits until the deadline."""
        longest_s = waiting.left_s() / ATTEMPTS
        attempts = Retrying(
            retry=retry_if_exception_type(TimeoutError), stop=stop_after_attempt(ATTEMPTS), reraise=True
        )
        for attempt in attempts:
            with attempt:
                self._connection.post(partial(self._send, waiting))
                is_last = attempt.retry_state.attempt_number == ATTEMPTS
                patience_s = waiting.left_s() if is_last else min(longest_s * jitter(), waiting.left_s())
                return waiting.reply.result(patience_s)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _end(self, number: str, ending: bytes | Unanswered) -> None:
        """Whoever takes the question out ends it; what comes later finds nobody and is dropped."""
        waiting = self._open.pop(number, None)
        if waiting is None:
            return
        if isinstance(ending, Unanswered):
            waiting.reply.set_exception(ending)
        else:
            waiting.reply.set_result(ending)

    def _opened(self, connection: Any) -> None:
        connection.channel(on_open_callback=self._listen)

    def _listen(self, channel: Any) -> None:
        channel.add_on_close_callback(lambda *_: self._connection.drop())
        channel.basic_consume(_REPLY_TO, self._replied, auto_ack=True, callback=lambda _: self._resume(channel))

    def _resume(self, channel: Any) -> None:
        self._channel = channel
        with self._lock:
            left = list(self._open.values())
        for waiting in left:
            self._send(waiting)

    def _lost(self) -> None:
        self._channel = None

    def _send(self, waiting: _Open) -> None:
        """Without a connection nothing is sent; `_resume` makes up for it."""
        left_ms = int(waiting.left_s() * 1_000)
        if self._channel is None or not self._channel.is_open or waiting.reply.done() or not left_ms:
            return
        properties = BasicProperties(
            content_type=JSON,
            delivery_mode=DeliveryMode.Transient,
            correlation_id=waiting.id,
            reply_to=_REPLY_TO,
            expiration=str(left_ms),
        )
        self._channel.basic_publish("", queue_of(waiting.question), waiting.body, properties)

    def _replied(self, _channel: Any, _method: Any, properties: Any, body: bytes) -> None:
        answered = properties.type == ANSWERED
        self._end(properties.correlation_id, body if answered else Unanswered("whoever was asked could not answer"))
