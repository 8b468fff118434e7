"""A child of the stack: what it is, the process that is it at the moment, and when it may be started again."""

from __future__ import annotations

import os
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from signal import SIGKILL

from standalone.servers.process import free_port, how_it_ended
from standalone.servers.tied import tied
from standalone.stack.plan import Spec

SHORTEST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0
STEADY_S = 10.0
"""Who lived for so long is started again at once."""

_READ_BYTES = 65_536


class Process:
    """One run of a child: its output, and the pipe by which it says that it does its work."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.is_ready = False
        self.health_url = spec.health_url
        self.started_s = time.monotonic()
        environment = dict(spec.environment)
        if spec.has_health and not spec.health_url:
            environment["HEALTH_PORT"] = str(free_port())
            self.health_url = f"http://127.0.0.1:{environment['HEALTH_PORT']}"
        self.ready_pipe, told = os.pipe()
        self._popen = subprocess.Popen(
            tied(*spec.command),
            env=environment | {"READY_FD": str(told), "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=(told, *spec.passed),
            start_new_session=True,
        )
        os.close(told)
        self.pid = self._popen.pid
        self.output = self._popen.stdout.fileno() if self._popen.stdout else -1
        os.set_blocking(self.output, False)
        self.is_silent = False
        self._rest = b""

    def ended(self) -> str:
        """How it ended, in words; nothing while it lives."""
        status = self._popen.poll()
        return "" if status is None else how_it_ended(status)

    def succeeded(self) -> bool:
        return self._popen.poll() == 0

    def hear(self) -> bool:
        """Take in what it says of itself: "ready", and its server's process if it keeps one; False at the end."""
        words = os.read(self.ready_pipe, _READ_BYTES).split()
        if words[:1] == [b"ready"]:
            self.is_ready = True
            self.pid = int(words[1]) if len(words) > 1 else self.pid
        return bool(words)

    def lines(self) -> list[str]:
        """The whole lines it has printed since, as far as they have come; `is_silent` when there will be no more."""
        try:
            read = os.read(self.output, _READ_BYTES)
        except BlockingIOError:
            return []
        self.is_silent = not read
        *whole, self._rest = (self._rest + (read or b"\n" * bool(self._rest))).split(b"\n")
        return [line.decode(errors="replace") for line in whole]

    def tell_to_go(self) -> None:
        self._popen.terminate()

    def end(self) -> None:
        """Kill it and whoever it has started."""
        with suppress(ProcessLookupError):
            os.killpg(self._popen.pid, SIGKILL)

    def close(self) -> None:
        """Let go of its pipes; only when it has ended."""
        os.close(self.ready_pipe)
        if self._popen.stdout:
            self._popen.stdout.close()


@dataclass(slots=True)
class Child:
    """`process` is None between a death and the next start, which is not before `due_s`."""

    spec: Spec
    process: Process | None = None
    starts: int = 0
    due_s: float = 0.0
    pause_s: float = SHORTEST_PAUSE_S
    is_wanted: bool = True

    def has_died(self) -> None:
        """Plan the next start: at once, if this one was steady or the first; later and later otherwise."""
        lived_s = time.monotonic() - self.process.started_s if self.process else 0.0
        if lived_s >= STEADY_S or self.starts == 1:
            self.pause_s, self.due_s = SHORTEST_PAUSE_S, time.monotonic()
        else:
            self.due_s = time.monotonic() + self.pause_s
            self.pause_s = min(self.pause_s * 2, LONGEST_PAUSE_S)
        self.process = None

    def is_due(self) -> bool:
        return self.is_wanted and self.process is None and time.monotonic() >= self.due_s

    def is_ready(self) -> bool:
        return self.process is not None and self.process.is_ready
