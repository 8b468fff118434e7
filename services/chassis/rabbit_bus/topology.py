"""The exchange and the queues: what must be at the broker before anybody speaks or listens."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chassis.bus import SHARDS

EXCHANGE = "facts"
DEAD_LETTERS = "dead-letters"

Groups = Mapping[str, Sequence[str]]
"""Consumer group → the streams it hears."""

_NEVER = 1_000_000_000
"""Looking at dead letters puts them back each time; that must not be counted against them."""


def queue_of(group: str, shard: int) -> str:
    """The queue that keeps one shard for one group."""
    return f"{group}.{shard}"


def routing_key(stream: str, shard: int) -> str:
    return f"{stream}.{shard}"


def declare(channel: Any, groups: Groups, delivery_limit: int, done: Callable[[], None]) -> None:
    """Declare everything, at once and again after every connect; `done` is called when the broker has it all.

    A queue that is there with other arguments closes the channel with PRECONDITION_FAILED.
    """
    channel.exchange_declare(EXCHANGE, "direct", durable=True)
    channel.queue_declare(DEAD_LETTERS, durable=True, arguments={"x-queue-type": "quorum", "x-delivery-limit": _NEVER})
    for group, streams in groups.items():
        for shard in range(SHARDS):
            channel.queue_declare(queue_of(group, shard), durable=True, arguments=_shard_arguments(delivery_limit))
            for stream in streams:
                channel.queue_bind(queue_of(group, shard), EXCHANGE, routing_key(stream, shard))
    channel.exchange_declare(EXCHANGE, passive=True, callback=lambda _: done())


def _shard_arguments(delivery_limit: int) -> dict[str, object]:
    return {
        "x-queue-type": "quorum",
        "x-single-active-consumer": True,
        "x-delivery-limit": delivery_limit,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": DEAD_LETTERS,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",  # at-least-once asks for it; no queue here has a bound
    }
