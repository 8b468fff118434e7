"""Every fact delivered twice, shuffled between keys, in other batches: each service ends up in the same state."""

from __future__ import annotations

import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from chassis.bus import Message
from tests.conftest import Postgres
from tests.regression.recorded_days import RecordedDays, record
from tests.regression.replaying import (
    Outcome,
    Timed,
    as_recorded,
    each_fact_alone,
    in_order_of_shard_only,
    replay,
    twice,
    under_another_id,
)

SEED = int(os.environ.get("REDELIVERY_SEED", str(time.time_ns() % 1_000_000)))
GROUPS = ("user_portfolio", "order_matching", "stock_ordering", "stock_data")
OF_THE_CLOCK = {"stock_ordering": {"cancel_requested_at_us", "updated_at_us"}, "order_matching": {"command"}}
"""Columns that differ between the day and its replay: when a cancel was wished, and which hour orders expired at."""

Replay = Callable[[str, Sequence[Timed]], Outcome]


@pytest.fixture(scope="module")
def days(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecordedDays]:
    """Recorded once; the databases are gone when the tests here are done."""
    print(f"\nREDELIVERY_SEED={SEED}")
    made: dict[str, str] = {}
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:

        def url_of(service: str) -> str:
            if service not in made:
                made[service] = f"recorded_{service}_{uuid4().hex[:12]}"
                connection.execute(sql.SQL("create database {}").format(sql.Identifier(made[service])))
            return postgres.url(made[service])

        yield record(url_of, tmp_path_factory.mktemp("recorded"), SEED)
        for name in made.values():
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def chance() -> random.Random:
    return random.Random(SEED)


@pytest.fixture
def replayed(days: RecordedDays, database_url: Callable[[str], str], chance: random.Random) -> Replay:
    """What a service makes of messages that come at these times, on a database of its own."""
    return lambda service, timed: replay(service, days, database_url(service), timed, chance)


def heard_by(service: str, days: RecordedDays) -> list[Sequence[Message]]:
    return [phase[service] for phase in days.phases]


def is_cancel(message: Message) -> bool:
    """Of a message with one fact."""
    return b'"cancel.requested"' in message.body


def without(rows: Sequence[str], *columns: str) -> list[str]:
    kept = ({name: value for name, value in json.loads(row).items() if name not in columns} for row in rows)
    return sorted(json.dumps(row) for row in kept)


def assert_same(one: Outcome, other: Outcome) -> None:
    assert other.tables.keys() == one.tables.keys()
    for table, rows in one.tables.items():
        assert Counter(rows) - Counter(other.tables[table]) == Counter(), table
        assert Counter(other.tables[table]) - Counter(rows) == Counter(), table
    assert other.told == one.told


def test_the_recorded_days_hold_everything_that_can_happen(days):
    statuses = Counter((order["status"], order["reason"]) for order in days.orders)
    heard = {name for phase in days.phases for messages in phase.values() for name in names_in(messages)}

    assert len(days.tables["stock_data"]["trades"]) > 50
    assert {status for status, _ in statuses} >= {"filled", "canceled", "expired", "replaced", "rejected", "new"}
    assert {reason for _, reason in statuses} >= {"symbol_halted", "self_trade", "requested", "nothing_to_match"}
    assert heard >= {"cancel.refused", "order.refused", "replace.held", "instrument.halted", "instrument.resumed"}
    assert all(tables["dead_letters"] == [] for tables in days.tables.values())


def names_in(messages: Sequence[Message]) -> Iterator[str]:
    for message in messages:
        yield from (name for name, _ in json.loads(message.body))


@pytest.mark.parametrize("service", GROUPS)
def test_hearing_the_days_again_leads_to_the_state_that_they_led_to(service, days, replayed):
    """So that the other tests compare with what has been, and not two replays with each other."""
    once = replayed(service, list(as_recorded(heard_by(service, days))))

    left_out = OF_THE_CLOCK.get(service, set())
    for table, rows in days.tables[service].items():
        assert without(once.tables[table], *left_out) == without(rows, *left_out), table


@pytest.mark.parametrize("service", GROUPS)
def test_every_message_twice_and_shuffled_between_shards_changes_nothing(service, days, replayed, chance):
    heard = heard_by(service, days)
    once = replayed(service, list(as_recorded(heard)))

    again = replayed(service, list(twice(in_order_of_shard_only(heard, chance), chance, len(heard))))

    assert_same(once, again)


@pytest.mark.parametrize("service", GROUPS)
def test_every_fact_twice_in_messages_no_inbox_knows_changes_nothing(service, days, replayed, chance):
    """All facts but cancels, which have a test of their own."""
    heard = heard_by(service, days)
    once = replayed(service, list(as_recorded(heard)))

    first = list(each_fact_alone(in_order_of_shard_only(heard, chance)))
    repeats = [repeat for repeat in twice(first, chance, len(heard)) if not is_cancel(repeat[1])]
    cancels = [timed for timed in first if is_cancel(timed[1])]
    again = replayed(service, [*under_another_id(repeats), *cancels])

    assert_same(once, again)


def test_a_cancel_wished_twice_ends_its_order_once_and_is_then_refused(days, replayed, chance):
    """A cancel is a wish, not a fact of the book: the book answers each that comes in a message of its own."""
    heard = heard_by("order_matching", days)
    once = replayed("order_matching", list(as_recorded(heard)))

    first = list(each_fact_alone(in_order_of_shard_only(heard, chance)))
    again = replayed("order_matching", list(under_another_id(twice(first, chance, len(heard)))))

    for table in ("orders", "trades", "books", "early_cancels", "dead_letters"):
        counted = ("sequence", "priority")  # a refused cancel is a command too
        assert without(again.tables[table], *counted) == without(once.tables[table], *counted), table
    assert outcomes(again.told) == outcomes(once.told)


def outcomes(told: Counter[str]) -> Counter[str]:
    """What orders came to, without the answers to cancels that came too late."""
    counted: Counter[str] = Counter()
    for text, number in told.items():
        kind, fields = text.split(" ", 1)
        if kind != "CancelRefused":
            counted[f"{kind} {without([fields], 'sequence')}"] += number
    return counted
