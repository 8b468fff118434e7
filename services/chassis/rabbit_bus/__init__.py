"""The bus on RabbitMQ: a quorum queue for each group and shard, confirmed in bulk, read by one process at a time."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from types import MappingProxyType

from chassis.bus import Message, Receive
from chassis.rabbit_bus.listener import Listener
from chassis.rabbit_bus.publisher import Publisher
from chassis.rabbit_bus.topology import DEAD_LETTERS, Groups

__all__ = ["DEAD_LETTERS", "DELIVERY_LIMIT", "RabbitBus"]

DELIVERY_LIMIT = 20
"""Failed deliveries of a message before it becomes a dead letter. Never change it on live queues."""

_NOBODY: Groups = MappingProxyType({})


class RabbitBus:
    """Bus for many processes, at `amqp://user:password@host:port/vhost`; comes back by itself whenever the broker does.

    `groups` are all consumer groups there are, so that the broker keeps for them what is told before they start.
    A group is handed messages every `gather_s` seconds at most, and then all that have come together.
    """

    def __init__(
        self, url: str, groups: Groups = _NOBODY, delivery_limit: int = DELIVERY_LIMIT, *, gather_s: float = 0.0
    ) -> None:
        self._url = url
        self._delivery_limit = delivery_limit
        self._gather_s = gather_s
        self._listeners: list[Listener] = []
        self._publisher = Publisher(url, groups, delivery_limit)

    def publish(self, messages: Sequence[Message]) -> None:
        """Return when the broker has all messages on disk; raise BusUnavailable otherwise."""
        self._publisher.publish(messages)

    def subscribe(self, group: str, streams: Sequence[str], receive: Receive) -> None:
        """Deliver to this group from now on, one batch at a time; with no broker yet, from when there is one."""
        listener = Listener(self._url, group, streams, receive, self._delivery_limit, self._gather_s)
        self._listeners.append(listener)
        listener.start()

    def is_connected(self) -> bool:
        """Say whether the broker would take a message now; for a health page."""
        return self._publisher.is_connected()

    def close(self) -> None:
        """Finish and acknowledge the batches under way, then leave; the broker keeps the rest."""
        closing = [threading.Thread(target=listener.close) for listener in self._listeners]
        for thread in closing:
            thread.start()
        for thread in closing:
            thread.join()
        self._publisher.close()
