"""`make run` as a person meets it: starts, stops, and says in one sentence why it cannot start."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from loadtest.exchange_process import ExchangeProcess
from loadtest.own_process import ROOT
from standalone.servers.process import free_port
from tests.standalone.processes import worker_of

pytestmark = pytest.mark.timeout(180)


def start_in_vain(folder: Path, **settings: str) -> str:
    """Start an exchange that cannot; what it says on standard error."""
    run = subprocess.run(
        [sys.executable, "-m", "standalone"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "services"), "PORT": str(free_port()), "DATA": str(folder)}
        | {"MARKET": "off", **settings},
        text=True,
        capture_output=True,
        check=False,
        timeout=90,
    )
    assert run.returncode == 1, run.stdout + run.stderr
    return run.stderr


def assert_one_sentence(said: str, *words: str) -> None:
    assert said.count("\n") == 1, said
    assert "Traceback" not in said
    assert all(word in said for word in words), said


@contextmanager
def started_by_make(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], ExchangeProcess]]:
    """The command of the Makefile's recipe, below a parent of its own as make is."""
    exchange = ExchangeProcess(folder)
    command = f"{sys.executable} -m standalone & wait"
    environment = {**exchange.environment(), "STOP_WITH_PARENT": "1"}
    parent = subprocess.Popen(["sh", "-c", command], env=environment, start_new_session=True)
    try:
        exchange.wait_until_ready()
        yield parent, exchange
    finally:
        with suppress(ProcessLookupError):
            os.killpg(parent.pid, signal.SIGKILL)
        parent.wait()


def test_it_starts_again_on_its_data_and_stops_cleanly_when_told(tmp_path: Path) -> None:
    exchange = ExchangeProcess(tmp_path / "data")
    exchange.start()
    token = exchange.sign_up("somebody")
    assert exchange.stop() == 0

    exchange.start()
    assert exchange.connect(token).request("GET", "/v2/auth/me").json()["name"] == "somebody"
    assert exchange.stop() == 0


def test_ctrl_c_stops_it_cleanly(tmp_path: Path) -> None:
    exchange = ExchangeProcess(tmp_path / "data")
    exchange.start()

    os.killpg(exchange.process.pid, signal.SIGINT)

    assert exchange.process.wait(30) == 0
    assert "Traceback" not in exchange.log.read_text()


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_told_to_stop_while_it_starts_it_leaves_no_postgresql_behind(tmp_path: Path, told: signal.Signals) -> None:
    exchange = ExchangeProcess(tmp_path / "data")
    with exchange.log.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "standalone"], env=exchange.environment(), stdout=log, stderr=log
        )
    pid_file = tmp_path / "data" / "cluster" / "postmaster.pid"
    while not pid_file.exists():
        assert process.poll() is None, exchange.log.read_text()
        time.sleep(0.005)

    process.send_signal(told)

    assert process.wait(30) == 128 + told
    assert not pid_file.exists()
    assert "Traceback" not in exchange.log.read_text()


def test_an_exchange_whose_make_is_killed_goes_too_and_the_next_one_starts(tmp_path: Path) -> None:
    with started_by_make(tmp_path / "data") as (parent, first):
        parent.kill()
        parent.wait()

        successor = ExchangeProcess(tmp_path / "data", port=first.port)
        successor.start()
        assert successor.stop() == 0


def test_a_port_that_is_taken_gets_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])

        said = start_in_vain(tmp_path / "data", PORT=port)

    assert_one_sentence(said, port, "PORT=")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "99999"),
        ("LOG_LEVEL", "loud"),
        ("STARTING_CASH", "much"),
        ("STARTING_SHARES", "AAPL"),
        ("STARTING_CASH", "461168601842738"),
        ("STARTING_SHARES", "*:1000000000"),
        ("INSTRUMENTS", "AAPL"),
        ("SELF_TRADE", "sometimes"),
        ("DAY_ENDS_UTC", "noon"),
        ("OPERATOR_NAME", "!"),
        ("MOST_REQUESTS_AT_ONCE", "many"),
        ("LIVE_CONNECTIONS", "lots"),
        ("MARKET", "maybe"),
        ("MARKET_PACE", "0"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(tmp_path: Path, setting: str, value: str) -> None:
    assert_one_sentence(start_in_vain(tmp_path / "data", **{setting: value}), value if setting == "PORT" else setting)


def test_a_data_folder_that_is_something_else_gets_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    (tmp_path / "broken" / "cluster").mkdir(parents=True)
    (tmp_path / "broken" / "cluster" / "letter.txt").write_text("not a database")

    assert_one_sentence(start_in_vain(tmp_path / "file"), "file")
    assert_one_sentence(start_in_vain(tmp_path / "broken"), "broken")


def test_a_worker_that_crashes_is_replaced(tmp_path: Path) -> None:
    exchange = ExchangeProcess(tmp_path / "data")
    exchange.start()
    token = exchange.sign_up("survivor")
    worker = worker_of(exchange.process.pid)

    os.kill(worker, signal.SIGKILL)
    deadline_s = time.monotonic() + 30
    while worker_of(exchange.process.pid) in (worker, 0):
        assert time.monotonic() < deadline_s, "no new worker"
        time.sleep(0.05)
    exchange.wait_until_ready()

    assert exchange.connect(token).request("GET", "/v2/account").status == 200
    assert exchange.stop() == 0
