"""One shard queue as one process reads it: many messages ahead, or one at a time where there is trouble."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog

from chassis.backoff import jitter
from chassis.bus import Message
from chassis.rabbit_bus.connection import Connection

_log = structlog.get_logger()

AHEAD = 200
"""Messages of one queue that wait in this process."""

SUSPICIOUS = 3
"""Deliveries that failed before a message is read alone."""

_SHORTEST_PAUSE_S = 0.02
_LONGEST_PAUSE_S = 1.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message in this process' hands; void when the channel it came by is no longer the lane's."""

    lane: Lane
    channel: Any
    tag: int
    message: Message
    alone: bool

    def is_valid(self) -> bool:
        return self.lane.channel is self.channel


class Lane:
    """Reads a queue on a channel of its own; all of it in the connection's thread.

    The broker counts a failed delivery against every message that was ahead, not only against the one to blame.
    So after a failure the lane is narrow: it reads one message at a time, and only the one to blame comes to the
    delivery limit. The first message that was never delivered before widens it again. To give back is to close the
    channel: all that was ahead returns to the queue in its order, which single returned messages would lose.
    """

    def __init__(self, queue: str, connection: Connection, take: Callable[[Delivery], None]) -> None:
        self.channel: Any = None
        self._queue = queue
        self._connection = connection
        self._take = take
        self._is_narrow = False
        self._failures = 0

    def open(self, connection: Any) -> None:
        """Start to read."""
        if connection.is_open:
            connection.channel(on_open_callback=self._opened)

    def acknowledge(self, delivery: Delivery) -> None:
        """Answer for this delivery and all before it on its channel, even if what followed it has failed meanwhile."""
        if delivery.channel.is_open:
            self._failures = 0
            delivery.channel.basic_ack(delivery.tag, multiple=True)

    def fail(self, channel: Any) -> None:
        """Give everything back and read it again one by one, after a pause that grows."""
        self._failures += 1
        self._reopen(channel, narrow=True)

    def _opened(self, channel: Any) -> None:
        self.channel = channel
        channel.add_on_close_callback(self._closed)
        channel.add_on_cancel_callback(lambda _: self._reopen(channel, self._is_narrow))
        channel.basic_qos(prefetch_count=1 if self._is_narrow else AHEAD, callback=lambda _: self._consume(channel))

    def _consume(self, channel: Any) -> None:
        if channel.is_open:
            channel.basic_consume(self._queue, on_message_callback=self._arrived)

    def _arrived(self, channel: Any, method: Any, properties: Any, body: bytes) -> None:
        if channel is not self.channel:
            return
        failed = (properties.headers or {}).get("x-delivery-count", 0)
        if self._is_narrow and failed == 0:
            self._reopen(channel, narrow=False)
        elif not self._is_narrow and failed >= SUSPICIOUS:
            self._reopen(channel, narrow=True)
        else:
            self._hand_over(channel, method.delivery_tag, properties, body)

    def _hand_over(self, channel: Any, tag: int, properties: Any, body: bytes) -> None:
        try:
            stream, _, shard = properties.type.rpartition(".")
            message = Message(str(UUID(properties.message_id)), stream, int(shard), body)
        except (AttributeError, TypeError, ValueError) as error:
            _log.error("foreign_message", queue=self._queue, message_id=properties.message_id, reason=repr(error))
            channel.basic_reject(tag, requeue=False)  # no message of ours: straight to the broker's dead letters
        else:
            self._take(Delivery(self, channel, tag, message, self._is_narrow))

    def _reopen(self, channel: Any, narrow: bool) -> None:
        self.channel = None
        self._is_narrow = narrow
        if channel.is_open:
            channel.close()

    def _closed(self, channel: Any, reason: BaseException) -> None:
        if channel.connection.is_open:
            pause_s = min(_SHORTEST_PAUSE_S * 2**self._failures, _LONGEST_PAUSE_S) if self._failures else 0.0
            self._connection.later(pause_s * jitter(), lambda: self.open(channel.connection))
