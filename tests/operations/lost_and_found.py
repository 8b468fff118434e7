"""What the stories of loss and return share: `make backup`, `make restore`, and what people see of an exchange."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from loadtest.chaos import all_orders
from loadtest.own_process import OwnProcess

SYMBOLS = ("AAPL", "AMZN", "GOOG", "INTC", "MSFT")


def backup(word: str, folder: Path, process: OwnProcess) -> subprocess.CompletedProcess[str]:
    """`make backup` or `make restore` of an exchange, as the Makefile calls them."""
    return subprocess.run(
        [sys.executable, "-m", "standalone.backup", word, str(folder)],
        env=process.environment(),
        text=True,
        capture_output=True,
        check=False,
        timeout=120,
    )


def done(finished: subprocess.CompletedProcess[str]) -> str:
    """What was said by something that went well."""
    assert finished.returncode == 0, finished.stdout + finished.stderr
    print(f"\n{finished.stdout}", end="")
    return finished.stdout


def picture(exchange: OwnProcess, tokens: list[str]) -> dict[str, Any]:
    """What people see: every book and tape, and each account's portfolio, orders and activities."""
    pages = [f"/v2/stocks/{symbol}/{page}" for symbol in SYMBOLS for page in ("orderbook?levels=50", "trades")]
    seen = {page: get(exchange, tokens[0], page) for page in pages}
    for number, token in enumerate(tokens):
        account = get(exchange, token, "/v2/account")
        positions = get(exchange, token, "/v2/positions")
        seen[f"account {number}"] = (account["cash"], account["cash_held"])
        seen[f"positions {number}"] = [(held["symbol"], held["qty"], held["qty_available"]) for held in positions]
        seen[f"orders {number}"] = list(all_orders(exchange, token))
        seen[f"activities {number}"] = get(exchange, token, "/v2/account/activities")
    return seen


def get(exchange: OwnProcess, token: str, path: str) -> Any:
    answer = exchange.connect(token).request("GET", path)
    assert answer.status == 200, answer.body
    return answer.json()


def trade(exchange: OwnProcess, tokens: list[str]) -> str:
    """The first sells a share at any price, the second buys one at any price: the status of the second order."""
    for token, side, price in zip(tokens, ("sell", "buy"), ("1", "999"), strict=False):
        order = {
            "symbol": "TSLA",
            "qty": "1",
            "side": side,
            "type": "limit",
            "limit_price": price,
            "time_in_force": "day",
        }
        answer = exchange.connect(token).request("POST", "/v2/orders", order, prefer="wait=20")
        assert answer.status == 200, answer.body
    return str(answer.json()["status"])


def differing(report: str) -> set[str]:
    """The invariants that an audit found broken."""
    wrong = (line.removeprefix("WRONG ") for line in report.splitlines() if line.startswith("WRONG "))
    return {line.rpartition(" (")[0] for line in wrong}
