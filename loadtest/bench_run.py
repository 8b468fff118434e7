"""`make bench-run`: how many orders a second `make run` takes, settled end to end and audited."""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from loadtest.exchange_process import ExchangeProcess, exchange_on
from loadtest.traffic import random_order

ACCOUNTS = 32


@dataclass(slots=True)
class Flood:
    """What one flood sent and what came back."""

    orders: int = 0
    refused: int = 0
    latencies_ms: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, orders: int, refused: int, latency_ms: float) -> None:
        with self.lock:
            self.orders += orders
            self.refused += refused
            self.latencies_ms.append(latency_ms)


def flood(
    exchange: ExchangeProcess, tokens: list[str], seconds: float, send: Callable[[Any, random.Random, Flood], None]
) -> Flood:
    """Let one thread an account send as fast as it is answered, for so many seconds."""
    result = Flood()
    until_s = time.monotonic() + seconds

    def trade(number: int, token: str) -> None:
        connection, source = exchange.connect(token), random.Random(number)
        while time.monotonic() < until_s:
            send(connection, source, result)
        connection.close()

    threads = [threading.Thread(target=trade, args=(number, token)) for number, token in enumerate(tokens)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return result


def send_single(connection: Any, source: random.Random, result: Flood) -> None:
    started_s = time.perf_counter()
    response = connection.request("POST", "/v2/orders", random_order(source))
    accepted = response.status == 200
    result.note(int(accepted), int(not accepted), (time.perf_counter() - started_s) * 1_000)


def batch_sender(size: int) -> Callable[[Any, random.Random, Flood], None]:
    def send_batch(connection: Any, source: random.Random, result: Flood) -> None:
        started_s = time.perf_counter()
        orders = [random_order(source) for _ in range(size)]
        response = connection.request("POST", "/v2/orders:batch", {"orders": orders})
        answers = response.json()["orders"] if response.status == 200 else []
        accepted = sum(answer["status"] == 200 for answer in answers)
        result.note(accepted, size - accepted, (time.perf_counter() - started_s) * 1_000)

    return send_batch


def report(name: str, result: Flood, sent_s: float, settled_s: float, cpu_s: float) -> float:
    """Print one phase's line; the rate counts the time until the last order was settled."""
    rate = result.orders / (sent_s + settled_s)
    latencies = sorted(result.latencies_ms)
    p99 = latencies[int(len(latencies) * 0.99)] if latencies else float("nan")
    print(
        f"{name}_orders_per_s={rate:.0f} orders={result.orders} refused={result.refused} sent_s={sent_s:.1f} "
        f"settled_after_s={settled_s:.2f} answer_ms_p50={statistics.median(latencies):.1f} answer_ms_p99={p99:.1f} "
        f"exchange_cpu_s={cpu_s:.1f}",
        flush=True,
    )
    return rate


def cpu_seconds(exchange: ExchangeProcess) -> float:
    """CPU seconds of the exchange's own processes so far (not of its PostgreSQL)."""
    ticks = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if exchange.process.pid in (int(folder.name), int(fields[1])):
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def measure(exchange: ExchangeProcess, tokens: list[str], name: str, seconds: float, send: Any) -> float:
    cpu_before_s, started_s = cpu_seconds(exchange), time.monotonic()
    result = flood(exchange, tokens, seconds, send)
    sent_s = time.monotonic() - started_s
    settled_s = exchange.wait_until_settled()
    return report(name, result, sent_s, settled_s, cpu_seconds(exchange) - cpu_before_s)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="length of each phase")
    parser.add_argument("--batch", type=int, default=500, help="orders in one batch request")
    arguments = parser.parse_args()
    settings = {"STARTING_CASH": "1000000000", "STARTING_SHARES": "*:1000000"}
    with tempfile.TemporaryDirectory() as folder, exchange_on(Path(folder) / "data", settings) as exchange:
        print(f"signing up {ACCOUNTS} accounts", flush=True)
        tokens = [exchange.sign_up(f"trader-{number}") for number in range(ACCOUNTS)]
        exchange.wait_until_settled()
        measure(exchange, tokens, "single", arguments.seconds, send_single)
        measure(exchange, tokens[:4], "batch", arguments.seconds, batch_sender(arguments.batch))
        audit = exchange.audit()
        print(audit.stdout + audit.stderr, end="")
        print(f"audit={'clean' if audit.returncode == 0 else 'FAILED'}")
    return audit.returncode


if __name__ == "__main__":
    sys.exit(main())
