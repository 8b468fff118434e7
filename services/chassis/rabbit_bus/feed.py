"""The feed on RabbitMQ: a queue of this process' own that goes with it, bounded, bound only while somebody looks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import structlog

from chassis.bus import SHARDS, Message
from chassis.feed import LARGEST, WAKE_LIMIT_S, Take
from chassis.rabbit_bus.connection import Connection
from chassis.rabbit_bus.topology import EXCHANGE, routing_key

_log = structlog.get_logger()

_AHEAD = 256
_SPILL_PAUSE_S = 1.0


class RabbitFeed:
    """Feed at `amqp://user:password@host:port/vhost`; comes back by itself whenever the broker does.

    What the bounded queue lets go is dead-lettered to a second queue that holds one message: whatever arrives there
    says that something was missed. `take` and `missed` are called in the connection's thread.
    """

    def __init__(self, url: str, largest: int = LARGEST) -> None:
        self._largest = largest
        self._is_awake = False
        self._hears = threading.Event()
        self._pika: Any = None
        self._channel: Any = None
        self._connection = Connection(url, "feed", self._opened, self._lost)

    def start(self, streams: Sequence[str], take: Take, missed: Callable[[], None]) -> None:
        self._streams = tuple(streams)
        self._take, self._missed = take, missed
        self._connection.start()

    def wake(self, limit_s: float = WAKE_LIMIT_S) -> bool:
        self._is_awake = True
        self._connection.post(self._listen)
        return self._hears.wait(limit_s)

    def rest(self) -> None:
        self._is_awake = False
        self._connection.post(self._go_quiet)

    def is_connected(self) -> bool:
        return self._pika is not None and (self._hears.is_set() or not self._is_awake)

    def close(self) -> None:
        self._connection.close()

    def _opened(self, connection: Any) -> None:
        self._pika = connection
        self._listen()

    def _lost(self) -> None:
        self._pika = self._channel = None
        self._hears.clear()

    def _listen(self) -> None:
        if self._is_awake and self._pika is not None and self._channel is None:
            self._channel = self._pika.channel(on_open_callback=self._declare_spill)

    def _go_quiet(self) -> None:
        if self._is_awake or self._channel is None:
            return
        channel, self._channel = self._channel, None
        self._hears.clear()
        if channel.is_open:
            channel.close()  # and with its only consumers go the queues

    def _declare_spill(self, channel: Any) -> None:
        channel.add_on_close_callback(self._closed)
        channel.exchange_declare(EXCHANGE, "direct", durable=True)
        arguments = {"x-queue-type": "classic", "x-max-length": 1}
        declared = partial(self._declare, channel)
        channel.queue_declare("", exclusive=True, auto_delete=True, arguments=arguments, callback=declared)

    def _declare(self, channel: Any, spill: Any) -> None:
        arguments = {
            "x-queue-type": "classic",
            "x-max-length": self._largest,
            "x-dead-letter-exchange": "",
            "x-dead-letter-routing-key": spill.method.queue,
        }
        channel.basic_qos(prefetch_count=1)
        channel.basic_consume(spill.method.queue, self._spilled)
        declared = partial(self._bind, channel)
        channel.queue_declare("", exclusive=True, auto_delete=True, arguments=arguments, callback=declared)

    def _bind(self, channel: Any, declared: Any) -> None:
        for stream in self._streams:
            for shard in range(SHARDS):
                channel.queue_bind(declared.method.queue, EXCHANGE, routing_key(stream, shard))
        channel.basic_qos(prefetch_count=_AHEAD)
        channel.basic_consume(declared.method.queue, self._deliver, callback=partial(self._hears_now, channel))

    def _hears_now(self, channel: Any, _: Any) -> None:
        if channel is self._channel:
            self._hears.set()
            self._missed()

    def _deliver(self, channel: Any, method: Any, properties: Any, body: bytes) -> None:
        channel.basic_ack(method.delivery_tag)  # of each alone: "all up to here" would take in what was spilled
        stream, _, shard = method.routing_key.rpartition(".")
        try:
            self._take(Message(properties.message_id or "", stream, int(shard), body))
        except Exception:  # noqa: BLE001  # one message nobody can read must not end the feed
            _log.exception("feed_message_failed", message_id=properties.message_id)
            self._missed()

    def _spilled(self, channel: Any, method: Any, _properties: Any, _body: bytes) -> None:
        _log.warning("feed_overflow", largest=self._largest)
        self._missed()
        self._connection.later(_SPILL_PAUSE_S, partial(self._look_again, channel, method.delivery_tag))

    def _look_again(self, channel: Any, tag: int) -> None:
        if channel is self._channel and channel.is_open:
            channel.basic_ack(tag)

    def _closed(self, channel: Any, reason: BaseException) -> None:
        if channel is self._channel:
            self._connection.drop()
