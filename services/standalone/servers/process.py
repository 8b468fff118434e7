"""One server program's life: started, waited for, killed, stopped; the same for every kind of server."""

from __future__ import annotations

import fcntl
import os
import random
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from standalone.servers.programs import ServerRefused
from standalone.servers.tied import tied

_POLL_S = 0.02
_NEVER_GIVEN_AWAY = (10_000, 32_000)
"""Below what Linux (32768), macOS and Windows (49152) give to outgoing connections."""
_LAST_WORDS = 2_000
_PREDECESSOR_LIMIT_S = 30.0


def free_port() -> int:
    """A port of the loopback interface that nobody uses at the moment, and no outgoing connection will be given.

    One of those that the kernel gives away may be somebody's when the server comes back to it; even a client that
    tries to reach the absent server can be given that very port, and then talks to itself.
    """
    for port in random.sample(range(*_NEVER_GIVEN_AWAY), 1_000):
        with socket.socket() as listening, suppress(OSError):
            listening.bind(("127.0.0.1", port))
            return port
    raise ServerRefused(f"No port of 127.0.0.1 is free from {_NEVER_GIVEN_AWAY[0]} to {_NEVER_GIVEN_AWAY[1]}.")


def locked(file: int) -> bool:
    """Take the kernel's lock on an open file, if nobody has it; it ends with the last process that has the file."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def how_it_ended(status: int) -> str:
    """A process' exit status in words: "was ended by SIGKILL", "ended with status 1"."""
    if status < 0:
        return f"was ended by {signal.Signals(-status).name}"
    return f"ended with status {status}"


class ServerProcess(ABC):
    """A server on a private folder; it may be killed and started again on the same folder and address.

    What it prints goes to the file `output` in its folder. `is_tied`: it also goes when this process dies.
    """

    start_limit_s = 20.0
    stop_limit_s = 5.0
    output_is_ours = False
    """Whether it prints where this process does; into the file otherwise."""

    def __init__(self, folder: Path, *, is_tied: bool = False) -> None:
        self.folder = folder
        self._is_tied = is_tied
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def command(self) -> list[str]:
        """The program and its arguments; ServerRefused where it is not installed."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether it does its work, asked as its clients would."""

    def environment(self) -> dict[str, str]:
        """All that the program gets to see of the environment."""
        return {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(self.folder), "LC_ALL": "C"}

    @property
    def pid(self) -> int:
        """The process to look at or to kill; 0 while there is none."""
        return self._process.pid if self._process is not None else 0

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start and return when it answers; ServerRefused with its last words when it gives up.

        The server itself holds the lock on its folder, so that no second one ever writes there: not even when who
        started it was killed, and it has not noticed yet.
        """
        with self._folder_lock() as lock:
            self._process = self.launch(*self.command(), passed=(lock, *self.passed()))
        deadline_s = time.monotonic() + self.start_limit_s
        while not self.answers():
            if not self.is_running():
                raise ServerRefused(f"{self} does not start: {self._spoken()}")
            if time.monotonic() > deadline_s:
                raise ServerRefused(f"{self} does not answer after {self.start_limit_s:.0f} s: {self._spoken()}")
            time.sleep(_POLL_S)

    def kill(self) -> None:
        """End it and all its children as a power cut would; a dead one stays dead."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """Tell it to go, and end it if it does not."""
        if self._process is not None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(self.stop_limit_s)
            self.kill()

    def launch(self, *command: str, passed: tuple[int, ...] = ()) -> subprocess.Popen[bytes]:
        """Start one of the server's programs in a process group of its own: Ctrl-C is not for it."""
        with (self.folder / "output").open("ab") as output:
            return subprocess.Popen(
                tied(*command) if self._is_tied else command,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=None if self.output_is_ours else output,
                stderr=None if self.output_is_ours else output,
                start_new_session=True,
                pass_fds=passed,
            )

    def passed(self) -> tuple[int, ...]:
        """File numbers that the program inherits."""
        return ()

    def how_it_ended(self) -> str:
        """In words; for one that is not running."""
        return how_it_ended(self._process.returncode if self._process is not None else 0)

    def __str__(self) -> str:
        return type(self).__name__

    @contextmanager
    def _folder_lock(self) -> Iterator[int]:
        with (self.folder / "lock").open("ab") as file:
            deadline_s = time.monotonic() + _PREDECESSOR_LIMIT_S
            while not locked(file.fileno()):
                if time.monotonic() > deadline_s:
                    raise ServerRefused(f"Another {self} still runs on {self.folder}.")
                time.sleep(_POLL_S)
            yield file.fileno()

    def _spoken(self) -> str:
        spoken = (self.folder / "output").read_text(errors="replace").strip()
        return spoken[-_LAST_WORDS:] or "it said nothing."
