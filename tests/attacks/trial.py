"""One attack and what it does to others: bystanders and memory before it and during it, printed and judged."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from loadtest.own_process import ROOT, OwnProcess
from loadtest.public_address import PublicAddress
from loadtest.stack_process import StackProcess
from tests.attacks.bystanders import KINDS, Person

Attack = Callable[[PublicAddress, float, int], Any]
"""Attacks an address for at least so many seconds with so many of whatever it brings, and ends by itself."""

PEOPLE = 3
ALONE_S = 4.0
_PASSWORD = "correct horse battery"
_SLOWNESS_S = float(os.environ.get("ATTACK_SLOWNESS", "5"))
_MEMORY_MB = float(os.environ.get("ATTACK_MEMORY_MB", "500"))
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Figures:
    """What bystanders met with one kind of request; refusals by status or by how the connection broke."""

    count: int
    refused: dict[str, int]
    p50_s: float
    p99_s: float
    worst_s: float

    @classmethod
    def of(cls, took_s: list[float], refused: dict[str, int]) -> Figures:
        took_s = sorted(took_s) or [0.0]
        p50_s, p99_s = (took_s[min(int(len(took_s) * part), len(took_s) - 1)] for part in (0.50, 0.99))
        return cls(len(took_s), refused, p50_s, p99_s, took_s[-1])

    def __str__(self) -> str:
        refused = "".join(f" REFUSED {number} x {status}" for status, number in self.refused.items())
        return f"{self.count}{refused} p50 {self.p50_s:.3f} p99 {self.p99_s:.3f} worst {self.worst_s:.3f} s"


@dataclass
class Watch:
    """One stretch of time: each kind's figures and the most memory of the exchange's processes."""

    kinds: dict[str, Figures] = field(default_factory=dict)
    memory_mb: float = 0.0

    def __str__(self) -> str:
        return " | ".join([*(f"{kind} {it}" for kind, it in self.kinds.items()), f"memory {self.memory_mb:.0f} MB"])

    @property
    def refused(self) -> Counter[str]:
        """All refusals, by kind and status."""
        return Counter({f"{kind} {status}": n for kind, it in self.kinds.items() for status, n in it.refused.items()})


@dataclass(frozen=True)
class Trial:
    """The bystanders before and during an attack, and what the attack returned."""

    name: str
    before: Watch
    during: Watch
    attack: Any

    def assert_nobody_was_harmed(self, slowest_p99_s: float = 1.0) -> None:
        """None of them was refused, p99 is within `slowest_p99_s` times ATTACK_SLOWNESS, memory within bounds.

        A login may take twice as long: its hash alone is a good part of a second of processor, by intent. A machine on
        which it took half of that before has other work, and so the attack may add as much again.
        """
        assert not self.during.refused, f"refused during {self.name}: {dict(self.during.refused)}"
        longest_s = dict.fromkeys(self.during.kinds, slowest_p99_s * _SLOWNESS_S)
        longest_s["login"] = 2 * slowest_p99_s * _SLOWNESS_S
        for kind, it in self.before.kinds.items():
            longest_s[kind] = max(longest_s[kind], 2 * it.p99_s)
        slow = {kind: it.p99_s for kind, it in self.during.kinds.items() if it.p99_s > longest_s[kind]}
        assert not slow, f"p99 in seconds during {self.name}: {slow}"
        gained_mb = self.during.memory_mb - self.before.memory_mb
        assert gained_mb <= _MEMORY_MB, f"{self.name} cost {gained_mb:.0f} MB of memory"


def trial(
    exchange: OwnProcess, attack: Attack, seconds: float, count: int, name: str = "", neighbours: int = 0
) -> Trial:
    """Let people trade alone, then under attack, and print both; ATTACK_SECONDS and ATTACK_COUNT win.

    `neighbours` of them come from the address that attackers usually come from, too.
    """
    seconds = float(os.environ.get("ATTACK_SECONDS", seconds))
    count = int(os.environ.get("ATTACK_COUNT", count))
    name = name or getattr(attack, "__name__", "attack")
    print(f"\n{name}: {count} for {seconds:.0f} s on {type(exchange).__name__}")
    people = some_people(exchange, neighbours)
    with watching(exchange, people) as before:
        time.sleep(ALONE_S)
    print(f"  before: {before}")
    with watching(exchange, people) as during:
        ends_s = time.monotonic() + seconds
        told = attack(exchange, seconds, count)
        time.sleep(max(ends_s - time.monotonic(), 0.0))
    print(f"  during: {during}", flush=True)
    return Trial(name, before, during, told)


def some_people(exchange: PublicAddress, neighbours: int = 0) -> list[Person]:
    """New accounts at loopback addresses of their own, but for the `neighbours` of attackers."""
    people = []
    for nth in range(PEOPLE):
        number = next(_numbers)
        name = f"bystander-{os.getpid()}-{number}"
        source = f"127.0.1.{number % 250 + 1}" if sys.platform == "linux" and nth >= neighbours else ""
        token = exchange.sign_up(name, _PASSWORD, source)
        people.append(Person(exchange.host, exchange.port, name, _PASSWORD, token, source))
    return people


@contextmanager
def watching(exchange: OwnProcess, people: list[Person]) -> Iterator[Watch]:
    """Bystanders at work for the length of a block; their figures are there when it is over."""
    watch, over = Watch(), threading.Event()
    sampling = threading.Thread(target=_sample_memory, args=(exchange, watch, over), daemon=True)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.attacks.bystanders"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'services'}{os.pathsep}{ROOT}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdin is not None
            process.stdin.write(json.dumps([asdict(person) for person in people]) + "\n")
            process.stdin.flush()
            sampling.start()
            yield watch
            told, _ = process.communicate(timeout=180)
        finally:
            over.set()
            process.kill()
    sampling.join()
    seen: Mapping[str, Any] = json.loads(told)
    watch.kinds = {kind: Figures.of(seen[kind]["took_s"], seen[kind]["refused"]) for kind in KINDS}


def _sample_memory(exchange: OwnProcess, watch: Watch, over: threading.Event) -> None:
    while not over.wait(0.5):
        watch.memory_mb = max(watch.memory_mb, memory_mb(exchange))


def memory_mb(exchange: OwnProcess) -> float:
    """Resident memory of the exchange's processes and of all that they started, without PostgreSQL (Linux; else 0)."""
    roots = exchange.pids().values() if isinstance(exchange, StackProcess) else [exchange.process.pid]
    pids, parents = set(roots), _parents()
    for _ in range(10):  # generations
        pids |= {pid for pid, parent in parents.items() if parent in pids}
    return sum(_resident_mb(pid) for pid in pids)


def _parents() -> dict[int, int]:
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    return parents


def _resident_mb(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    words = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    if words["Name"].startswith("postgres"):  # shares its buffers: each process would count them again
        return 0.0
    return int(words.get("VmRSS", "0 kB").split()[0]) / 1024
