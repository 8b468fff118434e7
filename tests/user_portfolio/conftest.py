"""One suite on the fake and on the real thing: `rig` is both, `shop` PostgreSQL only, `service` all with HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from chassis.clock import SystemClock
from chassis.database import Database
from chassis.service import migrate_service
from tests.conftest import Postgres
from tests.user_portfolio.builders import ALICE, BOB, dollars, listed, opened
from tests.user_portfolio.rig import FakeRig, PostgresRig, Rig
from tests.user_portfolio.service_rig import BuildService, ServiceRig, build_service
from user_portfolio.domain.grants import Grant
from user_portfolio.settings import Settings

STARTING = Grant(dollars(10_000), {"AAPL": 100})
SERVICE = Path(__file__).parents[2] / "services" / "user_portfolio"


@pytest.fixture(scope="module")
def migrated(postgres: Postgres) -> Iterator[Database]:
    """One database for all tests of a module: to empty it takes a tenth of making a new one."""
    name = f"user_portfolio_{uuid4().hex[:12]}"
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        url = postgres.url(name)
        migrate_service(url, SERVICE)
        database = Database(url, SystemClock())
        database.open()
        yield database
        database.close()
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def database(migrated: Database) -> Database:
    with migrated.reading() as transaction:
        transaction.execute(
            "truncate accounts, instruments, positions, holds, activities, ledger_entries, "
            "inbox, outbox, dead_letters restart identity"
        )
    return migrated


@pytest.fixture
def shop(database: Database) -> PostgresRig:
    return PostgresRig(STARTING, database)


@pytest.fixture(params=["fake", "postgres"])
def make_rig(request: pytest.FixtureRequest) -> Callable[[Grant], Rig]:
    """Makes the rig with a grant of the story's choice."""
    if request.param == "fake":
        return FakeRig
    database = request.getfixturevalue("database")
    return lambda grant: PostgresRig(grant, database)


@pytest.fixture
def rig(make_rig: Callable[[Grant], Rig]) -> Rig:
    return make_rig(STARTING)


@pytest.fixture
def build(database: Database) -> BuildService:
    """Builds the service with settings of the story's choice."""
    return lambda **settings: build_service(database, Settings(**{"account_wait_s": 0.1, **settings}))


@pytest.fixture
def service(build: BuildService) -> ServiceRig:
    """AAPL is listed at 100; Alice and Bob have 10,000 dollars and 100 AAPL."""
    rig = build(starting_cash="10000", starting_shares="AAPL:100")
    rig.hear(listed(), listed("MSFT"), opened(ALICE, at_us=1_750_000_000_000_000), opened(BOB))
    return rig


@pytest.fixture
def doorstep() -> ServiceRig:
    """The service without a database: what is refused before anything is looked up."""
    return build_service(Database("", SystemClock()), Settings())
