"""A database that is away is not waited for, and is used again as soon as it is back; one that refuses is there."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import psycopg
import pytest
from psycopg import errors
from psycopg_pool import PoolTimeout

from chassis.clock import FixedClock
from chassis.connections import connection_options
from chassis.database import TRANSIENT, Database, DatabaseUnavailable
from chassis.metrics import Metrics
from tests.chassis.builders import PATIENCE_S, eventually
from tests.conftest import HASTY
from tests.servers.postgres_server import FailingPostgres

CLOSED, OPEN = 0, 2
CONNECTIONS = 4
REFUSAL_LIMIT_S = 0.005
BACK_LIMIT_S = 2.0


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[FailingPostgres]:
    folder = Path(tempfile.mkdtemp(prefix="exchange-tests-"))
    folder.chmod(0o711)  # so that root's tests need no more than a change of user
    try:
        with FailingPostgres(folder, HASTY) as server:
            yield server
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def postgres_again(own_postgres: FailingPostgres) -> Iterator[FailingPostgres]:
    own_postgres.start()
    yield own_postgres
    if own_postgres.is_running:
        own_postgres.thaw()


@pytest.fixture
def database(postgres_again: FailingPostgres, metrics: Metrics) -> Iterator[Database]:
    database = Database(
        postgres_again.url("postgres"), FixedClock(), connections=CONNECTIONS, metrics=metrics, wait_s=0.5
    )
    database.open()
    yield database
    database.close()


def ask(database: Database) -> int:
    with database.reading() as reading:
        row = reading.row("select 1")
    assert row is not None
    return int(row[0])


def fails(database: Database) -> bool:
    try:
        ask(database)
    except TRANSIENT:
        return True
    return False


def state(metrics: Metrics) -> float | None:
    return metrics.registry.get_sample_value("breaker_state", {"breaker": "database"})


def failures(metrics: Metrics) -> float | None:
    return metrics.registry.get_sample_value("breaker_failures_total", {"breaker": "database"})


def use_all_connections(database: Database, meet: threading.Barrier | None = None) -> list[threading.Thread]:
    """Callers that each have a connection at the same time; they end when they are answered or fail."""
    together = meet or threading.Barrier(CONNECTIONS)

    def call() -> None:
        with suppress(*TRANSIENT), database.transaction() as transaction:
            together.wait(PATIENCE_S)  # all have begun
            together.wait(PATIENCE_S)
            transaction.execute("select 1")

    callers = [threading.Thread(target=call) for _ in range(CONNECTIONS)]
    for caller in callers:
        caller.start()
    return callers


def fill(database: Database) -> None:
    """Have all connections made, and leave them at rest."""
    for caller in use_all_connections(database):
        caller.join(PATIENCE_S)


def wait_until_open(metrics: Metrics, database: Database) -> None:
    eventually(lambda: fails(database) and state(metrics) == OPEN)


def seconds_until_back(database: Database) -> float:
    began_s = time.monotonic()
    eventually(lambda: not fails(database))
    return time.monotonic() - began_s


def test_while_the_database_is_away_callers_are_refused_in_milliseconds(database, postgres_again, metrics):
    ask(database)
    postgres_again.kill()
    wait_until_open(metrics, database)

    taken_s = []
    for _ in range(200):
        began_s = time.perf_counter()
        with pytest.raises(DatabaseUnavailable), database.transaction():
            pass
        taken_s.append(time.perf_counter() - began_s)

    assert sorted(taken_s)[len(taken_s) // 2] < REFUSAL_LIMIT_S
    assert not database.answers()


def test_it_opens_by_itself_when_nobody_has_a_connection_that_could_break(database, postgres_again, metrics):
    fill(database)
    postgres_again.kill()

    assert fails(database)  # the only caller

    eventually(lambda: state(metrics) == OPEN)


@pytest.mark.parametrize("outage_s", [0.0, 4.0])
def test_it_is_used_again_within_two_seconds_of_its_return(database, postgres_again, metrics, outage_s):
    fill(database)
    postgres_again.kill()
    wait_until_open(metrics, database)
    threading.Event().wait(outage_s)  # the longer it lasts, the further a back-off without a bound would have grown

    postgres_again.start()

    assert seconds_until_back(database) < BACK_LIMIT_S


def test_the_breaker_closes_though_nobody_asks(database, postgres_again, metrics):
    postgres_again.kill()
    wait_until_open(metrics, database)

    postgres_again.start()
    began_s = time.monotonic()
    eventually(lambda: state(metrics) == CLOSED)

    assert time.monotonic() - began_s < BACK_LIMIT_S
    assert ask(database) == 1
    eventually(lambda: askers() == [])


def test_a_restart_while_nobody_asked_costs_nobody_anything(database, postgres_again, metrics):
    fill(database)
    postgres_again.kill()
    postgres_again.start()

    assert [ask(database) for _ in range(2 * CONNECTIONS)] == [1] * 2 * CONNECTIONS
    assert state(metrics) in (None, CLOSED)


def test_a_database_that_comes_and_goes_is_used_whenever_it_is_there(database, postgres_again):
    for _ in range(3):
        postgres_again.kill()
        eventually(partial(fails, database))  # a server process may outlive its parent for one more answer
        postgres_again.start()
        assert seconds_until_back(database) < BACK_LIMIT_S


def test_a_frozen_database_holds_only_those_who_have_a_connection(database, postgres_again, metrics):
    fill(database)
    together = threading.Barrier(CONNECTIONS + 1)
    stuck = use_all_connections(database, together)
    together.wait(PATIENCE_S)
    postgres_again.freeze()
    together.wait(PATIENCE_S)

    wait_until_open(metrics, database)
    began_s = time.perf_counter()
    assert fails(database)
    assert time.perf_counter() - began_s < 10 * REFUSAL_LIMIT_S

    postgres_again.thaw()
    assert seconds_until_back(database) < BACK_LIMIT_S
    for caller in stuck:
        caller.join(PATIENCE_S)
        assert not caller.is_alive()


def test_a_lost_connection_is_named_so_and_the_next_caller_gets_another(database, metrics):
    with pytest.raises(DatabaseUnavailable), database.transaction() as transaction:
        transaction.execute("select pg_terminate_backend(pg_backend_pid())")

    assert failures(metrics) == 1
    assert ask(database) == 1


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("set local statement_timeout = '10ms'; select pg_sleep(60)", errors.QueryCanceled),
        ("do $$ begin raise serialization_failure; end $$", errors.SerializationFailure),
        ("do $$ begin raise deadlock_detected; end $$", errors.DeadlockDetected),
        ("do $$ begin raise lock_not_available; end $$", errors.LockNotAvailable),
        ("select 1 / 0", errors.DivisionByZero),
    ],
)
def test_a_refused_statement_does_not_speak_against_the_database(database, metrics, statement, error):
    for _ in range(5):
        with pytest.raises(error), database.transaction() as transaction:
            transaction.execute(statement)

    assert failures(metrics) == 0
    assert ask(database) == 1


def test_a_caller_waits_for_a_connection_no_longer_than_it_was_told(database):
    held = [database.reading() for _ in range(CONNECTIONS)]
    for connection in held:
        connection.__enter__()
    began_s = time.monotonic()

    with pytest.raises(DatabaseUnavailable):
        ask(database)

    assert 0.4 < time.monotonic() - began_s < 1.5
    for connection in held:
        connection.__exit__(None, None, None)
    assert ask(database) == 1


def test_a_database_that_is_not_there_refuses_the_start(postgres_again, metrics):
    postgres_again.kill()
    database = Database(postgres_again.url("postgres"), FixedClock(), metrics=metrics, wait_s=0.5)

    with pytest.raises(PoolTimeout):
        database.open()

    database.close()
    assert askers() == []


def test_a_start_without_a_database_may_go_on_and_uses_it_as_soon_as_it_is_there(postgres_again, metrics):
    postgres_again.kill()
    database = Database(postgres_again.url("postgres"), FixedClock(), metrics=metrics, wait_s=0.5)
    database.open(wait=False)
    eventually(lambda: state(metrics) == OPEN)

    postgres_again.start()

    assert seconds_until_back(database) < BACK_LIMIT_S
    database.close()


def test_a_database_is_closed_while_it_is_away(postgres_again, metrics):
    database = Database(postgres_again.url("postgres"), FixedClock(), metrics=metrics, wait_s=0.5)
    database.open()
    postgres_again.kill()
    wait_until_open(metrics, database)
    began_s = time.monotonic()

    database.close()

    assert time.monotonic() - began_s < BACK_LIMIT_S
    assert askers() == []


def test_no_connection_waits_without_an_end(postgres_again):
    with psycopg.connect(**connection_options(postgres_again.url("postgres"))) as connection:
        limits = {
            name: connection.execute(f"show {name}").fetchone()
            for name in ("statement_timeout", "idle_in_transaction_session_timeout")
        }
        asked = connection.info.get_parameters()

    assert limits == {"statement_timeout": ("30s",), "idle_in_transaction_session_timeout": ("1min",)}
    assert {"connect_timeout", "tcp_user_timeout", "keepalives_idle"} <= asked.keys()


def askers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "database-asker"]
