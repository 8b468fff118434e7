"""The resident market as a process of its own, on an exchange of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from loadtest.exchange_process import ExchangeProcess
from loadtest.http_client import Connection
from loadtest.own_process import ROOT

LEAVES_WITHIN_S = 2.0


class Resident:
    """`python -m market_feed.main trade`, and what its accounts' passwords let one see."""

    def __init__(self, exchange: ExchangeProcess, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self._exchange = exchange
        self.is_killed = False
        self._log = folder.with_suffix(".log")
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT / "services"),
            "EXCHANGE_URL": f"http://{exchange.host}:{exchange.port}",
            "MARKET_FOLDER": str(folder),
            "MARKET": "on",
            "MARKET_PACE": "20",
            "STOP_WITH_PARENT": "true",
            **(settings or {}),
        }
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "market_feed.main", "trade"], env=environment, stderr=log
            )

    def stop(self) -> tuple[int, float]:
        """SIGTERM; the exit status and the seconds it took."""
        started_s = time.monotonic()
        self.process.terminate()
        status = self.process.wait(timeout=30)
        return status, time.monotonic() - started_s

    def kill(self) -> None:
        """SIGKILL, as a crash would."""
        self.is_killed = True
        self.process.kill()
        self.process.wait()

    def names(self) -> dict[str, str]:
        """Role → name of its account."""
        entries = json.loads((self.folder / "accounts.json").read_text())
        return {role: entry["name"] for role, entry in entries.items()}

    def connect(self, role: str) -> Connection:
        """A connection in the name of one of its accounts."""
        form = json.loads((self.folder / "accounts.json").read_text())[role]
        answer = self._exchange.connect().request("POST", "/v2/auth/login", form)
        assert answer.status == 200, answer.body
        return self._exchange.connect(answer.json()["access_token"])

    def words(self) -> str:
        return self._log.read_text()


@contextmanager
def resident_on(
    exchange: ExchangeProcess, folder: Path, settings: Mapping[str, str] | None = None
) -> Iterator[Resident]:
    """A resident market for the length of a block."""
    resident = Resident(exchange, folder, settings)
    try:
        yield resident
        assert resident.is_killed or resident.process.poll() in (None, 0), resident.words()
    finally:
        resident.kill()


def until(happened: Callable[[], bool], limit_s: float, what: str) -> float:
    """Wait for something; the seconds that took."""
    started_s = time.monotonic()
    while not happened():
        assert time.monotonic() < started_s + limit_s, f"not within {limit_s:.0f} s: {what}"
        time.sleep(0.05)
    return time.monotonic() - started_s


def trades(exchange: ExchangeProcess, token: str) -> int:
    """How many trades the exchange has printed."""
    connection = exchange.connect(token)
    symbols = ",".join(each["symbol"] for each in connection.request("GET", "/v2/assets").json())
    latest = connection.request("GET", f"/v2/stocks/trades/latest?symbols={symbols}").json()["trades"]
    connection.close()
    return sum(trade["i"] for trade in latest.values())
