"""`kill -9` in the middle of a flood: what was answered with a 2xx is there afterwards, and the audit is clean."""

from __future__ import annotations

import os
import random
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from loadtest.exchange_process import ExchangeProcess
from loadtest.traffic import RestlessTrader

ROUNDS = int(os.environ.get("KILL_ROUNDS", "10"))
TRADERS = 4
SETTINGS = {
    "STARTING_CASH": "1000000000",
    "STARTING_SHARES": "*:1000000",
    "DEMO_USERS": "",
    "ACCESS_TOKEN_MINUTES": "600",
}


def trade_until_it_breaks(trader: RestlessTrader) -> None:
    with suppress(OSError):
        while True:
            trader.act()


def flood_and_kill(exchange: ExchangeProcess, traders: list[RestlessTrader], source: random.Random) -> None:
    threads = [threading.Thread(target=trade_until_it_breaks, args=(trader,)) for trader in traders]
    for thread in threads:
        thread.start()
    time.sleep(source.uniform(0.5, 2.0))
    if source.random() < 0.5:
        exchange.kill()
    else:
        exchange.kill_alone()
    for thread in threads:
        thread.join()
    exchange.close_connections()


def missing_orders(exchange: ExchangeProcess, traders: list[RestlessTrader], tokens: list[str]) -> list[str]:
    """Client order ids that were acknowledged and are not there, or are there as another order."""
    missing = []
    for trader, token in zip(traders, tokens, strict=True):
        connection = exchange.connect(token)
        for client_order_id, order_id in trader.acknowledged.items():
            path = f"/v2/orders:by_client_order_id?client_order_id={client_order_id}"
            response = connection.request("GET", path)
            if response.status != 200 or response.json()["id"] != order_id:
                missing.append(client_order_id)
    return missing


@pytest.mark.timeout(900)
def test_an_exchange_killed_in_the_middle_of_a_flood_keeps_every_order_it_said_yes_to(tmp_path: Path) -> None:
    seed = int(os.environ.get("KILL_SEED", str(time.time_ns() % 1_000_000)))
    print(f"\nKILL_SEED={seed} KILL_ROUNDS={ROUNDS}")
    source = random.Random(seed)
    exchange = ExchangeProcess(tmp_path / "data", SETTINGS)
    exchange.start()
    tokens = [exchange.sign_up(f"trader-{number}") for number in range(TRADERS)]
    exchange.wait_until_settled()

    for round_number in range(ROUNDS):
        traders = [
            RestlessTrader(exchange.connect(token), f"{round_number}-{number}", random.Random(source.random()))
            for number, token in enumerate(tokens)
        ]
        flood_and_kill(exchange, traders, source)
        took_s = exchange.start()
        exchange.wait_until_settled()

        acknowledged = sum(len(trader.acknowledged) for trader in traders)
        assert acknowledged > 0, "the flood placed no order: the round proved nothing"
        assert missing_orders(exchange, traders, tokens) == []
        audit = exchange.audit()
        assert audit.returncode == 0, audit.stdout + audit.stderr
        print(f"round {round_number}: {acknowledged} orders acknowledged and found, restart {took_s:.1f} s")

    assert exchange.stop() == 0
