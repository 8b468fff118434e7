"""A RabbitMQ of the tests' own: private folder, name and ports, gone with the test session."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pika  # type: ignore[import-untyped]
import pytest

from standalone.servers import programs
from standalone.servers import rabbitmq as standalone_rabbitmq
from standalone.servers.process import free_port
from standalone.servers.rabbitmq import BrokerPlace

VIRTUAL_HOSTS = [f"test-{number}" for number in range(100)]
"""Empty brokers within the broker, one for each test that asks."""


class RabbitMQ(standalone_rabbitmq.RabbitMQ):
    """A broker that can be killed and started again on the same folder and port."""

    def __init__(self, folder: Path) -> None:
        self._address = BrokerPlace(free_port(), free_port(), free_port())
        self._unused = iter(VIRTUAL_HOSTS)
        super().__init__(folder, self._address, VIRTUAL_HOSTS)

    def fresh_url(self) -> str:
        """The address of an empty virtual host that nobody else uses."""
        return self._address.url(next(self._unused))


def letters(url: str, queue: str) -> list[tuple[bytes, Any]]:
    """Bodies and properties of what waits in a queue; all of it goes back there."""
    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    found = []
    while (got := channel.basic_get(queue))[0] is not None:
        found.append((got[2], got[1]))
    connection.close()
    return found


@contextmanager
def running_rabbitmq() -> Iterator[RabbitMQ]:
    """A broker for the length of a block; skips the test, saying why, where none is installed."""
    for sentence in programs.missing(programs.RABBITMQ):
        pytest.skip(sentence)
    folder = Path(tempfile.mkdtemp(prefix="exchange-rabbitmq-"))
    server = RabbitMQ(folder)
    try:
        server.start()
        yield server
    finally:
        server.remove()
        shutil.rmtree(folder, ignore_errors=True)  # the killed server's last children may still be writing


@pytest.fixture(scope="session")
def rabbitmq() -> Iterator[RabbitMQ]:
    with running_rabbitmq() as server:
        yield server
