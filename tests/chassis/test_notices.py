"""Processes that share a database wake each other: relays for facts, requests for what they wait for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import psycopg
import pytest

from chassis.clock import FixedClock
from chassis.database import Database
from tests.chassis.builders import PATIENCE_S, eventually, opened

LONG_S = 5 * PATIENCE_S


@pytest.fixture
def share(open_database: Callable[[], Database], chassis_database: str) -> Iterator[Callable[[], Database]]:
    """Opens the database as another process of the service would."""
    made: list[Database] = []

    def make() -> Database:
        database = Database(chassis_database, FixedClock(), connections=2, is_shared=True)
        database.open()
        made.append(database)
        return database

    open_database()
    yield make
    for database in made:
        database.close()


def listening(database: Database) -> Database:
    """A database that hears the others, with the ring of its start behind it."""
    database.listen()
    assert database.bell.wait(PATIENCE_S)
    database.bell.clear()
    return database


def wait_in_a_thread(database: Database, key: str) -> tuple[threading.Thread, list[bool]]:
    """Somebody who waits for a key and, once woken, finds that it has happened."""
    looked, outcomes = threading.Event(), []

    def happened() -> bool:
        was_looked_at = looked.is_set()
        looked.set()
        return was_looked_at

    waiting = threading.Thread(target=lambda: outcomes.append(database.waiters.wait_until(key, happened, LONG_S)))
    waiting.start()
    assert looked.wait(PATIENCE_S)
    return waiting, outcomes


def test_facts_of_one_process_ring_the_bell_of_another(share):
    telling, hearing = share(), listening(share())

    with telling.transaction() as transaction:
        transaction.announce([opened("alice")])

    assert hearing.bell.wait(PATIENCE_S)


def test_a_request_in_one_process_is_woken_by_a_commit_in_another(share):
    telling, hearing = share(), listening(share())
    waiting, outcomes = wait_in_a_thread(hearing, "order 7")

    with telling.transaction() as transaction:
        transaction.happened(["order 6", "order 7"])

    waiting.join(PATIENCE_S)
    assert outcomes == [True]


def test_more_keys_than_one_notice_holds_all_arrive(share):
    telling, hearing = share(), listening(share())
    keys = [f"{number:036}" for number in range(1_001)]
    waiting, outcomes = wait_in_a_thread(hearing, keys[-1])

    with telling.transaction() as transaction:
        transaction.happened(keys)

    waiting.join(PATIENCE_S)
    assert outcomes == [True]


def test_what_is_rolled_back_wakes_nobody(share):
    telling, hearing = share(), listening(share())

    with suppress(ValueError), telling.transaction() as transaction:
        transaction.announce([opened("alice")])
        raise ValueError("no")
    with telling.transaction() as transaction:
        with suppress(ValueError), transaction.savepoint():
            transaction.happened(["order 7"])
            raise ValueError("no")
        assert transaction.happenings == []
        transaction.happened(["order 8"])

    waiting, outcomes = wait_in_a_thread(hearing, "order 9")
    assert not hearing.bell.is_set()
    hearing.waiters.notify(["order 9"])
    waiting.join(PATIENCE_S)
    assert outcomes == [True]


def test_in_one_process_nobody_needs_the_database_to_be_woken(database):
    waiting, outcomes = wait_in_a_thread(database, "order 7")

    with database.transaction() as transaction:
        transaction.happened(["order 7"])

    waiting.join(PATIENCE_S)
    assert outcomes == [True]


def test_a_listener_whose_connection_is_cut_listens_again_and_misses_nothing(share, chassis_database):
    telling, hearing = share(), listening(share())

    with psycopg.connect(chassis_database, autocommit=True) as outside:
        cut = outside.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %'"
        ).fetchall()
    assert cut == [(True,)]

    assert hearing.bell.wait(PATIENCE_S)  # as soon as it listens again, for what it may have missed
    hearing.bell.clear()
    with telling.transaction() as transaction:
        transaction.announce([opened("alice")])
    assert hearing.bell.wait(PATIENCE_S)


def test_a_listener_that_is_closed_leaves_no_thread(share):
    hearing = listening(share())

    hearing.close()

    eventually(lambda: not [thread for thread in threading.enumerate() if thread.name == "notices"])
