"""A process whose wall clock is set while it runs: only that moves, in all its threads and children."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from loadtest.clock_shift import STEPS_US, ClockShifts, why_not_here

pytestmark = pytest.mark.skipif(bool(why_not_here()), reason=why_not_here())

TELLS = """
import json, subprocess, sys, threading, time, datetime
def tell():
    began_s = time.monotonic()
    threading.Condition().acquire() and threading.Event().wait(0.05)
    lock = threading.Lock(); lock.acquire(); lock.acquire(timeout=0.05); time.sleep(0.05)
    waited_s = time.monotonic() - began_s
    walls = [time.time(), time.time_ns() / 1e9, datetime.datetime.now().timestamp()]
    threading.Thread(target=lambda: walls.append(time.time())).start(); time.sleep(0.05)
    walls.append(float(subprocess.check_output([sys.executable, "-c", "import time; print(time.time())"])))
    print(json.dumps([walls, time.monotonic(), waited_s]), flush=True)
for _ in sys.stdin:
    tell()
"""


class Child:
    """A Python process that tells what time it is whenever it is asked."""

    def __init__(self, folder: Path, name: str) -> None:
        shifted = {"LD_PRELOAD": f"{folder}/clock_shift.so", "CLOCK_SHIFT_FILE": f"{folder}/{name}"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", TELLS],
            env={**os.environ, **shifted},
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def tell(self) -> tuple[list[float], float, float]:
        """All ways to ask for the wall clock, the monotonic clock, and how long 0.15 seconds of waiting took."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("now\n")
        self.process.stdin.flush()
        walls, monotonic_s, waited_s = json.loads(self.process.stdout.readline())
        return walls, monotonic_s, waited_s

    def end(self) -> None:
        self.process.communicate(timeout=30)


def test_a_step_moves_the_wall_clock_of_one_process_and_nothing_else(tmp_path: Path) -> None:
    clocks = ClockShifts(tmp_path / "clocks", ["one", "other"], random.Random(1))
    children = {name: Child(tmp_path / "clocks", name) for name in ("one", "other")}
    seen = set()

    for _ in STEPS_US:
        wrong, shift_us = clocks.step()
        for name, child in children.items():
            before_s = time.time()
            walls, monotonic_s, waited_s = child.tell()
            after_s = time.time()

            expected_s = shift_us / 1e6 if name == wrong else 0.0
            assert all(before_s - 0.01 <= wall - expected_s <= after_s + 0.01 for wall in walls), (shift_us, walls)
            assert monotonic_s <= time.monotonic()
            assert 0.14 <= waited_s <= 30
        seen.add(shift_us)

    clocks.set_right()
    assert abs(children[wrong].tell()[0][0] - time.time()) < 30
    for child in children.values():
        child.end()
    assert len(seen) > 1
    assert sum(shift == 0 for _, shift in clocks.steps) == len(STEPS_US)


def test_every_process_gets_every_step_in_turn(tmp_path: Path) -> None:
    clocks = ClockShifts(tmp_path / "clocks", ["one", "other"], random.Random(1))

    steps = {clocks.step() for _ in range(2 * len(STEPS_US))}

    assert steps == {(name, shift_us) for name in ("one", "other") for shift_us in STEPS_US}


def test_where_there_is_no_compiler_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    assert "apt install gcc" in why_not_here()
