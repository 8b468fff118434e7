"""The limits an operator sets hold for the exchange as it is served."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from loadtest.exchange_process import ExchangeProcess, exchange_on
from loadtest.http_client import Connection
from tests.chassis.builders import eventually
from tests.standalone.conftest import SETTINGS

HALF_AN_ORDER = (
    b"POST /v2/orders HTTP/1.1\r\nHost: exchange\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExchangeProcess]:
    """An exchange that takes two requests at once, and one a second of each account."""
    settings = {**SETTINGS, "MOST_REQUESTS_AT_ONCE": "2", "RATE_LIMIT_PER_ACCOUNT": "1"}
    with exchange_on(tmp_path_factory.mktemp("small") / "data", settings) as exchange:
        yield exchange


def status(connection: Connection, path: str = "/v2/account") -> int:
    return connection.request("GET", path).status


def test_an_account_that_asks_too_often_is_refused_and_another_is_served(small: ExchangeProcess) -> None:
    busy, calm = small.connect(small.sign_up("busy")), small.connect(small.sign_up("calm"))

    eventually(lambda: status(busy) == 429)

    assert status(calm) == 200


def test_orders_that_are_sent_by_halves_take_no_place_from_others(small: ExchangeProcess) -> None:
    stranger = small.connect()
    with ExitStack() as halves:
        for _ in range(4):
            half = halves.enter_context(closing(socket.create_connection((small.host, small.port))))
            half.sendall(HALF_AN_ORDER)

        assert [status(stranger) for _ in range(20)] == [401] * 20
