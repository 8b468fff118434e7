"""PostgreSQL dies below a running exchange: it is there again within seconds, or the exchange ends in one sentence."""

from __future__ import annotations

import os
import shutil
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from loadtest.exchange_process import ExchangeProcess, exchange_on
from loadtest.http_client import Connection, Response
from tests.standalone.disks import fill, small_disk
from tests.standalone.processes import worker_of

AGAIN_LIMIT_S = 60.0
"""Usually one or two; a busy machine must not fail here."""

SETTINGS = {"DEMO_USERS": "", "STARTING_CASH": "100000000", "STARTING_SHARES": "*:1000", "ACCESS_TOKEN_MINUTES": "600"}
ORDER = {"symbol": "AAPL", "qty": "1", "side": "buy", "type": "limit", "time_in_force": "gtc", "limit_price": "90.00"}

pytestmark = pytest.mark.timeout(240)


def postmaster_of(exchange: ExchangeProcess) -> int:
    return int((exchange.folder / "cluster" / "postmaster.pid").read_text().split()[0])


def kill_postgresql(exchange: ExchangeProcess) -> None:
    """Kill it and wait until another one has come: what it leaves behind answers for a moment."""
    killed = postmaster_of(exchange)
    os.kill(killed, signal.SIGKILL)
    deadline_s = time.monotonic() + AGAIN_LIMIT_S
    while True:
        with suppress(OSError, IndexError):
            if postmaster_of(exchange) != killed:
                return
        assert time.monotonic() < deadline_s, exchange.log.read_text()[-2000:]
        time.sleep(0.02)


def try_order(exchange: ExchangeProcess, token: str, number: str) -> Response | None:
    """The answer, and nothing where the line broke: the worker itself may just be replaced."""
    with suppress(OSError):
        return exchange.connect(token).request("POST", "/v2/orders", {**ORDER, "client_order_id": number})
    return None


def order_when_possible(exchange: ExchangeProcess, token: str, number: str) -> str:
    """Ask until an order is accepted; its id."""
    deadline_s = time.monotonic() + AGAIN_LIMIT_S
    while True:
        answer = try_order(exchange, token, number)
        if answer is not None and answer.status == 200:
            return str(answer.json()["id"])
        assert answer is None or answer.status == 503, answer.body
        assert time.monotonic() < deadline_s, exchange.log.read_text()[-2000:]
        time.sleep(0.1)


def is_there(connection: Connection, order_id: str) -> bool:
    return connection.request("GET", f"/v2/orders/{order_id}").status == 200


def assert_whole(exchange: ExchangeProcess, token: str, accepted: list[str]) -> None:
    exchange.wait_until_settled()
    connection = exchange.connect(token)
    assert [order_id for order_id in accepted if not is_there(connection, order_id)] == []
    audit = exchange.audit()
    assert audit.returncode == 0, audit.stdout + audit.stderr


def test_a_killed_postgresql_is_started_again_and_nothing_accepted_is_lost(tmp_path: Path) -> None:
    with exchange_on(tmp_path / "data", SETTINGS) as exchange:
        token = exchange.sign_up("somebody")
        accepted = [order_when_possible(exchange, token, "before")]

        for again in range(3):
            kill_postgresql(exchange)
            accepted.append(order_when_possible(exchange, token, f"after {again}"))

        assert_whole(exchange, token, accepted)
        assert exchange.stop() == 0


def test_a_worker_that_dies_with_postgresql_is_replaced_when_that_is_back(tmp_path: Path) -> None:
    """As when the kernel is out of memory and kills both."""
    with exchange_on(tmp_path / "data", SETTINGS) as exchange:
        token = exchange.sign_up("somebody")
        accepted = [order_when_possible(exchange, token, "before")]

        os.kill(worker_of(exchange.process.pid), signal.SIGKILL)
        kill_postgresql(exchange)

        accepted.append(order_when_possible(exchange, token, "after"))
        assert_whole(exchange, token, accepted)


def test_an_exchange_whose_data_is_gone_ends_in_one_sentence_and_makes_no_empty_one(tmp_path: Path) -> None:
    exchange = ExchangeProcess(tmp_path / "data", SETTINGS)
    exchange.start()
    postmaster = postmaster_of(exchange)
    shutil.move(tmp_path / "data" / "cluster", tmp_path / "elsewhere")

    with suppress(ProcessLookupError):  # it may have noticed by itself
        os.kill(postmaster, signal.SIGKILL)

    assert exchange.process.wait(AGAIN_LIMIT_S) == 1
    said = exchange.log.read_text().splitlines()[-1]
    assert said.startswith("The exchange has stopped. Its data is gone: ")
    assert "Traceback" not in exchange.log.read_text()
    assert not (tmp_path / "data" / "cluster").exists()


def test_a_full_disk_that_gets_room_again_is_traded_on(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 192) as disk, exchange_on(disk / "data", SETTINGS) as exchange:
        token = exchange.sign_up("somebody")
        accepted = [order_when_possible(exchange, token, "before")]
        make_room = fill(disk)

        os.kill(postmaster_of(exchange), signal.SIGKILL)  # it would give up by itself at its next checkpoint
        refused = []
        for number in range(40):
            time.sleep(0.1)
            refused.append(try_order(exchange, token, f"full {number}"))
        accepted += [str(answer.json()["id"]) for answer in refused if answer is not None and answer.status == 200]
        assert {answer.status for answer in refused if answer is not None} <= {200, 503}
        make_room()

        accepted.append(order_when_possible(exchange, token, "after"))
        assert_whole(exchange, token, accepted)
        assert "Traceback" not in exchange.log.read_text()
