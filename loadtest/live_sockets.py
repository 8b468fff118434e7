"""`make live-sockets`: many sockets on one live gateway, how late they hear, and what that costs in memory and CPU."""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any
from urllib.request import urlopen

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chassis.bus import Message, shard_of
from chassis.codec import encode_facts
from chassis.identity import TOKEN_ALGORITHM, TOKEN_ISSUER
from chassis.metrics import Metrics
from chassis.rabbit_bus import RabbitBus
from chassis.redis_cache import RedisCache
from contracts.facts import BookChanged, Level
from contracts.ids import uuid7
from contracts.names import session_entry
from contracts.orders import Side
from contracts.streams import Stream
from loadtest.cpu import cpu_seconds
from loadtest.live_client import LiveClient, now_us
from standalone.servers.process import free_port
from standalone.servers.rabbitmq import BrokerPlace, RabbitMQ
from standalone.servers.redis_server import RedisServer

SYMBOLS = [f"SYM{number}" for number in range(12)]
SLOW_THINKS_S = 2.0
_SERVICES = Path(__file__).resolve().parents[1] / "services"
_START_LIMIT_S = 30.0
_BETWEEN_CONNECTS_S = 0.02


@dataclass(slots=True)
class Gateway:
    """One gateway process and what it lives on."""

    pid: int
    port: int
    bus: RabbitBus
    token: str


@dataclass(slots=True)
class Heard:
    """What all clients of one kind have heard; ages in seconds, of the oldest change in each update of a book."""

    updates: int = 0
    size_bytes: int = 0
    ages_s: list[float] = field(default_factory=list)

    def hear(self, update: dict[str, Any], size_bytes: int) -> None:
        self.updates += 1
        self.size_bytes += size_bytes
        for book in update.get("books", {}).values():
            oldest_us = min(level[2] for level in book["levels"])
            self.ages_s.append((now_us() - oldest_us - _Teller.began_us) / 1e6)

    def line(self, name: str, took_s: float) -> str:
        cuts = quantiles(self.ages_s, n=100) if len(self.ages_s) > 1 else [0.0] * 99
        return (
            f"  {name:<8} {self.updates / took_s:8.0f} updates/s  {self.size_bytes / took_s / 1e6:6.2f} MB/s"
            f"  oldest change {cuts[49] * 1e3:6.0f} ms median {cuts[98] * 1e3:6.0f} ms p99"
        )


class _Teller:
    """Tells one change of every symbol's book, so many times a second; a level's quantity is when it was told."""

    began_us = 0

    def __init__(self, bus: RabbitBus, per_second: int) -> None:
        self._bus, self._pause_s = bus, 1 / per_second
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.told = 0

    def __enter__(self) -> _Teller:
        _Teller.began_us = now_us()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._leaving.set()
        self._thread.join()

    def _run(self) -> None:
        due_s = time.monotonic()
        while not self._leaving.wait(max(due_s - time.monotonic(), 0.0)):
            due_s += self._pause_s
            self._bus.publish([self._change(symbol) for symbol in SYMBOLS])
            self.told += 1

    def _change(self, symbol: str) -> Message:
        at_us = now_us()
        levels = tuple(
            Level(side, 1_000_000 + sign * 100 * (self.told % 20 + 1), at_us - self.began_us + 1, 3)
            for side, sign in ((Side.BUY, -1), (Side.SELL, 1))
        )
        fact = BookChanged(
            symbol=symbol, levels=levels, previous_sequence=self.told, sequence=self.told + 1, at_us=at_us
        )
        return Message(uuid7(at_us // 1_000), Stream.MARKET, shard_of(symbol), encode_facts([fact]))


@contextmanager
def running_gateway(folder: Path) -> Iterator[Gateway]:
    """A gateway process on a broker and a cache of its own."""
    with ExitStack() as closing:
        for name in ("broker", "cache"):
            (folder / name).mkdir()
        place = BrokerPlace(free_port(), free_port(), free_port())
        broker, cache = RabbitMQ(folder / "broker", place, ["live"]), RedisServer(folder / "cache", free_port())
        closing.callback(broker.remove)
        broker.start()
        closing.callback(cache.kill)
        cache.start()
        key = Ed25519PrivateKey.generate()
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (folder / "public.pem").write_bytes(public)
        entries = RedisCache(cache.url, Metrics())
        closing.callback(entries.close)
        entries.set_many({session_entry("session"): "live"}, 3_600.0)
        bus = RabbitBus(place.url("live"))
        closing.callback(bus.close)
        port = free_port()
        process = _start(folder, place.url("live"), cache.url, port)
        closing.callback(process.wait)
        closing.callback(process.terminate)
        _wait_until_ready(port)
        yield Gateway(process.pid, port, bus, _token(key))


def _start(folder: Path, rabbitmq_url: str, redis_url: str, port: int) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(_SERVICES),
        "RABBITMQ_URL": rabbitmq_url,
        "REDIS_URL": redis_url,
        "PUBLIC_KEY_FILE": str(folder / "public.pem"),
        "PORT": str(port),
        "LIVE_CONNECTIONS_PER_ACCOUNT": "100000",
        "STOP_WITH_PARENT": "1",
    }
    return subprocess.Popen([sys.executable, "-m", "live_gateway.main", "web"], env=environment)


def _token(key: Ed25519PrivateKey) -> str:
    claims = {"iss": TOKEN_ISSUER, "sub": "audience", "name": "audience", "operator": False, "sid": "session"}
    return jwt.encode(claims | {"exp": int(time.time()) + 3_600}, key, algorithm=TOKEN_ALGORITHM)


def _wait_until_ready(port: int) -> None:
    deadline_s = time.monotonic() + _START_LIMIT_S
    while time.monotonic() < deadline_s:
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1.0):
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError("the gateway does not come up")


