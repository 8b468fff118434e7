"""One suite on the fake and on the real thing: `rig` is both, `shop` is PostgreSQL only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chassis.clock import SystemClock
from chassis.database import Database
from chassis.service import migrate_service
from tests.user_portfolio.builders import dollars
from tests.user_portfolio.rig import FakeRig, PostgresRig, Rig
from user_portfolio.domain.grants import Grant

STARTING = Grant(dollars(10_000), {"AAPL": 100})
SERVICE = Path(__file__).parents[2] / "services" / "user_portfolio"


@pytest.fixture
def database(fresh_database_url: str) -> Iterator[Database]:
    migrate_service(fresh_database_url, SERVICE)
    database = Database(fresh_database_url, SystemClock())
    database.open()
    yield database
    database.close()


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
