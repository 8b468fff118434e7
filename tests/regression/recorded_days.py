"""Two days of trading on a whole exchange in this process, and every message that each service heard of them."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

import standalone.exchange
from chassis.bus import Message, Receive
from chassis.clock import SystemClock
from chassis.local_bus import LocalBus
from loadtest.http_client import JSON, Connection, Response
from loadtest.traffic import RestlessTrader
from standalone.exchange import SERVICES, Exchange
from tests.chassis.builders import eventually
from tests.regression.tables import Tables, tables_of

SYMBOLS = ("AAPL", "MSFT", "TSLA", "IBM")
TRADERS = 5
ACTIONS = 120
"""Of each trader, on each day."""

_DAY_US = 24 * 3_600 * 1_000_000
_OPERATOR = {"name": "operator", "password": "operator-password"}
_SETTINGS = {
    "STARTING_CASH": "20000",
    "STARTING_SHARES": "*:50",
    "DEMO_USERS": "",
    "OPERATOR_NAME": _OPERATOR["name"],
    "OPERATOR_PASSWORD": _OPERATOR["password"],
    "EXPIRY_EVERY_S": "0.05",
    "ARGON2_MEMORY_KIB": "64",
    "ARGON2_TIME_COST": "1",
}

Heard = Mapping[str, Sequence[Message]]
"""What each consumer group heard, in its order."""


@dataclass(frozen=True)
class RecordedDays:
    """What was heard while the doors opened, on the first day and on the second, and what it led to.

    At `evening_us` nothing of the first day had expired; a day later all that has an end had. `tables` are every
    service's when all was over; `orders` and `instruments` are the rows that stock_ordering and stock_data did not
    learn from the bus.
    """

    phases: tuple[Heard, Heard, Heard]
    evening_us: int
    environment: Mapping[str, str]
    tables: Mapping[str, Tables]
    orders: list[dict[str, Any]]
    instruments: list[dict[str, Any]]


class RecordingBus(LocalBus):
    """Remembers what each group has taken in."""

    def __init__(self) -> None:
        super().__init__()
        self._heard: dict[str, list[Message]] = {}

    def subscribe(self, group: str, streams: Sequence[str], receive: Receive) -> None:
        heard = self._heard.setdefault(group, [])

        def take_note(messages: Sequence[Message]) -> None:
            receive(messages)
            heard.extend(messages)

        super().subscribe(group, streams, take_note)

    def take(self) -> Heard:
        """All that was heard since the last time."""
        taken = {group: tuple(heard) for group, heard in self._heard.items()}
        for heard in self._heard.values():
            heard.clear()
        return taken


class SkippingClock(SystemClock):
    """The machine's clock, and a way to skip a night."""

    def __init__(self) -> None:
        self._skipped_us = 0

    def now_us(self) -> int:
        return super().now_us() + self._skipped_us

    def skip_a_day(self) -> None:
        self._skipped_us += _DAY_US


class Caller(Connection):
    """Somebody who calls the exchange without a network between."""

    def __init__(self, exchange: Exchange, token: str = "") -> None:
        self._client = exchange.app.test_client()
        self._caller = {"Authorization": f"Bearer {token}"} if token else {}

    def request(self, method: str, path: str, body: JSON | None = None, **headers: str) -> Response:
        answer = self._client.open(path, method=method, json=body, headers={**self._caller, **headers})
        return Response(answer.status_code, {}, answer.data)


def record(url_of: Callable[[str], str], folder: Path, seed: int) -> RecordedDays:
    """Trade for two days and close; `seed` decides what the traders do, the machine when they do it."""
    bus, clock = RecordingBus(), SkippingClock()
    ends = datetime.now(UTC) + timedelta(hours=12)
    environment = {**_SETTINGS, "SIGNING_KEY_FILE": str(folder / "signing.pem"), "DAY_ENDS_UTC": f"{ends:%H:%M}"}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(standalone.exchange, "LocalBus", lambda: bus)
        patched.setattr(standalone.exchange, "SystemClock", lambda: clock)
        exchange = standalone.exchange.compose(url_of, environment)
    try:
        operator, traders = _open_accounts(exchange, seed)
        opening = _heard_by_now(exchange, bus)
        _trade(operator, traders)
        first_day, evening_us = _heard_by_now(exchange, bus), clock.now_us()
        clock.skip_a_day()
        eventually(lambda: _due(url_of("order_matching"), clock.now_us()) == 0)
        _trade(operator, traders)
        second_day = _heard_by_now(exchange, bus)
    finally:
        exchange.stop()
    tables = {service: tables_of(service, url_of(service)) for service in SERVICES}
    orders, instruments = _rows(url_of("stock_ordering"), "orders"), _rows(url_of("stock_data"), "instruments")
    return RecordedDays((opening, first_day, second_day), evening_us, environment, tables, orders, instruments)


def _heard_by_now(exchange: Exchange, bus: RecordingBus) -> Heard:
    exchange.settle()
    exchange.settle()  # what the last messages led to was not waiting yet when they were heard
    return bus.take()


def _open_accounts(exchange: Exchange, seed: int) -> tuple[Caller, list[RestlessTrader]]:
    tokens = []
    for number in range(TRADERS):
        signed_up = {"name": f"trader-{number}", "password": "correct horse battery"}
        tokens.append(Caller(exchange).request("POST", "/v2/auth/signup", signed_up).json()["access_token"])
    operator = Caller(exchange).request("POST", "/v2/auth/login", _OPERATOR).json()["access_token"]
    traders = [
        RestlessTrader(Caller(exchange, token), str(number), random.Random(seed + number), SYMBOLS)
        for number, token in enumerate(tokens)
    ]
    return Caller(exchange, operator), traders


def _trade(operator: Caller, traders: Sequence[RestlessTrader]) -> None:
    """All at once, and a symbol is halted now and then."""
    threads = [threading.Thread(target=_act_often, args=(trader,)) for trader in traders]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        for symbol in SYMBOLS[:2]:
            for word in ("halt", "resume"):
                assert operator.request("POST", f"/v2/operator/instruments/{symbol}/{word}").status == 200
                time.sleep(0.05)  # long enough for some orders to meet a halted symbol
    for thread in threads:
        thread.join()


def _act_often(trader: RestlessTrader) -> None:
    for _ in range(ACTIONS):
        assert trader.act().status < 500


def _due(url: str, now_us: int) -> int:
    with psycopg.connect(url) as connection:
        query = "select count(*) from orders where is_open and expires_at_us <= %s"
        row = connection.execute(query, (now_us,)).fetchone()
        return int(row[0]) if row else 0


def _rows(url: str, table: str) -> list[dict[str, Any]]:
    with psycopg.connect(url) as connection:
        return [row for (row,) in connection.execute(f"select to_jsonb({table}) from {table}".encode())]
