"""A Redis of the tests' own: a free port, a private folder, nothing kept, and every way to fail."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis

from standalone.servers import redis_server as standalone_redis
from standalone.servers.process import free_port
from standalone.servers.programs import REDIS_SERVER, missing


class RedisServer(standalone_redis.RedisServer):
    """A server that also freezes."""

    def freeze(self) -> None:
        """It takes connections and commands and answers none of them."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on, first with all it was asked while frozen."""
        os.kill(self.pid, signal.SIGCONT)

    def client(self) -> Redis:
        """A client that hides nothing."""
        return Redis.from_url(self.url, decode_responses=True)


@contextmanager
def running_redis() -> Iterator[RedisServer]:
    """A fresh server; skips the test where no Redis is installed."""
    for sentence in missing([REDIS_SERVER]):
        pytest.skip(sentence)
    with tempfile.TemporaryDirectory(prefix="exchange-redis-") as folder:
        server = RedisServer(Path(folder), free_port())
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
