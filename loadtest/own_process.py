"""What an exchange and a stack of one's own have in common: a child process, its folder, its log and its audit."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from loadtest.public_address import PublicAddress
from standalone.servers.process import free_port

NO_LIMITS = dict.fromkeys(
    (
        "RATE_LIMIT_PER_ACCOUNT",
        "RATE_LIMIT_PER_ADDRESS",
        "SIGN_UPS_PER_MINUTE_PER_ADDRESS",
        "DEMO_LOGINS_PER_MINUTE_PER_ADDRESS",
        "REFRESHES_PER_MINUTE_PER_ADDRESS",
        "LOGIN_ATTEMPTS_PER_MINUTE_PER_ADDRESS",
        "ORDERS_PER_SECOND_PER_ACCOUNT",
        "BATCH_STEP",
        "OPEN_ORDERS_PER_ACCOUNT",
        "ORDERS_PER_DAY_PER_ACCOUNT",
    ),
    "0",
)
"""Off where the load is our own: a measurement would measure them, and a test would wait for them."""

ROOT = Path(__file__).resolve().parent.parent
_STOP_LIMIT_S = 120.0


class OwnProcess(PublicAddress):
    """An exchange in a child process, on a data folder. May be killed and started again on the same folder.

    Nobody is limited there, unless the settings say so or it is to be `limited` as anyone's is.
    """

    def __init__(
        self,
        folder: Path,
        settings: Mapping[str, str] | None = None,
        port: int | None = None,
        *,
        limited: bool = False,
    ) -> None:
        super().__init__("127.0.0.1", port or free_port())
        self.folder = folder
        self.log = folder.parent / f"{folder.name}.log"
        self._settings = {**({} if limited else NO_LIMITS), **(settings or {})}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The child process; RuntimeError before the first start."""
        if self._process is None:
            raise RuntimeError("the exchange was not started")
        return self._process

    def environment(self) -> dict[str, str]:
        """What the child, and whatever works on its folder, is started with."""
        ours = {"PORT": str(self.port), "DATA": str(self.folder), "PYTHONPATH": str(ROOT / "services")}
        # a resident market would trade along: whoever wants it in a test or a measurement asks for it
        return {**os.environ, "MARKET": "off", **self._settings, **ours}

    def start(self) -> float:
        """Start and wait until it is ready; the seconds that took. RuntimeError with its last words if it ends."""
        raise NotImplementedError

    def kill(self) -> None:
        """SIGKILL the process, and what it started and left in its process group."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM and wait; the exit status."""
        self.process.terminate()
        status = self.process.wait(timeout=_STOP_LIMIT_S)
        self.close_connections()
        return status

    def audit(self, *options: str) -> subprocess.CompletedProcess[str]:
        """Run the audit on its data."""
        return subprocess.run(
            [sys.executable, "-m", "standalone.audit", *options],
            env=self.environment(),
            text=True,
            capture_output=True,
            check=False,
            timeout=600,
        )


_Process = TypeVar("_Process", bound=OwnProcess)


@contextmanager
def started(process: _Process) -> Iterator[_Process]:
    """The process, running for the length of a block; stopped cleanly afterwards, killed if it will not."""
    process.start()
    try:
        yield process
    finally:
        try:
            process.stop()
        except subprocess.TimeoutExpired:
            process.kill()
