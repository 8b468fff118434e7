"""A user_accounts with empty tables for every test that asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

import user_accounts.main
from chassis.service import migrate_service
from tests.conftest import Postgres
from tests.user_accounts.rig import Rig, build_rig

EMPTY = "delete from sessions; delete from api_keys; delete from accounts; delete from outbox"


@pytest.fixture(scope="session")
def accounts_database(postgres: Postgres) -> Iterator[str]:
    """One database for all tests of the service: making one takes far longer than emptying it."""
    name = f"accounts_{uuid4().hex[:12]}"
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute(f"create database {name}")
        migrate_service(postgres.url(name), Path(user_accounts.main.__file__).parent)
        yield postgres.url(name)
        connection.execute(f"drop database {name} with (force)")


@pytest.fixture
def build(accounts_database: str, tmp_path: Path) -> Iterator[Callable[..., Rig]]:
    """Builds the service with these settings; called again it is the same database after a restart."""
    built: list[Rig] = []

    def make(**settings: Any) -> Rig:
        built.append(build_rig(accounts_database, tmp_path / "keys" / "signing.pem", **settings))
        return built[-1]

    with psycopg.connect(accounts_database, autocommit=True) as connection:
        connection.execute(EMPTY)
    yield make
    for rig in built:
        rig.database.close()


@pytest.fixture
def rig(build: Callable[..., Rig]) -> Rig:
    return build()
