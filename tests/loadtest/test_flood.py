"""Locust's flood is answered without a failure, leaves a clean exchange, and fails where it should."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from loadtest.exchange_process import ExchangeProcess, exchange_on
from standalone.servers.process import free_port

pytestmark = pytest.mark.timeout(180)

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExchangeProcess]:
    with exchange_on(tmp_path_factory.mktemp("flood") / "data", {"MARKET": "on"}) as running:
        yield running


def url_of(exchange: ExchangeProcess) -> str:
    return f"http://{exchange.host}:{exchange.port}"


def flood(url: str, *words: str) -> subprocess.Popen[str]:
    """What `make flood` runs, with ten people and Locust's figures as JSON."""
    command = ["-m", "locust", "--config", "loadtest/locust.conf", "--host", url, "--users", "10", "--json"]
    return subprocess.Popen(
        [sys.executable, *command, *words],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT / 'services'}:{ROOT}", "HOME": "/nonexistent"},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def counted(running: subprocess.Popen[str]) -> list[dict[str, Any]]:
    """Wait for its end; what was counted, request by request."""
    figures, words = running.communicate(timeout=100)
    print(f"\nstatus {running.returncode}\n{words}")
    read: list[dict[str, Any]] = json.loads(figures)
    return read


def test_a_flood_of_ten_people_fails_nowhere_and_leaves_the_exchange_clean(exchange: ExchangeProcess) -> None:
    running = flood(url_of(exchange), "--run-time", "10s")
    figures = counted(running)
    exchange.wait_until_settled()
    audit = exchange.audit()

    requests = {(each["method"], each["name"]): each["num_requests"] for each in figures}
    print(f"{sum(requests.values())} requests: {requests}")
    assert (running.returncode, [each for each in figures if each["num_failures"]]) == (0, [])
    assert requests["POST", "/v2/auth/signup"] == 10
    assert requests["POST", "/v2/orders"] > 10
    assert requests["DELETE", "/v2/orders/[id]"] > 0
    assert audit.returncode == 0, audit.stdout + audit.stderr


def test_a_flood_that_is_told_to_stop_takes_its_orders_back_and_counts(
    exchange: ExchangeProcess, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    running = flood(url_of(exchange), "--run-time", "15m", "--logfile", str(log))
    while not log.exists() or log.read_text().count("begins to trade") < 10:
        assert running.poll() is None
        time.sleep(0.1)

    running.send_signal(signal.SIGTERM)
    figures = counted(running)

    requests = {(each["method"], each["name"]): each["num_requests"] for each in figures}
    assert (running.returncode, [each for each in figures if each["num_failures"]]) == (0, [])
    assert requests["DELETE", "/v2/orders"] == 10


def test_a_flood_that_nobody_answers_is_a_failure() -> None:
    running = flood(f"http://127.0.0.1:{free_port()}", "--run-time", "3s")

    figures = counted(running)

    assert running.returncode == 1
    assert [each["name"] for each in figures if each["num_failures"]] == ["/v2/auth/signup (another try)"]