def memory_mb(pid: int) -> float:
    """Resident memory of a process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1_024 for line in lines if line.startswith("VmRSS"))


async def watch(gateway: Gateway, arguments: argparse.Namespace) -> int:
    """Connect everybody, tell for a while, and print what they heard; the number of clients that were lost."""
    heard = {"quick": Heard(), "slow": Heard()}
    clients = []
    for number in range(arguments.sockets):
        is_slow = number < arguments.sockets * arguments.slow_share
        wish = {"prices": SYMBOLS, "markets": [SYMBOLS[number % len(SYMBOLS)]]}
        hear = heard["slow" if is_slow else "quick"].hear
        clients.append(LiveClient(gateway.port, gateway.token, wish, hear, SLOW_THINKS_S if is_slow else 0.0))
    tasks = []
    for client in clients:  # one after the other, as clients that come back wait a random time
        tasks.append(asyncio.create_task(client.run()))
        await asyncio.sleep(_BETWEEN_CONNECTS_S)
    await asyncio.wait_for(asyncio.gather(*(client.is_subscribed.wait() for client in clients)), 60.0)
    print(f"{arguments.sockets} sockets, {arguments.slow_share:.0%} of them slow", flush=True)
    print(f"  gateway RSS at start {memory_mb(gateway.pid):7.1f} MB", flush=True)
    cpu_s, started_s = cpu_seconds({"gateway": gateway.pid})["gateway"], time.monotonic()
    with _Teller(gateway.bus, arguments.changes) as teller:
        for half in (1, 2):
            await asyncio.sleep(arguments.seconds / 2)
            at_s = arguments.seconds * half / 2
            print(f"  gateway RSS at {at_s:4.0f} s {memory_mb(gateway.pid):7.1f} MB", flush=True)
    took_s = time.monotonic() - started_s
    cpu_s = cpu_seconds({"gateway": gateway.pid})["gateway"] - cpu_s
    print(f"  told {teller.told / took_s:.0f} changes/s of each of {len(SYMBOLS)} books; gateway {cpu_s:.1f} CPU s")
    for name, each in heard.items():
        print(each.line(name, took_s))
    lost = sum(task.done() for task in tasks)
    print(f"  connections lost {lost}")
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return lost


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sockets", type=int, default=500)
    parser.add_argument("--changes", type=int, default=50, help="changes a second of each book")
    parser.add_argument("--slow-share", type=float, default=0.2, help="clients that take two seconds for an update")
    parser.add_argument("--seconds", type=float, default=60.0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_gateway(Path(folder)) as gateway:
        return 1 if asyncio.run(watch(gateway, arguments)) else 0


if __name__ == "__main__":
    sys.exit(main())
