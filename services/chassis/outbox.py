"""Facts waiting to be published, written in the transaction that made them true."""

from __future__ import annotations

from collections.abc import Sequence

import psycopg

from chassis.bus import Message, shard_of
from chassis.codec import encode_facts
from contracts.ids import uuid7
from contracts.streams import ROUTES

LARGEST_MESSAGE = 500
"""Facts in one message."""


def pack(facts: Sequence[object], now_us: int) -> list[Message]:
    """Pack facts into messages by stream and shard, keeping their order within each."""
    packs: dict[tuple[str, int], list[object]] = {}
    for fact in facts:
        route = ROUTES[type(fact)]
        packs.setdefault((route.stream, shard_of(getattr(fact, route.key))), []).append(fact)
    return [
        Message(uuid7(now_us // 1_000), stream, shard, encode_facts(pack[start : start + LARGEST_MESSAGE]))
        for (stream, shard), pack in packs.items()
        for start in range(0, len(pack), LARGEST_MESSAGE)
    ]


def save(connection: psycopg.Connection, facts: Sequence[object], now_us: int) -> bool:
    """Write facts into the outbox; False if there were none."""
    if not facts:
        return False
    messages = pack(facts, now_us)
    connection.execute(
        "insert into outbox (message_id, stream, shard, body) "
        "select * from unnest(%s::uuid[], %s::text[], %s::smallint[], %s::bytea[])",
        (
            [message.id for message in messages],
            [message.stream for message in messages],
            [message.shard for message in messages],
            [message.body for message in messages],
        ),
    )
    return True


def waiting(connection: psycopg.Connection, limit: int) -> list[tuple[int, Message]]:
    """The oldest messages not yet published, with their outbox numbers, in the order to publish them."""
    rows = connection.execute(
        "select number, message_id, stream, shard, body from outbox order by number limit %s", (limit,)
    ).fetchall()
    return [(number, Message(str(message_id), stream, shard, body)) for number, message_id, stream, shard, body in rows]


def remove(connection: psycopg.Connection, numbers: Sequence[int]) -> None:
    """Forget messages that the bus answers for."""
    connection.execute("delete from outbox where number = any(%s)", (list(numbers),))
