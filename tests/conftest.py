"""PostgreSQL for the tests: one server per session, one empty database per test that asks."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql
from psycopg.conninfo import make_conninfo

from standalone.embedded_postgres import EmbeddedPostgres
from tests.servers.rabbitmq import rabbitmq  # noqa: F401  # a fixture
from tests.servers.redis_server import redis_server  # noqa: F401  # likewise

settings.register_profile("busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy machine")  # how fast examples come says nothing about the market

HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "2GB"}
"""A test session that loses its power is run again."""


class Postgres(Protocol):
    """A server the tests may make databases on."""

    def url(self, database: str) -> str:
        """The address of one of its databases."""


class OutsidePostgres:
    """A server that is there already: TEST_DATABASE_URL names a database of it and may create others."""

    def __init__(self, server_url: str) -> None:
        self._server_url = server_url

    def url(self, database: str) -> str:
        return make_conninfo(self._server_url, dbname=database)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    outside = os.environ.get("TEST_DATABASE_URL")
    if outside:
        yield OutsidePostgres(outside)
        return
    folder = Path(tempfile.mkdtemp(prefix="exchange-tests-"))
    folder.chmod(0o711)  # so that root's tests need no more than a change of user
    try:
        with EmbeddedPostgres(folder, HASTY) as server:
            yield server
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def database_url(postgres: Postgres) -> Iterator[Callable[[str], str]]:
    """Makes a new empty database, `name` being part of its name, and answers its URL; dropped after the test."""
    made: list[sql.Identifier] = []
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:

        def make(name: str) -> str:
            full_name = f"{name}_{uuid4().hex[:12]}"
            made.append(sql.Identifier(full_name))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(made[-1]))
            return postgres.url(full_name)

        yield make
        for database in made:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(database))


@pytest.fixture
def fresh_database_url(database_url: Callable[[str], str]) -> str:
    """The URL of a new empty database that nobody else uses."""
    return database_url("test")
