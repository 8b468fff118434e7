"""A database with the tables of the chassis, emptied for every test, and a service that only opens accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import uuid4

import psycopg
import pytest

from chassis.clock import FixedClock
from chassis.database import Database
from chassis.metrics import Metrics
from chassis.migrations import migrate
from chassis.service import CHASSIS_MIGRATIONS
from tests.conftest import Postgres

EMPTY = "delete from outbox; delete from inbox; delete from dead_letters; delete from openings"


@pytest.fixture(scope="session")
def chassis_database(postgres: Postgres) -> Iterator[str]:
    """`openings` is what the tests' own handlers write: one row an account, in the order they were heard."""
    name = f"chassis_{uuid4().hex[:12]}"
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute(f"create database {name}")
        migrate(postgres.url(name), CHASSIS_MIGRATIONS)
        with psycopg.connect(postgres.url(name), autocommit=True) as tables:
            tables.execute("create table openings (number bigint generated always as identity, name text not null)")
        yield postgres.url(name)
        connection.execute(f"drop database {name} with (force)")


@pytest.fixture
def open_database(chassis_database: str) -> Iterator[Callable[[], Database]]:
    """Opens the database as one more process would: with a pool and a bell of its own."""
    opened: list[Database] = []

    def make() -> Database:
        opened.append(Database(chassis_database, FixedClock(), connections=4))
        opened[-1].open()
        return opened[-1]

    with psycopg.connect(chassis_database, autocommit=True) as connection:
        connection.execute(EMPTY)
    yield make
    for database in opened:
        database.close()


@pytest.fixture
def database(open_database: Callable[[], Database]) -> Database:
    return open_database()


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()
