"""The resident market on a real exchange: quick to start, patient in trouble, and gone when told."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtest.exchange_process import ExchangeProcess, exchange_on
from tests.market_feed.resident import LEAVES_WITHIN_S, resident_on, trades, until

pytestmark = pytest.mark.timeout(300)

LIMIT_S = 90.0
"""An idle machine needs two seconds; one that does ten things at once has to hash eighteen passwords meanwhile."""

SETTINGS = {"MARKET": "off", "LOGIN_ATTEMPTS_PER_MINUTE_PER_ADDRESS": "10000"}
PASSWORD = "correct horse battery"


@pytest.fixture
def exchange(tmp_path: Path) -> Iterator[ExchangeProcess]:
    """An exchange that is in order when the test is over."""
    with exchange_on(tmp_path / "data", SETTINGS, limited=True) as running:
        yield running
        running.wait_until_settled()
        audit = running.audit()
        assert audit.returncode == 0, audit.stdout + audit.stderr


def test_a_fresh_exchange_trades_within_seconds_and_is_left_without_an_order(exchange, tmp_path):
    token = exchange.sign_up("onlooker")
    with resident_on(exchange, tmp_path / "market") as resident:
        until(lambda: trades(exchange, token) >= 20, LIMIT_S, "trades")
        folder, file = tmp_path / "market", tmp_path / "market" / "accounts.json"
        assert (stat.S_IMODE(folder.stat().st_mode), stat.S_IMODE(file.stat().st_mode)) == (0o700, 0o600)
        maker = resident.connect("maker-1")
        assert len(maker.request("GET", "/v2/orders?status=open&limit=500").json()) > 20

        status, took_s = resident.stop()

        assert (status, took_s < LEAVES_WITHIN_S) == (0, True)
        assert resident.words() == ""
        exchange.wait_until_settled()
        for role in resident.names():
            assert resident.connect(role).request("GET", "/v2/orders?status=open").json() == [], role


def test_a_person_can_sell_and_buy_a_hundred_shares_of_everything(exchange, tmp_path):
    token = exchange.sign_up("person")
    with resident_on(exchange, tmp_path / "market"):
        until(lambda: trades(exchange, token) >= 20, LIMIT_S, "trades")
        person = exchange.connect(token)  # not before: who says nothing for ten seconds is cut off

        for asset in person.request("GET", "/v2/assets").json():
            for side in ("sell", "buy"):
                order = {"symbol": asset["symbol"], "side": side, "qty": "100", "type": "market"}
                answer = person.request("POST", "/v2/orders", order, prefer="wait=10")
                assert (answer.status, answer.json().get("status")) == (200, "filled"), answer.body


def test_names_that_are_taken_are_left_to_their_owners(exchange, tmp_path):
    token = exchange.sign_up("maker-1", PASSWORD)
    with resident_on(exchange, tmp_path / "market", {"LOG_LEVEL": "error"}) as resident:
        until(lambda: trades(exchange, token) > 0, LIMIT_S, "trades")

        assert resident.names()["maker-1"].startswith("maker-1-")
        assert resident.connect("maker-1").request("GET", "/v2/orders?status=open").json()
    assert exchange.connect(token).request("GET", "/v2/orders?status=all").json() == []


def test_it_survives_the_death_of_the_exchange_and_its_own(exchange, tmp_path):
    token = exchange.sign_up("onlooker")
    with resident_on(exchange, tmp_path / "market") as resident:
        until(lambda: trades(exchange, token) > 0, LIMIT_S, "trades")
        exchange.kill()
        exchange.close_connections()
        exchange.start()
        before = trades(exchange, token)
        until(lambda: trades(exchange, token) > before + 10, LIMIT_S, "trades after the exchange came back")

        resident.kill()
        names = resident.names()
        exchange.wait_until_settled()
        stale = {order["id"] for order in _open(resident.connect("maker-1"))}

    with resident_on(exchange, tmp_path / "market") as successor:
        before = trades(exchange, token)
        until(lambda: trades(exchange, token) > before + 10, LIMIT_S, "trades after a new start")
        assert successor.names() == names
        assert stale
        assert not stale & {order["id"] for order in _open(successor.connect("maker-1"))}


def test_it_does_as_it_is_told_when_it_asks_too_often(tmp_path):
    limited = {**SETTINGS, "RATE_LIMIT_PER_ACCOUNT": "2"}
    with (
        exchange_on(tmp_path / "data", limited) as exchange,
        resident_on(exchange, tmp_path / "market", {"MARKET_PACE": "100"}),
    ):
        token = exchange.sign_up("onlooker")
        until(lambda: _refused_as_too_many(exchange) > 5, LIMIT_S, "429s")
        before = _trades_slowly(exchange, token)
        until(lambda: _trades_slowly(exchange, token) > before + 10, LIMIT_S, "trades")


def test_without_an_exchange_it_waits_and_leaves_at_once(tmp_path):
    nobody = ExchangeProcess(tmp_path / "data")
    with resident_on(nobody, tmp_path / "market", {"LOG_LEVEL": "info"}) as resident:
        until(lambda: "exchange_away" in resident.words(), LIMIT_S, "its first attempt")

        status, took_s = resident.stop()

        assert (status, took_s < LEAVES_WITHIN_S) == (0, True)


def _open(connection):
    return connection.request("GET", "/v2/orders?status=open&limit=500").json()


def _refused_as_too_many(exchange):
    lines = exchange.connect().request("GET", "/metrics").body.decode().splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if 'status="429"' in line and "_total" in line)


def _trades_slowly(exchange, token):
    """Within the limit that holds for everybody."""
    connection = exchange.connect(token)
    answer = connection.request("GET", "/v2/stocks/trades/latest?symbols=AAPL,AMD,AMZN,GOOG,MSFT")
    while answer.status == 429:
        answer = connection.request("GET", "/v2/stocks/trades/latest?symbols=AAPL,AMD,AMZN,GOOG,MSFT")
    connection.close()
    return sum(trade["i"] for trade in answer.json()["trades"].values())
