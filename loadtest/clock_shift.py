"""Wall clocks that are wrong: each service process of a stack has one of its own, set forth and back while it runs."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

_SOURCE = Path(__file__).with_name("clock_shift.c")
_LONGEST_WRONG_S = 4.0
_Item = TypeVar("_Item")
_LIBRARY = "clock_shift.so"  # as standalone.stack.plan names it

STEPS_US = tuple(sign * size for size in (20_000, 1_000_000, 60_000_000, 3_600_000_000) for sign in (1, -1))
"""What clocks are set by: as a machine that is not kept, a suspended one, a wrong time server, daylight saving."""


def why_not_here() -> str:
    """Why clocks cannot be shifted on this machine, in words; empty where they can.

    libfaketime will not do: with it, Python's sleep fails (it waits by clock_nanosleep until a monotonic time).
    """
    if not sys.platform.startswith("linux"):
        return "the clock of one process can be set on Linux only"
    if shutil.which("cc") is None:
        return "no C compiler is installed (Debian: apt install gcc libc6-dev)"
    return ""


class ClockShifts:
    """`folder` holds the library that shifts, and a file for each process of these names: microseconds, 0 at first.

    `steps` are all settings so far. One clock at a time is wrong.
    """

    def __init__(self, folder: Path, names: Sequence[str], dice: random.Random) -> None:
        folder.mkdir()
        self._folder = folder
        command = ["cc", "-shared", "-fPIC", "-O2", "-o", str(folder / _LIBRARY), str(_SOURCE)]
        subprocess.run(command, check=True)
        self.steps: list[tuple[str, int]] = []
        self._wrong = ""
        self._names = _shuffled(names, dice)
        self._shifts = {name: _shuffled(STEPS_US, dice) for name in names}
        for name in names:
            self._set(name, 0)

    @property
    def settings(self) -> dict[str, str]:
        """What the stack is to be started with."""
        return {"CLOCK_SHIFTS": str(self._folder)}

    def step(self) -> tuple[str, int]:
        """Set the clock that is wrong right, and another one wrong; whose, and by how many microseconds."""
        self.set_right()
        self._wrong = next(self._names)
        shift_us = next(self._shifts[self._wrong])
        self._set(self._wrong, shift_us)
        self.steps.append((self._wrong, shift_us))
        return self._wrong, shift_us

    def set_right(self) -> None:
        if self._wrong:
            self._set(self._wrong, 0)
            self.steps.append((self._wrong, 0))
            self._wrong = ""

    def _set(self, name: str, shift_us: int) -> None:
        path = self._folder / name
        with path.open("r+b" if path.exists() else "wb", buffering=0) as file:  # in place: the processes have it mapped
            file.write(shift_us.to_bytes(8, "little", signed=True))


@contextmanager
def set_all_the_time(clocks: ClockShifts | None, dice: random.Random) -> Iterator[None]:
    """For the length of a block set one clock after the other, each for a moment; all are right afterwards."""
    stopping = threading.Event()

    def run() -> None:
        while clocks is not None and not stopping.wait(dice.uniform(0.0, _LONGEST_WRONG_S)):
            print("            clock of {} set by {} us".format(*clocks.step()), flush=True)

    thread = threading.Thread(target=run, name="clock-setter")
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()
        if clocks is not None:
            clocks.set_right()


def _shuffled(items: Sequence[_Item], dice: random.Random) -> Iterator[_Item]:
    """All of them in another order each time, for ever."""
    while True:
        yield from dice.sample(items, len(items))
