"""What was set aside can go back to whom it was meant for, once, and only there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from chassis.cache import LocalCache
from chassis.clock import FixedClock
from chassis.consumer import Consumer
from chassis.dead_letters import dead_letters, put_back, returned_to
from chassis.local_bus import LocalBus
from chassis.metrics import Metrics
from chassis.questions import LocalQuestions
from chassis.service import Hearing, Parts, Runtime, Service
from tests.chassis.builders import Heard, count, eventually, message, names_opened, opened, write_down

NOW_US = 1_750_000_000_000_000


class Clerk:
    """The tests' handler, unable to bear the name "poison" until it is cured."""

    def __init__(self) -> None:
        self.is_cured = False

    def __call__(self, transaction, facts):
        if not self.is_cured:
            write_down(transaction, facts)
            return
        for fact in facts:
            transaction.execute("insert into openings (name) values (%s)", (fact.name,))


@pytest.fixture
def clerk() -> Clerk:
    return Clerk()


@pytest.fixture
def outside(chassis_database: str) -> Iterator[psycopg.Connection]:
    """How a person's tool comes to the database."""
    with psycopg.connect(chassis_database, autocommit=True) as connection:
        yield connection


@pytest.fixture
def bus() -> Iterator[LocalBus]:
    bus = LocalBus()
    yield bus
    bus.close()


@contextmanager
def ledger_at_work(database, bus, clerk) -> Iterator[None]:
    parts = Parts(database, LocalCache(), LocalQuestions(), FixedClock(), Metrics())
    runtime = Runtime(Service("ledger", parts, hearing=Hearing("ledger", ["accounts"], clerk)), bus)
    runtime.listen()
    runtime.start()
    try:
        yield
    finally:
        runtime.stop()
        runtime.join()


def bury(database, *names, by=write_down):
    Consumer("ledger", database, by, Metrics()).receive([message(*(opened(name) for name in names))])


def numbers(connection):
    return [letter.number for letter in dead_letters(connection)]


def test_a_dead_letter_shows_its_fact_and_why_it_died(database, outside):
    bury(database, "alice", "poison", "bob")

    [letter] = dead_letters(outside)

    assert (letter.fact_name, letter.position) == ("account.opened", 1)
    assert b'"poison"' in letter.body
    assert letter.reason == "ValueError('nobody may be called poison')"
    assert names_opened(database) == ["alice", "bob"]


def test_a_letter_put_back_after_the_cause_is_mended_takes_effect_once(database, outside, bus, clerk):
    bury(database, "alice", "poison", "bob")
    clerk.is_cured = True

    with ledger_at_work(database, bus, clerk):
        assert len(put_back(outside, "ledger", numbers(outside), NOW_US)) == 1
        eventually(lambda: count(database, "outbox") == 0)

    assert names_opened(database) == ["alice", "bob", "poison"]
    assert numbers(outside) == []


def test_a_letter_that_is_still_poison_is_a_dead_letter_again_and_can_be_put_back_again(database, outside, bus, clerk):
    bury(database, "poison")

    with ledger_at_work(database, bus, clerk):
        put_back(outside, "ledger", numbers(outside), NOW_US)
        eventually(lambda: count(database, "outbox") == 0)
        [again] = dead_letters(outside)
        clerk.is_cured = True
        put_back(outside, "ledger", [again.number], NOW_US)
        eventually(lambda: count(database, "outbox") == 0)

    assert "nobody may be called poison" in again.reason
    assert names_opened(database) == ["poison"]
    assert numbers(outside) == []


def test_a_message_nobody_could_read_comes_back_as_it_was(database, outside):
    told = message()
    unreadable = type(told)(told.id, told.stream, 5, b"\xff\x00")
    Consumer("ledger", database, write_down, Metrics()).receive([unreadable])

    put_back(outside, "ledger", numbers(outside), NOW_US)

    with database.reading() as transaction:
        [letter] = transaction.rows("select stream, shard, body from outbox")
    assert letter == (returned_to("ledger"), 5, b"\xff\x00")


def test_only_the_service_that_gave_up_hears_the_letter_again(database, outside, bus, clerk):
    archive = Heard()
    bus.subscribe("archive", ["accounts", returned_to("archive")], archive.receive)
    bury(database, "poison")
    clerk.is_cured = True

    with ledger_at_work(database, bus, clerk):
        put_back(outside, "ledger", numbers(outside), NOW_US)
        eventually(lambda: names_opened(database) == ["poison"])

    assert archive.messages == []


def test_two_people_putting_the_same_letter_back_at_once_send_it_once(database, outside, chassis_database):
    bury(database, *["poison"] * 20)
    letters, together, returned = numbers(outside), threading.Barrier(4), []

    def put_all_back():
        with psycopg.connect(chassis_database) as connection:
            together.wait()
            returned.extend(put_back(connection, "ledger", letters, NOW_US))

    people = [threading.Thread(target=put_all_back) for _ in range(4)]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert sorted(returned) == letters
    assert count(database, "outbox") == 20


def test_letters_go_back_in_the_order_in_which_they_died(database, outside, bus, clerk):
    def reject(transaction, facts):
        raise ValueError("closed today")

    names = [f"name {number}" for number in range(20)]
    bury(database, *names, by=reject)
    clerk.is_cured = True

    with ledger_at_work(database, bus, clerk):
        put_back(outside, "ledger", list(reversed(numbers(outside))), NOW_US)
        eventually(lambda: count(database, "outbox") == 0)

    assert names_opened(database) == names


def test_a_letter_that_is_not_there_is_not_put_back(database, outside):
    assert put_back(outside, "ledger", [4_711], NOW_US) == []
    assert count(database, "outbox") == 0
