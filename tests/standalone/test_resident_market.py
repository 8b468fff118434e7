"""The market that lives in an exchange: it comes by itself, comes back when it dies, and goes with its exchange."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from loadtest.exchange_process import ExchangeProcess, exchange_on
from loadtest.own_process import ROOT
from tests.standalone.processes import market_of

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for the market's process in /proc"),
]

LIMIT_S = 90.0
BUSY = ("AAPL", "AMZN", "MSFT", "NVDA", "TSLA")


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExchangeProcess]:
    """An exchange that is not empty."""
    with exchange_on(tmp_path_factory.mktemp("alive") / "data", {"MARKET": "on"}, limited=True) as running:
        yield running


def wait_until(happened: Callable[[], object], limit_s: float = LIMIT_S) -> float:
    """The seconds it took."""
    started_s = time.monotonic()
    while not happened():
        assert time.monotonic() - started_s < limit_s, "it did not happen"
        time.sleep(0.05)
    return time.monotonic() - started_s


def trades(exchange: ExchangeProcess, token: str) -> int:
    """Symbols that have traded."""
    answer = exchange.connect(token).request("GET", f"/v2/stocks/trades?symbols={','.join(BUSY)}&limit=1000")
    assert answer.status == 200, answer.body
    return sum(bool(prints) for prints in answer.json()["trades"].values())


def test_a_fresh_exchange_trades_by_itself_within_seconds(exchange: ExchangeProcess) -> None:
    token = exchange.sign_up("newcomer")

    took_s = wait_until(lambda: trades(exchange, token))

    print(f"\nthe first trade came {took_s:.1f} s after the exchange was ready")
    assert "resident market  on" in exchange.log.read_text()


def test_the_readmes_story_goes_as_told(exchange: ExchangeProcess) -> None:
    token = exchange.sign_up("early-bird")
    wait_until(lambda: has_offers(exchange, token))

    bought, offered, book, open_orders, position = in_a_shell(exchange, *story())

    assert (bought["status"], bought["filled_qty"]) == ("filled", "10")
    assert (offered["status"], offered["filled_qty"]) == ("new", "0")
    assert book["bids"]
    assert book["asks"]
    assert [order["id"] for order in open_orders] == [offered["id"]]
    assert (position["qty"], position["qty_available"]) == ("110", "100")


def story() -> list[str]:
    """The blocks that README's section "Trade with curl" has people paste into a shell."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(
        r"^```sh\n(.*?)^```$", readme.split("## Trade with curl")[1].split("\n## ")[0], re.MULTILINE | re.DOTALL
    )
    assert len(blocks) == 4
    return blocks


def in_a_shell(exchange: ExchangeProcess, *blocks: str) -> list[Any]:
    """What one shell was answered that all of them were pasted into, one after the other."""
    text = "set -euo pipefail\n" + "\n".join(blocks).replace("localhost:8080", f"{exchange.host}:{exchange.port}")
    shell = subprocess.run(["bash"], input=text, text=True, capture_output=True, check=False, timeout=60)
    assert shell.returncode == 0, shell.stdout + shell.stderr
    answers, rest = [], shell.stdout
    while rest := rest.strip():
        answer, end = json.JSONDecoder().raw_decode(rest)
        answers.append(answer)
        rest = rest[end:]
    return answers


def has_offers(exchange: ExchangeProcess, token: str) -> bool:
    quote = exchange.connect(token).request("GET", "/v2/stocks/AAPL/quotes/latest").json()["quote"]
    return bool(quote and quote["ap"] and quote["bp"])


def test_a_market_that_dies_comes_back(exchange: ExchangeProcess) -> None:
    wait_until(lambda: market_of(exchange.folder))
    first = market_of(exchange.folder)

    os.kill(first, signal.SIGKILL)

    wait_until(lambda: market_of(exchange.folder) not in (0, first))


def test_the_audit_finds_a_moment_to_look_although_the_market_goes_on(exchange: ExchangeProcess) -> None:
    wait_until(lambda: market_of(exchange.folder))

    started_s = time.monotonic()
    audit = exchange.audit()

    print(f"\naudited a living market in {time.monotonic() - started_s:.1f} s")
    assert audit.returncode == 0, audit.stdout + audit.stderr


def test_a_killed_exchange_takes_its_market_along(exchange: ExchangeProcess) -> None:
    wait_until(lambda: market_of(exchange.folder))

    exchange.kill()

    wait_until(lambda: not market_of(exchange.folder))
    exchange.close_connections()
    exchange.start()


def test_a_stopped_exchange_is_soon_gone_and_its_market_with_it(exchange: ExchangeProcess) -> None:
    wait_until(lambda: market_of(exchange.folder))
    started_s = time.monotonic()

    status = exchange.stop()

    print(f"\nstopped with a living market in {time.monotonic() - started_s:.1f} s")
    assert (status, market_of(exchange.folder)) == (0, 0)
    assert "Traceback" not in exchange.log.read_text()


def test_switched_off_there_is_no_market(tmp_path: Path) -> None:
    with exchange_on(tmp_path / "data", {"MARKET": "off"}) as exchange:
        assert market_of(exchange.folder) == 0
        assert "resident market  off" in exchange.log.read_text()


MADE_BEFORE_A_FORK = """
import os, sys
from standalone.market import ResidentMarket
market = ResidentMarket({"PATH": os.defpath})
if os.fork():
    sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))
market.start()
market.leave()
"""


def test_a_market_made_before_the_fork_starts_in_the_worker() -> None:
    """Python 3.13.0 starts no thread that was made before a fork; later ones do."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "services")}

    subprocess.run([sys.executable, "-c", MADE_BEFORE_A_FORK], env=environment, check=True, timeout=60)
