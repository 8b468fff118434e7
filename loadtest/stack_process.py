"""A stack of one's own in child processes, as `make stack` starts it: for benchmarks, chaos and tests."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loadtest.own_process import OwnProcess, started
from standalone.audit.snapshot import quiet_snapshot
from standalone.databases import SERVICES

_START_LIMIT_S = 180.0
_POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class StackChild:
    """A child as `stack.json` tells of it; `pid` is 0 while it is between two lives."""

    pid: int
    kind: str
    starts: int
    ready: bool
    health_url: str


class StackProcess(OwnProcess):
    """`python -m standalone.stack` on a folder."""

    def environment(self) -> dict[str, str]:
        return {**super().environment(), "STACK": str(self.folder)}

    def start(self) -> float:
        """Start and wait until it is ready; the seconds that took. RuntimeError with its last words if it ends.

        It ends with the thread that calls this: Linux ties it to that thread, not to the whole process.
        """
        started_s = time.monotonic()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "standalone.stack"],
                env=self.environment() | {"STOP_WITH_PARENT": "1"},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        while not self._is_ours_and_ready():
            if self._process.poll() is not None or time.monotonic() - started_s > _START_LIMIT_S:
                raise RuntimeError(f"the stack did not start:\n{self.log.read_text()[-3000:]}")
            time.sleep(_POLL_S)
        return time.monotonic() - started_s

    def told(self) -> dict[str, Any]:
        """What `stack.json` says; empty while there is none."""
        try:
            told: dict[str, Any] = json.loads((self.folder / "stack.json").read_text())
        except FileNotFoundError:
            return {}
        return told

    def children(self) -> dict[str, StackChild]:
        """Every child by its name, for example stock_ordering.web.1."""
        return {name: StackChild(**child) for name, child in self.told().get("children", {}).items()}

    def pids(self) -> dict[str, int]:
        """The process of every child that lives, and of the supervisor."""
        living = {name: child.pid for name, child in self.children().items() if child.pid}
        return {"supervisor": self.process.pid, **living}

    def kill_child(self, name: str, *, whole: bool = False) -> None:
        """SIGKILL a child, or the `whole` of it: its workers too. Nothing happens to one that is dead already."""
        child = self.children()[name]
        if child.pid:
            with suppress(ProcessLookupError):
                if whole:
                    os.killpg(os.getpgid(child.pid), signal.SIGKILL)
                else:
                    os.kill(child.pid, signal.SIGKILL)

    def wait_until_ready(self, limit_s: float = 60.0) -> None:
        """Wait until every child says that it does its work, and is who it says; TimeoutError."""
        deadline_s = time.monotonic() + limit_s
        while not all(child.ready and _is_alive(child.pid) for child in self.children().values()):
            if time.monotonic() > deadline_s:
                waiting = [name for name, child in self.children().items() if not child.ready]
                raise TimeoutError(f"not ready after {limit_s:.0f} s: {', '.join(waiting)}")
            time.sleep(_POLL_S)

    def replace_all(self, limit_s: float = 180.0) -> None:
        """Replace every service process, one after the other, and wait until that is done; TimeoutError."""
        before, deadline_s = self.told()["rolled"], time.monotonic() + limit_s
        self.process.send_signal(signal.SIGHUP)
        while self.told()["rolled"] == before:
            if time.monotonic() > deadline_s:
                raise TimeoutError(f"the processes were not replaced within {limit_s:.0f} s")
            time.sleep(_POLL_S)

    def wait_until_settled(self, limit_s: float = 120.0) -> float:
        """Wait for a moment in which nothing is under way, in no outbox and not at the broker; the seconds that took.

        Raises NotQuiet when there was none.
        """
        started_s, told = time.monotonic(), self.told()
        with quiet_snapshot(lambda service: told["databases"][service], SERVICES, limit_s, told["rabbitmq_url"]):
            return time.monotonic() - started_s

    def _is_ours_and_ready(self) -> bool:
        told = self.told()
        return told.get("pid") == self.process.pid and told["phase"] == "ready"


def _is_alive(pid: int) -> bool:
    """Whether the process is there and no more than a name in the table: `stack.json` may not know yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return not Path("/proc/self").exists()  # elsewhere than on Linux there is only what it says


@contextmanager
def stack_on(
    folder: Path, settings: Mapping[str, str] | None = None, *, limited: bool = False
) -> Iterator[StackProcess]:
    """A running stack for the length of a block, whose services have all heard of what is listed; as `started` says."""
    with started(StackProcess(folder, settings, limited=limited)) as stack:
        if stack.environment()["MARKET"] == "off":  # or there are orders from the first second on, and no quiet moment
            stack.wait_until_settled()
        yield stack
