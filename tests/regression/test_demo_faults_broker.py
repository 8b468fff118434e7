"""The demo's last fault: a restart of the broker ended its services for good. Here nobody needs a hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

import standalone.exchange
from chassis.dead_letters import returned_to
from chassis.rabbit_bus import RabbitBus
from contracts.groups import GROUPS
from standalone.audit.invariants import findings
from standalone.audit.snapshot import quiet_snapshot
from standalone.exchange import SERVICES, Exchange
from tests.chassis.builders import eventually
from tests.regression.recorded_days import Caller
from tests.servers.rabbitmq import RabbitMQ

SETTINGS = {"STARTING_CASH": "100000", "STARTING_SHARES": "*:1000", "DEMO_USERS": "", "ARGON2_MEMORY_KIB": "64"}
HEARD = {group: (*streams, returned_to(group)) for group, streams in GROUPS.items()}
PAIRS = 25

UrlOf = Callable[[str], str]


@pytest.fixture
def url_of(database_url: UrlOf) -> UrlOf:
    return {service: database_url(service) for service in SERVICES}.__getitem__


@pytest.fixture
def exchange(rabbitmq: RabbitMQ, url_of: UrlOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Exchange]:
    """All services on a real broker."""
    broker = rabbitmq.fresh_url()
    monkeypatch.setattr(standalone.exchange, "LocalBus", lambda: RabbitBus(broker, HEARD))
    running = standalone.exchange.compose(url_of, {**SETTINGS, "SIGNING_KEY_FILE": str(tmp_path / "signing.pem")})
    yield running
    running.stop()


class Trader(Caller):
    """An account that trades AAPL at 100 dollars, share by share."""

    def __init__(self, exchange: Exchange, name: str, side: str) -> None:
        signed_up = {"name": name, "password": "correct horse battery"}
        tokens = Caller(exchange).request("POST", "/v2/auth/signup", signed_up).json()
        super().__init__(exchange, tokens["access_token"])
        self._order = {"symbol": "AAPL", "side": side, "qty": "1", "type": "limit", "limit_price": "100.00"}

    def place(self) -> dict[str, Any]:
        answer = self.request("POST", "/v2/orders", {**self._order, "time_in_force": "gtc"})
        assert answer.status == 200, answer.body
        order: dict[str, Any] = answer.json()
        return order

    def filled(self) -> int:
        orders = self.request("GET", "/v2/orders?status=all&limit=500").json()
        return sum(order["status"] == "filled" for order in orders)


def differences(url_of: UrlOf) -> list[str]:
    with quiet_snapshot(url_of, tuple(SERVICES), patience_s=20.0) as snapshot:
        return [difference for _, finding in findings(snapshot) for difference in finding.differences]


def test_fault_17_a_broker_that_dies_and_comes_back_loses_nothing_and_nobody_needs_a_hand(rabbitmq, exchange, url_of):
    seller, buyer = Trader(exchange, "seller", "sell"), Trader(exchange, "buyer", "buy")
    seller.place()
    buyer.place()
    eventually(lambda: buyer.filled() == 1)

    with psycopg.connect(url_of("order_matching")) as busy:
        busy.execute("select * from books for update")
        queued = [trader.place() for _ in range(PAIRS) for trader in (seller, buyer)]
        eventually(lambda: exchange.waiting() == 0)
        rabbitmq.kill()
    orphaned = [trader.place() for _ in range(PAIRS) for trader in (seller, buyer)]
    filled_without_a_broker = buyer.filled()
    rabbitmq.start()

    assert {order["status"] for order in queued + orphaned} == {"pending_new"}
    assert filled_without_a_broker == 1
    eventually(lambda: buyer.filled() == seller.filled() == 1 + 2 * PAIRS)
    eventually(lambda: differences(url_of) == [])
    seller.place()
    buyer.place()
    eventually(lambda: buyer.filled() == 2 + 2 * PAIRS)
