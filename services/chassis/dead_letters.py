"""Facts that a service gave up on: looked at from outside, and handed to it once more when the cause is mended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

import psycopg

from contracts.ids import uuid7


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A fact set aside. `number` is its own within the service's database; `body` is a message of this one fact."""

    number: int
    fact_name: str
    reason: str
    died_at: datetime
    message_id: str
    position: int
    body: bytes


_COLUMNS: LiteralString = "number, fact_name, reason, died_at, message_id::text, position, body"


def returned_to(group: str) -> str:
    """The stream that only this consumer group hears, and only what was put back travels on."""
    return f"returned.{group}"


def dead_letters(connection: psycopg.Connection) -> list[DeadLetter]:
    """A service's dead letters, in the order in which they died."""
    rows = connection.execute(f"select {_COLUMNS} from dead_letters order by number").fetchall()
    return [DeadLetter(*row) for row in rows]


def put_back(connection: psycopg.Connection, group: str, numbers: Sequence[int], now_us: int) -> list[int]:
    """Turn dead letters into messages to their consumer group; the numbers of those that were there.

    One transaction, so that a letter is either dead or under way, whoever else puts it back at the same time.
    """
    with connection.transaction():
        letters = connection.execute(
            "delete from dead_letters where number = any(%s) returning number, shard, body", (list(numbers),)
        ).fetchall()
        letters.sort()
        connection.execute(
            "insert into outbox (message_id, stream, shard, body) "
            "select message_id, %s, shard, body from unnest(%s::uuid[], %s::smallint[], %s::bytea[]) "
            "as letter (message_id, shard, body)",
            (
                returned_to(group),
                [uuid7(now_us // 1_000) for _ in letters],
                [shard for _, shard, _ in letters],
                [body for _, _, body in letters],
            ),
        )
    return [number for number, _, _ in letters]
