"""What the benchmarks share: a flood from many accounts, and the line that tells what came of it."""

from __future__ import annotations

import random
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from loadtest.http_client import Connection
from loadtest.traffic import SYMBOLS, random_order

Send = Callable[[Connection, random.Random, "Flood"], None]


class Exchange(Protocol):
    """What is measured."""

    def connect(self, token: str = "", timeout_s: float = 60.0) -> Connection: ...

    def wait_until_settled(self, limit_s: float = 120.0) -> float: ...


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


def flood(exchange: Exchange, tokens: list[str], seconds: float, send: Send) -> Flood:
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


def send_single(connection: Connection, source: random.Random, result: Flood) -> None:
    started_s = time.perf_counter()
    response = connection.request("POST", "/v2/orders", random_order(source))
    accepted = response.status == 200
    result.note(int(accepted), int(not accepted), (time.perf_counter() - started_s) * 1_000)


def send_mixed(connection: Connection, source: random.Random, result: Flood) -> None:
    """One order and three looks, as a person has it: what the book is, what the price is, what is left."""
    send_single(connection, source, result)
    symbol = source.choice(SYMBOLS)
    for path in (f"/v2/stocks/{symbol}/orderbook", f"/v2/stocks/{symbol}/quotes/latest", "/v2/account"):
        started_s = time.perf_counter()
        answered = connection.request("GET", path).status == 200
        result.note(int(answered), int(not answered), (time.perf_counter() - started_s) * 1_000)


def batch_sender(size: int) -> Send:
    def send_batch(connection: Connection, source: random.Random, result: Flood) -> None:
        started_s = time.perf_counter()
        orders = [random_order(source) for _ in range(size)]
        response = connection.request("POST", "/v2/orders:batch", {"orders": orders})
        answers = response.json()["orders"] if response.status == 200 else []
        accepted = sum(answer["status"] == 200 for answer in answers)
        result.note(accepted, size - accepted, (time.perf_counter() - started_s) * 1_000)

    return send_batch


def report(name: str, result: Flood, sent_s: float, settled_s: float) -> None:
    """Print one phase's line; the rate counts the time until the last order was settled."""
    rate = result.orders / (sent_s + settled_s)
    latencies = sorted(result.latencies_ms)
    p99 = latencies[int(len(latencies) * 0.99)] if latencies else float("nan")
    print(
        f"{name}_orders_per_s={rate:.0f} orders={result.orders} refused={result.refused} sent_s={sent_s:.1f} "
        f"settled_after_s={settled_s:.2f} answer_ms_p50={statistics.median(latencies):.1f} answer_ms_p99={p99:.1f}",
        flush=True,
    )


def measure(exchange: Exchange, tokens: list[str], name: str, seconds: float, send: Send) -> None:
    """Flood for so many seconds, wait until all of it is settled, print what came of it."""
    started_s = time.monotonic()
    result = flood(exchange, tokens, seconds, send)
    sent_s = time.monotonic() - started_s
    settled_s = exchange.wait_until_settled()
    report(name, result, sent_s, settled_s)
