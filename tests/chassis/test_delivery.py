"""From the transaction that makes a fact true to the one that acts on it: nothing lost, nothing twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from chassis.bus import BusUnavailable
from chassis.consumer import Consumer
from chassis.local_bus import LocalBus
from chassis.outbox import LARGEST_MESSAGE, pack
from chassis.relay import Relay
from tests.chassis.builders import Heard, count, eventually, names_opened, opened, write_down


def announce(database, *names):
    with database.transaction() as transaction:
        transaction.announce([opened(name) for name in names])


@pytest.fixture
def consumer(database, metrics):
    return Consumer("ledger", database, write_down, metrics)


@pytest.fixture
def bus() -> Iterator[LocalBus]:
    bus = LocalBus()
    yield bus
    bus.close()


@contextmanager
def running(relay: Relay) -> Iterator[None]:
    thread = threading.Thread(target=relay.run)
    thread.start()
    try:
        yield
    finally:
        relay.stop()
        thread.join()


def test_facts_travel_in_the_order_they_were_told(database, metrics, bus, consumer):
    bus.subscribe("ledger", ["accounts"], consumer.receive)
    names = [f"name {number}" for number in range(300)]

    with running(Relay("accounts", database, bus, metrics)):
        for start in range(0, 300, 10):
            announce(database, *names[start : start + 10])
        eventually(lambda: count(database, "outbox") == 0)

    assert names_opened(database) == names


def test_facts_of_a_transaction_that_failed_never_travel(database):
    def announce_and_fail():
        with database.transaction() as transaction:
            transaction.announce([opened("alice")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        announce_and_fail()

    assert count(database, "outbox") == 0


def test_facts_told_inside_a_part_that_was_undone_never_travel(database):
    done = []

    def fail_in_part(transaction):
        with transaction.savepoint():
            transaction.announce([opened("bob")])
            transaction.after_commit(lambda: done.append("bob"))
            raise ZeroDivisionError

    with database.transaction() as transaction:
        transaction.announce([opened("alice")])
        with pytest.raises(ZeroDivisionError):
            fail_in_part(transaction)
        transaction.after_commit(lambda: done.append("alice"))

    with database.reading() as transaction:
        [(body,)] = transaction.rows("select body from outbox")
    assert b"alice" in body
    assert b"bob" not in body
    assert done == ["alice"]


def test_what_waits_for_the_commit_is_not_done_when_there_is_none(database):
    done = []

    def promise_and_fail():
        with database.transaction() as transaction:
            transaction.after_commit(lambda: done.append("too early"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        promise_and_fail()

    assert done == []


def test_the_bell_rings_for_a_transaction_that_told_something(database):
    with database.transaction():
        pass
    assert not database.bell.is_set()

    announce(database, "alice")

    assert database.bell.is_set()


def test_a_large_transaction_is_told_in_messages_of_bearable_size():
    facts = [opened(f"{number}") for number in range(LARGEST_MESSAGE * 2 + 1)]

    messages = pack(facts, now_us=0)

    assert [each.body.count(b"account.opened") for each in messages] == [LARGEST_MESSAGE, LARGEST_MESSAGE, 1]


def test_facts_of_different_accounts_are_packed_by_shard_in_their_order():
    facts = [opened(f"{number}", account_id=f"account {number % 3}") for number in range(30)]

    messages = pack(facts, now_us=0)

    assert len({(each.stream, each.shard) for each in messages}) == len(messages)
    assert sum(each.body.count(b"account.opened") for each in messages) == 30


def test_a_relay_takes_over_when_the_one_before_it_goes(open_database, metrics, bus, consumer):
    bus.subscribe("ledger", ["accounts"], consumer.receive)
    first, second = open_database(), open_database()
    with running(Relay("first", first, bus, metrics)):
        announce(first, "alice")
        eventually(lambda: names_opened(first) == ["alice"])
        with running(Relay("second", second, bus, metrics)):
            announce(second, "bob")
            eventually(lambda: names_opened(first) == ["alice", "bob"])
            assert published_by(metrics, "second") == 0
            with first.reading() as transaction:
                transaction.execute(
                    "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted "
                    "and database = (select oid from pg_database where datname = current_database())"
                )
            announce(second, "carol")
            eventually(lambda: count(first, "outbox") == 0)

    assert names_opened(first) == ["alice", "bob", "carol"]


def test_a_stopped_relay_hands_over_to_the_one_that_waits(open_database, metrics, bus):
    ledger = Heard()
    bus.subscribe("ledger", ["accounts"], ledger.receive)
    first, second = open_database(), open_database()
    waiting, handed_over = Relay("second", second, bus, metrics), ExitStack()
    with running(Relay("first", first, bus, metrics)):
        announce(first, "alice")
        ledger.wait_for(1)
        handed_over.enter_context(running(waiting))
    with handed_over:
        announce(first, "bob")
        ledger.wait_for(2)
        eventually(lambda: published_by(metrics, "second") == 1)


def test_a_message_stays_until_the_bus_answers_for_it(database, metrics):
    class Deaf(LocalBus):
        refusals = 0

        def publish(self, messages):
            self.refusals += 1
            if self.refusals <= 2:
                raise BusUnavailable("not now")
            super().publish(messages)

    bus, ledger = Deaf(), Heard()
    bus.subscribe("ledger", ["accounts"], ledger.receive)
    announce(database, "alice")

    with running(Relay("accounts", database, bus, metrics)):
        eventually(lambda: count(database, "outbox") == 0)
    bus.close()

    assert len(ledger.messages) == 1
    assert bus.refusals == 3


def published_by(metrics, service):
    return metrics.messages_published.labels(service)._value.get()
