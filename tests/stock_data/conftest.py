"""A stock_data as new for every test that asks, on one database for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol
from uuid import uuid4

import psycopg
import pytest

from chassis.database import Database
from stock_data.settings import Settings
from tests.stock_data.rig import Rig, build_rig, empty, open_database

FEW = "AAPL=Apple Inc.@190.00;MSFT=Microsoft Corporation@420.00;TSLA=Tesla Inc.@240.00"


class Postgres(Protocol):
    def url(self, database: str) -> str: ...


@pytest.fixture(scope="session")
def stock_data_database(postgres: Postgres) -> Iterator[Database]:
    name = f"stock_data_{uuid4().hex[:12]}"
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute(f"create database {name}".encode())
        database = open_database(postgres.url(name))
        yield database
        database.close()
        connection.execute(f"drop database {name} with (force)".encode())


@pytest.fixture
def build(stock_data_database: Database) -> Callable[..., Rig]:
    """Builds the service with these instruments; called again it is the same exchange after a restart."""
    empty(stock_data_database)

    def make(instruments: str = FEW) -> Rig:
        return build_rig(stock_data_database, Settings(instruments=instruments))

    return make


@pytest.fixture
def rig(build: Callable[..., Rig]) -> Rig:
    """AAPL, MSFT and TSLA are listed and nobody has traded yet."""
    made = build()
    assert made.service.prepare is not None
    made.service.prepare()
    return made
