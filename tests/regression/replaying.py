"""Lets a service hear recorded days again on an empty database: once, shuffled, or everything twice."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

import psycopg

from chassis.bus import SHARDS, Message
from chassis.cache import LocalCache
from chassis.clock import FixedClock
from chassis.codec import split_facts
from chassis.consumer import Consumer
from chassis.database import Database
from chassis.metrics import Metrics
from chassis.questions import LocalQuestions
from chassis.service import Parts, Service, migrate_service
from chassis.settings import read_settings
from contracts.ids import uuid7
from contracts.streams import Stream
from standalone.exchange import SERVICES
from tests.regression.recorded_days import RecordedDays
from tests.regression.tables import Tables, facts_told, tables_of

NIGHT = 2
"""The phase before which the clock moves on and what has an end ends."""

_LARGEST_BATCH = 60
_DAY_S = 24 * 3_600

Timed = tuple[float, Message]
"""A message and when it comes; the whole part is its phase."""


@dataclass(frozen=True)
class Outcome:
    """What a service has written and told."""

    tables: Tables
    told: Counter[str]


def as_recorded(phases: Sequence[Sequence[Message]]) -> Iterator[Timed]:
    """Every message once, in the order of the recording."""
    for number, phase in enumerate(phases):
        yield from ((number + place / len(phase), message) for place, message in enumerate(phase))


def in_order_of_shard_only(phases: Sequence[Sequence[Message]], source: random.Random) -> Iterator[Timed]:
    """Every message once, in any order that keeps a shard's own.

    Phases stay apart: who sells what has not been listed yet is refused, and that is no matter of redelivery.
    """
    for number, phase in enumerate(phases):
        for shard in range(SHARDS):
            lane = [message for message in phase if message.shard == shard]
            yield from zip(sorted(number + source.random() for _ in lane), lane, strict=True)


def each_fact_alone(timed: Iterable[Timed]) -> Iterator[Timed]:
    """The same facts at the same times, every one in a message of its own."""
    for time, message in timed:
        for name, fields in split_facts(message.body):
            body = b'[["' + name.encode() + b'",' + fields + b"]]"
            yield time, Message(uuid7(0), message.stream, message.shard, body)


def twice(timed: Iterable[Timed], source: random.Random, until: int) -> Iterator[Timed]:
    """And everything once more, at any time after the first."""
    for time, message in timed:
        yield time, message
        yield source.uniform(time, until), message


def under_another_id(timed: Iterable[Timed]) -> Iterator[Timed]:
    """The same messages, unknown to every inbox."""
    return ((time, Message(uuid7(0), message.stream, message.shard, message.body)) for time, message in timed)


def replay(service: str, days: RecordedDays, url: str, timed: Iterable[Timed], source: random.Random) -> Outcome:
    """Let a new service hear the messages at their times, in batches as chance cuts them."""
    clock = FixedClock(days.evening_us)
    database = _database(service, days, url, clock)
    try:
        built = _build(service, days.environment, database, clock)
        assert built.hearing is not None
        consumer = Consumer(built.hearing.group, database, built.hearing.handle, built.parts.metrics)
        ordered = sorted(timed, key=itemgetter(0))
        for phase in range(len(days.phases)):
            if phase == NIGHT:
                clock.advance(_DAY_S)
                for ticker in built.tickers:
                    ticker.tick()
            _deliver([message for time, message in ordered if int(time) == phase], consumer, database, source)
    finally:
        database.close()
    return Outcome(tables_of(service, url), facts_told(url))


def _deliver(messages: Sequence[Message], consumer: Consumer, database: Database, source: random.Random) -> None:
    start = 0
    while start < len(messages):
        end = start + source.randint(1, _LARGEST_BATCH)
        consumer.receive(messages[start:end])
        _deliver_what_it_tells_itself(consumer, database)
        start = end


def _deliver_what_it_tells_itself(consumer: Consumer, database: Database) -> None:
    """Whatever was recorded of it besides: what is left to do depends on what came first."""
    delivered = -1
    while delivered < len(own := _told_to_itself(database)):
        delivered = len(own)
        consumer.receive(own)


def _told_to_itself(database: Database) -> list[Message]:
    with database.reading() as reading:
        rows = reading.rows(
            "select message_id, stream, shard, body from outbox where stream = any(%s) order by number",
            ([Stream.SHARE_GRANTING, Stream.ORDER_CANCELING],),
        )
    return [Message(*row) for row in rows]


def _database(service: str, days: RecordedDays, url: str, clock: FixedClock) -> Database:
    migrate_service(url, Path(SERVICES[service][0].__file__ or "").parent)
    with psycopg.connect(url) as connection:
        _SEEDS.get(service, lambda *_: None)(connection, days)
    database = Database(url, clock, connections=2)
    database.open()
    return database


def _build(service: str, environment: Mapping[str, str], database: Database, clock: FixedClock) -> Service:
    module, settings = SERVICES[service]
    parts = Parts(database, LocalCache(), LocalQuestions(), clock, Metrics())
    built: Service = module.build(parts, read_settings(settings, environment))
    return built


def _seed_orders(connection: psycopg.Connection, days: RecordedDays) -> None:
    """The orders as they were accepted, each with a cancel asked for: nobody but their owners told of them."""
    accepted = {
        "status": "pending_new",
        "resting": False,
        "sequence": 0,
        "filled_quantity": 0,
        "filled_notional": 0,
        "carried_quantity": 0,
        "carried_notional": 0,
        "reason": None,
        "replaced_by": None,
        "ended_at_us": None,
    }
    rows = [
        {**order, **accepted, "updated_at_us": order["created_at_us"], "cancel_requested_at_us": order["created_at_us"]}
        for order in days.orders
    ]
    connection.execute("drop index one_pending_replacement")  # they came one after the other and are now here at once
    _insert(connection, "orders", rows)


def _seed_instruments(connection: psycopg.Connection, days: RecordedDays) -> None:
    _insert(connection, "instruments", days.instruments)
    connection.execute("insert into markets (symbol) select symbol from instruments")


def _insert(connection: psycopg.Connection, table: str, rows: list[dict[str, Any]]) -> None:
    query = f"insert into {table} select * from json_populate_recordset(null::{table}, %s::json)"
    connection.execute(query.encode(), (json.dumps(rows),))


_SEEDS: Mapping[str, Callable[[psycopg.Connection, RecordedDays], None]] = {
    "stock_ordering": _seed_orders,
    "stock_data": _seed_instruments,
}
