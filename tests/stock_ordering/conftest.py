"""An order desk as new for every test that asks, on one database for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest

from chassis.database import Database
from stock_ordering.store.unit import SqlUnit
from tests.conftest import Postgres
from tests.stock_ordering.books import Books, compose_around
from tests.stock_ordering.desk import Desk, empty, open_database, unlimited
from tests.stock_ordering.fakes import FakeOrders


@pytest.fixture(scope="session")
def ordering_database(postgres: Postgres) -> Iterator[Database]:
    name = f"stock_ordering_{uuid4().hex[:12]}"
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute(f"create database {name}".encode())
        database = open_database(postgres.url(name))
        yield database
        database.close()
        connection.execute(f"drop database {name} with (force)".encode())


@pytest.fixture
def desk(ordering_database: Database) -> Desk:
    empty(ordering_database)
    return Desk(ordering_database, unlimited(largest_wait_s=20.0))


@pytest.fixture(params=["fake", "postgres"])
def books(request):
    if request.param == "fake":
        fake = FakeOrders()
        deps = compose_around(fake.transaction)
        return Books(fake.transaction, fake.told, deps)
    desk = request.getfixturevalue("desk")

    @contextmanager
    def transaction():
        with desk.database.transaction() as transaction:
            yield SqlUnit(transaction)

    return Books(transaction, desk.told, compose_around(transaction))
