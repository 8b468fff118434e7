"""A consumer acts on every good fact once, sets a bad one aside alone, and waits out what passes."""

from __future__ import annotations

import psycopg
import pytest

from chassis.bus import BusUnavailable
from chassis.consumer import Consumer
from tests.chassis.builders import count, message, names_opened, opened, write_down


@pytest.fixture
def consumer(database, metrics):
    return Consumer("ledger", database, write_down, metrics)


def test_a_repeated_message_takes_effect_once(database, consumer):
    told = message(opened("alice"))

    consumer.receive([told])
    consumer.receive([told])
    consumer.receive([told, message(opened("bob")), told])

    assert names_opened(database) == ["alice", "bob"]


def test_a_bad_fact_alone_is_set_aside_and_its_neighbours_take_effect(database, consumer):
    first = message(opened("alice"), opened("bob"), opened("poison"), opened("carol"))
    second = message(opened("dave"))

    consumer.receive([first, second])

    assert names_opened(database) == ["alice", "bob", "carol", "dave"]
    with database.reading() as transaction:
        letters = transaction.rows("select message_id, position, fact_name, body, reason from dead_letters")
    [(message_id, position, fact_name, body, reason)] = letters
    assert (message_id, position, fact_name) == (first.id, 2, "account.opened")
    assert b"poison" in body
    assert "nobody may be called poison" in reason


def test_a_bad_fact_delivered_again_is_not_buried_twice(database, consumer):
    told = message(opened("alice"), opened("poison"))

    consumer.receive([told])
    consumer.receive([told])

    assert names_opened(database) == ["alice"]
    assert count(database, "dead_letters") == 1


def test_a_fact_of_an_unknown_name_is_set_aside(database, consumer):
    told = message(opened("alice"))
    newer = type(told)(told.id, told.stream, told.shard, told.body[:-1] + b',["account.closed",{}]]')

    consumer.receive([newer])

    assert names_opened(database) == ["alice"]
    assert count(database, "dead_letters") == 1


@pytest.mark.parametrize("body", [b"", b"{}", b"[[1]]", b"\xff\x00", b'[["account.opened"'])
def test_a_message_nobody_can_read_is_set_aside_whole(database, consumer, body):
    told = message()
    unreadable = type(told)(told.id, told.stream, told.shard, body)

    consumer.receive([unreadable, message(opened("alice"))])

    assert names_opened(database) == ["alice"]
    with database.reading() as transaction:
        assert transaction.rows("select fact_name, body from dead_letters") == [("unreadable", body)]


def test_a_passing_trouble_is_tried_again_until_it_works(database, metrics):
    troubles = [psycopg.OperationalError("the server is starting up"), psycopg.InterfaceError("gone"), None]
    tried: list[object] = []

    def handle(transaction, facts):
        trouble = troubles[len(tried)]
        tried.append(facts)
        if trouble is not None:
            raise trouble
        write_down(transaction, facts)

    Consumer("ledger", database, handle, metrics).receive([message(opened("alice"))])

    assert len(tried) == 3
    assert names_opened(database) == ["alice"]
    assert count(database, "dead_letters") == 0


def test_a_batch_that_even_fails_in_parts_is_kept_and_tried_again(database, metrics):
    """A constraint that is only checked at the commit, for example."""
    tried = []

    def handle(transaction, facts):
        tried.append(facts)
        write_down(transaction, facts)
        if len(tried) < 4:
            transaction.execute("create temporary table broken (n int unique deferrable initially deferred)")
            transaction.execute("insert into broken values (1), (1)")

    Consumer("ledger", database, handle, metrics).receive([message(opened("alice"))])

    assert names_opened(database) == ["alice"]


def test_a_consumer_told_to_stop_leaves_the_batch_to_the_next(database, metrics):
    def handle(transaction, facts):
        stopping.stop()
        raise psycopg.OperationalError("still no server")

    stopping = Consumer("ledger", database, handle, metrics)

    with pytest.raises(BusUnavailable):
        stopping.receive([message(opened("alice"))])
    assert count(database, "inbox") == 0
