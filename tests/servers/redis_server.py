"""A Redis of the tests' own: a free port, a private folder, nothing kept, and every way to fail."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

_START_LIMIT_S = 20.0


class RedisServer:
    """One redis-server process at `url`; starts, dies, freezes and comes back at the same address."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program = program
        self._folder = folder
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        """Start and wait until it answers; AssertionError when it does not."""
        settings = ["--port", str(self._port), "--bind", "127.0.0.1", "--dir", str(self._folder)]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._program, *settings, "--save", "", "--appendonly", "no"], stdout=log, stderr=log
            )
        deadline_s = time.monotonic() + _START_LIMIT_S
        while not self._answers():
            assert self._process.poll() is None, (self._folder / "log").read_text()
            assert time.monotonic() < deadline_s, "Redis does not answer"
            time.sleep(0.01)

    def kill(self) -> None:
        """It dies without a word, and with it all it knew; a dead one stays dead."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """It takes connections and commands and answers none of them."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on, first with all it was asked while frozen."""
        self._signal(signal.SIGCONT)

    def client(self) -> Redis:
        """A client that hides nothing."""
        return Redis.from_url(self.url, decode_responses=True)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        os.kill(self._process.pid, number)

    def _answers(self) -> bool:
        with self.client() as client:
            try:
                return bool(client.ping())
            except RedisError:
                return False


@contextmanager
def running_redis() -> Iterator[RedisServer]:
    """A fresh server; skips the test where no Redis is installed."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("Redis is not installed here: apt install redis-server")
    with tempfile.TemporaryDirectory(prefix="exchange-redis-") as folder:
        server = RedisServer(program, Path(folder))
        try:
            server.start()
            yield server
        finally:
            server.kill()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """The session's Redis, shared: whoever wants to kill one takes `running_redis`."""
    with running_redis() as server:
        yield server


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
