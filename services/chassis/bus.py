"""What a message is and what a bus promises; the in-process bus is in `local_bus`."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

SHARDS = 8
"""Facts with the same key share a shard; a shard of a stream is delivered in order. Never change it on live data."""


@dataclass(frozen=True, slots=True)
class Message:
    """Some facts of one stream and one shard, packed by the transaction that made them true.

    `id` is a UUIDv7 that stays the same however often the message is delivered.
    """

    id: str
    stream: str
    shard: int
    body: bytes


class BusUnavailable(Exception):
    """The bus did not take the messages; they are still in the outbox and will be offered again."""


Receive = Callable[[Sequence[Message]], None]
"""Handles messages in order and returns when their effect is committed; raises only when it was told to stop."""


class Bus(Protocol):
    """Carries messages from outboxes to consumer groups: at least once, in order per stream and shard."""

    def publish(self, messages: Sequence[Message]) -> None:
        """Return once the bus answers for the messages; raise BusUnavailable otherwise."""

    def subscribe(self, group: str, streams: Sequence[str], receive: Receive) -> None:
        """Deliver every message of these streams to this consumer group from now on."""

    def close(self) -> None:
        """Stop delivering; what is not yet acknowledged is delivered again after the next start."""


def shard_of(key: str) -> int:
    """Say which shard a key (an account id, a symbol) belongs to; the same in every process for ever."""
    return zlib.crc32(key.encode()) % SHARDS
