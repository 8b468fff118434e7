"""Sends many messages at once and waits for the broker's answer to all of them."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pika import BasicProperties, DeliveryMode  # type: ignore[import-untyped]

from chassis.bus import BusUnavailable, Message
from chassis.rabbit_bus.connection import Connection
from chassis.rabbit_bus.topology import EXCHANGE, Groups, declare, routing_key

_CONNECT_PATIENCE_S = 1.0
_CONFIRM_PATIENCE_S = 10.0


@dataclass(eq=False, slots=True)
class _Told:
    """One caller's messages: `answer` comes when the broker has confirmed them all."""

    messages: Sequence[Message]
    open: int
    answer: Future[None] = field(default_factory=Future)


class Publisher:
    """Confirms are not awaited one by one: a queue that is flushed to disk for each would do a tenth."""

    def __init__(self, url: str, groups: Groups, delivery_limit: int) -> None:
        self._groups = groups
        self._delivery_limit = delivery_limit
        self._lock = threading.Lock()
        self._ready = threading.Event()
        self._told: set[_Told] = set()
        self._unconfirmed: dict[int, _Told] = {}
        self._sent = 0
        self._channel: Any = None
        self._connection = Connection(url, "publisher", self._opened, self._lost)
        self._connection.start()

    def publish(self, messages: Sequence[Message]) -> None:
        """Return when the broker has all of them on disk; BusUnavailable after 1 s unconnected or 10 s unanswered."""
        if not messages:
            return
        self._ready.wait(_CONNECT_PATIENCE_S)
        told = _Told(messages, len(messages))
        with self._lock:
            if not self._ready.is_set():
                raise BusUnavailable("no connection to the broker")
            self._told.add(told)
        self._connection.post(partial(self._send, told))
        try:
            told.answer.result(_CONFIRM_PATIENCE_S)
        except TimeoutError:
            self._connection.drop()
            raise BusUnavailable("the broker does not answer for what it was sent") from None

    def is_connected(self) -> bool:
        return self._ready.is_set()

    def close(self) -> None:
        self._connection.close()

    def _opened(self, connection: Any) -> None:
        connection.channel(on_open_callback=self._prepare)

    def _prepare(self, channel: Any) -> None:
        self._channel, self._sent, self._unconfirmed = channel, 0, {}
        channel.add_on_close_callback(lambda *_: self._connection.drop())
        channel.confirm_delivery(self._answered)
        declare(channel, self._groups, self._delivery_limit, self._ready.set)

    def _lost(self) -> None:
        with self._lock:
            self._ready.clear()
            lost, self._told = self._told, set()
        for told in lost:
            told.answer.set_exception(BusUnavailable("the connection to the broker is lost"))

    def _send(self, told: _Told) -> None:
        if not self._channel.is_open:
            return  # the caller hears of it as soon as the connection is gone
        for message in told.messages:
            self._sent += 1
            self._unconfirmed[self._sent] = told
            key = routing_key(message.stream, message.shard)
            self._channel.basic_publish(EXCHANGE, key, message.body, _properties(message.id, key))

    def _answered(self, frame: Any) -> None:
        if frame.method.NAME == "Basic.Nack":
            self._connection.drop()  # everything unanswered is told again, in its order
            return
        for tag in self._tags(frame.method):
            told = self._unconfirmed.pop(tag)
            told.open -= 1
            if told.open == 0:
                self._finish(told)

    def _tags(self, method: Any) -> list[int]:
        if not method.multiple:
            return [method.delivery_tag]
        return [tag for tag in self._unconfirmed if tag <= method.delivery_tag]

    def _finish(self, told: _Told) -> None:
        with self._lock:
            self._told.discard(told)
        told.answer.set_result(None)


def _properties(message_id: str, key: str) -> Any:
    """`type` is the routing key: it survives what a dead letter's own routing key does not."""
    return BasicProperties(
        message_id=message_id, type=key, content_type="application/json", delivery_mode=DeliveryMode.Persistent
    )
