"""An exchange of one's own in a child process, as `make run` starts it: for benchmarks, replays and kill tests."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from loadtest.http_client import Connection
from loadtest.own_process import OwnProcess, started

_READY_LIMIT_S = 90.0


class ExchangeProcess(OwnProcess):
    """`python -m standalone` on a data folder."""

    def __init__(
        self,
        folder: Path,
        settings: Mapping[str, str] | None = None,
        port: int | None = None,
        *,
        limited: bool = False,
    ) -> None:
        super().__init__(folder, settings, port, limited=limited)
        self._log_starts_at = 0

    def start(self) -> float:
        """Start and wait until it is ready; the seconds that took. RuntimeError with its last words if it ends."""
        started_s = time.monotonic()
        with self.log.open("ab") as log:
            self._log_starts_at = log.tell()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "standalone"],
                env=self.environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait_until_ready()
        return time.monotonic() - started_s

    def wait_until_ready(self) -> None:
        """Wait for a start that is under way; RuntimeError if it ends or takes too long."""
        deadline_s = time.monotonic() + _READY_LIMIT_S
        while not (self._says_it_is_open() and self._is_ready()):
            ended = self._process is not None and self._process.poll() is not None
            if ended or time.monotonic() > deadline_s:
                raise RuntimeError(f"the exchange did not start:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.05)

    def _says_it_is_open(self) -> bool:
        """A killed predecessor's worker may still answer on the same port; what counts is what this one says."""
        if self._process is None:
            return True
        with self.log.open("rb") as log:
            log.seek(self._log_starts_at)
            return b"The exchange is open" in log.read()

    def _is_ready(self) -> bool:
        try:
            with closing(Connection(self.host, self.port, timeout_s=5.0)) as connection:
                return connection.request("GET", "/readyz").status == 200
        except OSError:
            return False

    def kill_alone(self) -> None:
        """SIGKILL the exchange as a crash would; its worker and its PostgreSQL are left to fend for themselves."""
        self.process.kill()
        self.process.wait()

    def wait_until_settled(self, limit_s: float = 120.0) -> float:
        """Wait until every outbox is empty, seen twice in a row; the seconds that took."""
        started_s = time.monotonic()
        connection, quiet = self.connect(), 0
        while quiet < 2:
            quiet = quiet + 1 if _outbox_waiting(connection) == 0 else 0
            if time.monotonic() - started_s > limit_s:
                raise TimeoutError(f"the exchange was not settled after {limit_s:.0f} s")
            time.sleep(0.02)
        connection.close()
        return time.monotonic() - started_s


def _outbox_waiting(connection: Connection) -> float:
    lines = connection.request("GET", "/metrics").body.decode().splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith("outbox_waiting{"))


@contextmanager
def exchange_on(
    folder: Path, settings: Mapping[str, str] | None = None, *, limited: bool = False
) -> Iterator[ExchangeProcess]:
    """A running exchange for the length of a block; as `started` says."""
    with started(ExchangeProcess(folder, settings, limited=limited)) as exchange:
        yield exchange
