"""`kill -9` in the middle of a flood: what was answered with a 2xx is there afterwards, and the audit is clean."""

from __future__ import annotations

import os
import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from loadtest.bench_run import random_order
from loadtest.exchange_process import ExchangeProcess

ROUNDS = int(os.environ.get("KILL_ROUNDS", "10"))
TRADERS = 4
SETTINGS = {
    "STARTING_CASH": "1000000000",
    "STARTING_SHARES": "*:1000000",
    "DEMO_USERS": "",
    "ACCESS_TOKEN_MINUTES": "600",
}


@dataclass
class Acknowledged:
    """Orders the exchange said yes to: client order id to order id, per trader's token."""

    orders: dict[str, dict[str, str]] = field(default_factory=dict)

    def count(self) -> int:
        return sum(len(orders) for orders in self.orders.values())


def trade_until_it_breaks(
    exchange: ExchangeProcess, token: str, prefix: str, seed: int, acknowledged: dict[str, str]
) -> None:
    source, number = random.Random(seed), 0
    try:
        connection = exchange.connect(token)
        while True:
            number += 1
            client_order_id = f"{prefix}-{number}"
            order = {**random_order(source), "client_order_id": client_order_id}
            response = connection.request("POST", "/v2/orders", order)
            if 200 <= response.status < 300:
                acknowledged[client_order_id] = response.json()["id"]
    except OSError:
        return


def flood_and_kill(exchange: ExchangeProcess, acknowledged: Acknowledged, round_number: int, seed: int) -> None:
    threads = [
        threading.Thread(
            target=trade_until_it_breaks,
            args=(exchange, token, f"{round_number}-{trader}", seed + trader, orders),
        )
        for trader, (token, orders) in enumerate(acknowledged.orders.items())
    ]
    for thread in threads:
        thread.start()
    time.sleep(random.Random(seed).uniform(0.5, 2.0))
    exchange.kill(with_worker=round_number % 2 == 1)
    for thread in threads:
        thread.join()
    exchange.close_connections()


def missing_orders(exchange: ExchangeProcess, expected: dict[str, dict[str, str]]) -> list[str]:
    missing = []
    for token, orders in expected.items():
        connection = exchange.connect(token)
        for client_order_id, order_id in orders.items():
            path = f"/v2/orders:by_client_order_id?client_order_id={client_order_id}"
            response = connection.request("GET", path)
            if response.status != 200 or response.json()["id"] != order_id:
                missing.append(client_order_id)
        connection.close()
    return missing


@pytest.mark.timeout(900)
def test_an_exchange_killed_in_the_middle_of_a_flood_keeps_every_order_it_said_yes_to(tmp_path: Path) -> None:
    seed = int(os.environ.get("KILL_SEED", str(time.time_ns() % 1_000_000)))
    print(f"\nKILL_SEED={seed} KILL_ROUNDS={ROUNDS}")
    exchange = ExchangeProcess(tmp_path / "data", SETTINGS)
    exchange.start()
    acknowledged = Acknowledged({exchange.sign_up(f"trader-{number}"): {} for number in range(TRADERS)})
    exchange.wait_until_settled()

    for round_number in range(ROUNDS):
        before = {token: set(orders) for token, orders in acknowledged.orders.items()}
        flood_and_kill(exchange, acknowledged, round_number, seed + 100 * round_number)
        took_s = exchange.start()
        exchange.wait_until_settled()

        new = {token: _without(orders, before[token]) for token, orders in acknowledged.orders.items()}
        assert any(new.values()), "the flood placed no order: the round proved nothing"
        assert missing_orders(exchange, new) == []
        audit = exchange.audit()
        assert audit.returncode == 0, audit.stdout + audit.stderr
        print(f"round {round_number}: {acknowledged.count()} orders acknowledged and found, restart {took_s:.1f} s")

    assert missing_orders(exchange, acknowledged.orders) == []
    assert exchange.stop() == 0


def _without(orders: dict[str, str], earlier: set[str]) -> dict[str, str]:
    return {key: order_id for key, order_id in orders.items() if key not in earlier}
