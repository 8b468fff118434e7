"""A stack on servers that are there already: it starts none of its own, and leaves them as it found them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from loadtest.stack_process import stack_on
from standalone.databases import SERVICES
from tests.servers.rabbitmq import RabbitMQ
from tests.servers.redis_server import RedisServer
from tests.stack.conftest import SETTINGS, skip_where_servers_are_missing
from tests.stack.test_stack import Pair

pytestmark = pytest.mark.timeout(240)


def test_a_stack_trades_on_servers_that_are_named_and_leaves_them_running(
    rabbitmq: RabbitMQ, redis_server: RedisServer, database_url: Callable[[str], str], tmp_path: Path
) -> None:
    skip_where_servers_are_missing()
    named = {"RABBITMQ_URL": rabbitmq.fresh_url(), "REDIS_URL": redis_server.url}
    databases = {f"DATABASE_URL_{service.upper()}": database_url(service) for service in SERVICES}

    with stack_on(tmp_path / "data", {**SETTINGS, **named, **databases}) as stack:
        status = Pair(stack).trade()
        stack.wait_until_settled()
        audit = stack.audit()
        children = set(stack.children())
        said = stack.log.read_text()

    assert status == "filled"
    assert audit.returncode == 0, audit.stdout + audit.stderr
    assert not {"broker", "cache", "database"} & children
    assert "starting \n" not in said
    assert rabbitmq.is_running()
    assert redis_server.client().ping()
