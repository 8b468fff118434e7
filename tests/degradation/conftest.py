"""One whole exchange for all tests that take a part of it away; each of them leaves it in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from tests.chassis.builders import eventually
from tests.degradation.order_flow import TwoTraders
from tests.degradation.whole_exchange import Servers, WholeExchange
from tests.servers.cable import Cable
from tests.servers.rabbitmq import RabbitMQ, running_rabbitmq
from tests.servers.redis_server import running_redis
from tests.stack.house import House

SETTINGS = {
    "DEMO_USERS": "alice,bob",
    "STARTING_CASH": "100000000",
    "STARTING_SHARES": "*:1000000",
    "ACCESS_TOKEN_MINUTES": "600",
    "STOP_WITH_PARENT": "1",
}


@pytest.fixture(scope="module")
def own_rabbitmq() -> Iterator[RabbitMQ]:
    """A broker that may be killed; the session's is shared."""
    with running_rabbitmq() as server:
        yield server


@pytest.fixture(scope="module")
def module_database_url(postgres) -> Iterator[Callable[[str], str]]:
    """As `database_url`, for all tests of a module together."""
    suffix = uuid4().hex[:12]
    made: list[sql.Identifier] = []
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:

        def make(name: str) -> str:
            made.append(sql.Identifier(f"{name}_{suffix}"))
            connection.execute(sql.SQL("create database {}").format(made[-1]))
            return str(postgres.url(f"{name}_{suffix}"))

        yield make
        for database in made:
            connection.execute(sql.SQL("drop database {} with (force)").format(database))


@pytest.fixture(scope="module")
def whole_exchange(own_rabbitmq, postgres, module_database_url, tmp_path_factory) -> Iterator[WholeExchange]:
    keys = tmp_path_factory.mktemp("keys")
    with ExitStack() as closing:
        redis = closing.enter_context(running_redis())
        broker = urlsplit(own_rabbitmq.fresh_url())
        cable = Cable(broker.port or 0)
        closing.callback(cable.close)
        settings = {
            **SETTINGS,
            "RABBITMQ_URL": broker.geturl().replace(f":{broker.port}/", f":{cable.port}/"),
            "REDIS_URL": redis.url,
            "SIGNING_KEY_FILE": str(keys / "signing.pem"),
            "PUBLIC_KEY_FILE": str(keys / "public.pem"),
        }
        servers = Servers(redis, own_rabbitmq, cable, postgres.url("postgres"))
        exchange = WholeExchange(servers, House(settings, module_database_url))
        closing.callback(exchange.stop)
        exchange.start()
        yield exchange


@pytest.fixture
def exchange(whole_exchange: WholeExchange) -> Iterator[WholeExchange]:
    """The exchange in order, and in order again when the test has put back what it took away."""
    whole_exchange.wait_until_ready()
    yield whole_exchange
    whole_exchange.wait_until_ready()
    whole_exchange.audit()


@pytest.fixture
def traders(exchange: WholeExchange) -> TwoTraders:
    """Two people with money and shares."""
    alice, bob = (
        exchange.ask("POST", "/v2/auth/demo-login", {"name": name}).body["access_token"] for name in ("alice", "bob")
    )
    eventually(lambda: all(exchange.ask("GET", "/v2/account", token=token).status == 200 for token in (alice, bob)))
    return TwoTraders(exchange, alice, bob)
