"""Houses with and without servers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.live_gateway.rig import House, LocalHouse, StackHouse
from tests.servers.rabbitmq import RabbitMQ
from tests.servers.redis_server import RedisServer


@pytest.fixture
def local_house() -> Iterator[House]:
    house = LocalHouse()
    yield house
    house.close()


@pytest.fixture(scope="session")
def stack_house(
    rabbitmq: RabbitMQ, redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StackHouse]:
    """One for all tests: a process takes seconds to start."""
    house = StackHouse(rabbitmq.fresh_url(), redis_server.url, tmp_path_factory.mktemp("live"))
    yield house
    house.close()
    assert "Traceback" not in house.words.read_text(), house.words.read_text()


@pytest.fixture(params=["local", "stack"])
def house(request: pytest.FixtureRequest) -> House:
    """Both kinds, one after the other: one suite for the two ways to run."""
    found: House = request.getfixturevalue(f"{request.param}_house")
    return found
