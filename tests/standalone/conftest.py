"""A running exchange for the tests that trade through its public API."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from loadtest.exchange_process import ExchangeProcess, exchange_on
from loadtest.http_client import Connection
from tests.standalone.trader import Trader

SETTINGS = {
    "STARTING_CASH": "100000",
    "STARTING_SHARES": "*:1000",
    "ACCESS_TOKEN_MINUTES": "600",
    "LOGIN_ATTEMPTS_PER_MINUTE": "1000",
    "LOGIN_ATTEMPTS_PER_MINUTE_PER_ADDRESS": "10000",
}
_numbers = itertools.count(1)


class TraderMaker:
    def __init__(self, exchange: ExchangeProcess) -> None:
        self._exchange = exchange

    def __call__(self, name: str = "trader") -> Trader:
        return Trader(self._exchange, self._exchange.sign_up(f"{name}-{next(_numbers)}"))


@pytest.fixture(scope="session")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExchangeProcess]:
    """One exchange for the session; it must be in order when the last test has traded."""
    with exchange_on(tmp_path_factory.mktemp("exchange") / "data", SETTINGS) as running:
        yield running
        running.wait_until_settled()
        audit = running.audit()
        assert audit.returncode == 0, audit.stdout + audit.stderr


@pytest.fixture
def operator(exchange: ExchangeProcess) -> Connection:
    """A connection of the demo exchange's operator."""
    login = {"name": "operator", "password": "operator-password"}
    token = exchange.connect().request("POST", "/v2/auth/login", login).json()["access_token"]
    return exchange.connect(token)


@pytest.fixture
def symbol(operator: Connection) -> str:
    """A freshly listed symbol whose book nobody else trades on; its last price is 100 dollars."""
    name = f"T{next(_numbers)}"
    listing = {"symbol": name, "name": name, "tick_size": "0.01", "lot_size": 1, "reference_price": "100.00"}
    assert operator.request("POST", "/v2/operator/instruments", listing).status == 201
    return name


@pytest.fixture
def trader(exchange: ExchangeProcess) -> TraderMaker:
    """Makes traders with cash and shares."""
    return TraderMaker(exchange)
