"""A running stack for the tests that trade on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from loadtest.stack_process import StackProcess, stack_on
from standalone.servers.programs import NGINX, RABBITMQ, REDIS_SERVER, missing
from tests.standalone.a_page import build_a_page

SETTINGS = {
    "STARTING_CASH": "1000000000",
    "STARTING_SHARES": "*:1000000",
    "ACCESS_TOKEN_MINUTES": "600",
    "REPLICAS": "stock_ordering.web=2,order_matching.consumer=2,live_gateway=2",
}


def skip_where_servers_are_missing() -> None:
    for sentence in missing([*RABBITMQ, REDIS_SERVER, NGINX]):
        pytest.skip(sentence)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    skip_where_servers_are_missing()
    folder = tmp_path_factory.mktemp("stack")
    with stack_on(folder / "data", {**SETTINGS, "PAGE": str(build_a_page(folder / "page"))}) as running:
        yield running
