"""Everything a trader can do, at random and by many at once: no server error, and the audit is clean afterwards."""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from loadtest.exchange_process import exchange_on
from loadtest.traffic import RestlessTrader

SETTINGS = {"STARTING_CASH": "20000", "STARTING_SHARES": "*:50", "DEMO_USERS": ""}
TRADERS = 6
ACTIONS = 250


def act_often(trader: RestlessTrader, statuses: Counter[int]) -> None:
    for _ in range(ACTIONS):
        statuses[trader.act().status] += 1


@pytest.mark.parametrize("self_trade", ["refuse", "cancel_newest"])
def test_after_random_traffic_of_every_kind_the_exchange_is_in_order(tmp_path: Path, self_trade: str) -> None:
    seed = int(os.environ.get("TRAFFIC_SEED", str(time.time_ns() % 1_000_000)))
    print(f"\nTRAFFIC_SEED={seed}")
    with exchange_on(tmp_path / "data", {**SETTINGS, "SELF_TRADE": self_trade}) as exchange:
        tokens = [exchange.sign_up(f"trader-{number}") for number in range(TRADERS)]
        counts: list[Counter[int]] = [Counter() for _ in tokens]
        threads = [
            threading.Thread(
                target=act_often,
                args=(
                    RestlessTrader(
                        exchange.connect(token), str(number), random.Random(seed + number), ("AAPL", "MSFT")
                    ),
                    counts[number],
                ),
            )
            for number, token in enumerate(tokens)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        exchange.wait_until_settled()

        audit = exchange.audit()
        statuses: Counter[int] = sum(counts, Counter())
        reasons = _reasons(exchange.connect(tokens[0]).request("GET", "/v2/orders?status=all&limit=500").json())

    assert audit.returncode == 0, audit.stdout + audit.stderr
    assert statuses.total() == TRADERS * ACTIONS
    assert {status // 100 for status in statuses} <= {2, 4}, statuses
    assert statuses[200] > TRADERS * ACTIONS // 3
    assert "self_trade" in reasons, reasons


def _reasons(orders: list[dict[str, str]]) -> Counter[str]:
    return Counter(order["reason"] for order in orders if order["reason"])
