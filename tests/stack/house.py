"""Processes of services on real servers, each opened and closed at will."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from loadtest.own_process import NO_LIMITS

ROOT = Path(__file__).parents[2]
_MOST_SPOKEN = 1 << 20


class Opened:
    """A door that was opened: its process, and the pipe it says "ready" on."""

    def __init__(self, service: str, door: str, settings: dict[str, str], listener: socket.socket | None) -> None:
        reading, writing = os.pipe()
        passed = [writing] + ([listener.fileno()] if listener else [])
        environment = {**settings, "READY_FD": str(writing), "PYTHONPATH": str(ROOT / "services")}
        if listener is not None:
            environment["LISTEN_FD"] = str(listener.fileno())
        self._spoken = tempfile.TemporaryFile()  # noqa: SIM115  # a pipe that nobody reads would stop who writes
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"{service}.main", door],
            env={"PATH": os.environ["PATH"], **environment},
            pass_fds=passed,
            stderr=self._spoken,
        )
        os.close(writing)
        self._pipe = os.fdopen(reading)

    def wait_until_ready(self) -> None:
        assert self._pipe.readline() == "ready\n", self.spoken()

    def spoken(self) -> str:
        """What it has logged so far."""
        return os.pread(self._spoken.fileno(), _MOST_SPOKEN, 0).decode(errors="replace")  # its position is theirs, too

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._pipe.close()
        self._spoken.close()


class House:
    """Opens doors on one set of servers; each service has an empty database."""

    def __init__(self, settings: dict[str, str], database_url: Callable[[str], str]) -> None:
        self._settings = settings
        self._database_url = database_url
        self._databases: dict[str, str] = {}

    def settings_of(self, service: str) -> dict[str, str]:
        if service not in self._databases:
            self._databases[service] = self._database_url(service)
        return {**NO_LIMITS, **self._settings, "DATABASE_URL": self._databases[service]}

    def run(self, service: str, door: str, **changes: str) -> subprocess.CompletedProcess[str]:
        """Open a door that closes by itself; an empty setting is left out."""
        return subprocess.run(
            [sys.executable, "-m", f"{service}.main", door],
            env=self._environment(service, changes),
            text=True,
            capture_output=True,
            check=False,
            timeout=60,
        )

    @contextmanager
    def waiting(self, service: str, **changes: str) -> Iterator[subprocess.Popen[str]]:
        """Somebody who waits for the service's database."""
        process = subprocess.Popen(
            [sys.executable, "-m", f"{service}.main", "wait"],
            env=self._environment(service, changes),
            text=True,
            stderr=subprocess.PIPE,
        )
        with process:
            try:
                yield process
            finally:
                process.kill()

    def _environment(self, service: str, changes: dict[str, str]) -> dict[str, str]:
        settings = {name: text for name, text in {**self.settings_of(service), **changes}.items() if text}
        return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "services"), **settings}

    @contextmanager
    def open(self, service: str, door: str, listener: socket.socket | None = None) -> Iterator[Opened]:
        opened = Opened(service, door, self.settings_of(service), listener)
        try:
            opened.wait_until_ready()
            yield opened
        finally:
            opened.close()
