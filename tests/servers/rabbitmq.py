"""A RabbitMQ of the tests' own: private folder, name and ports, gone with the test session."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pika  # type: ignore[import-untyped]
import pika.exceptions  # type: ignore[import-untyped]
import pytest

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")  # the one on the PATH insists on a user of its own
CONTROL = SERVER.with_name("rabbitmqctl")
VIRTUAL_HOSTS = 40
"""Empty brokers within the broker, one for each test that asks."""

_START_LIMIT_S = 60.0

_ELECT = "[ra:trigger_election(amqqueue:get_pid(Q)) || Q <- rabbit_amqqueue:list_by_type(rabbit_quorum_queue)]."
"""A broker of one node, killed while it writes, may forget to elect itself: rabbitmq-server issue 10070."""


class RabbitMQ:
    """A broker that can be killed and started again on the same folder and port."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port, self._distribution_port, self._epmd_port = free_port(), free_port(), free_port()
        self._hosts = iter(range(VIRTUAL_HOSTS))
        self._epmd: subprocess.Popen[bytes] | None = None
        self._server: subprocess.Popen[bytes] | None = None
        (folder / "plugins").write_text("[].")
        (folder / "definitions.json").write_text(json.dumps(_definitions()))
        (folder / "rabbitmq.conf").write_text(
            f"load_definitions = {folder}/definitions.json\nloopback_users = none\ndisk_free_limit.absolute = 50MB\n"
        )

    def fresh_url(self) -> str:
        """The address of an empty virtual host that nobody else uses."""
        return self._url(f"test-{next(self._hosts)}")

    def start(self) -> None:
        """Start, or start again with everything that was there; return when it answers."""
        restarted = self._epmd is not None
        if self._epmd is None:
            self._epmd = self._run("epmd", "-port", str(self._epmd_port), "-address", "127.0.0.1")
        self._server = self._run(str(SERVER))
        deadline_s = time.monotonic() + _START_LIMIT_S
        while not self._answers():
            assert self._server.poll() is None, f"RabbitMQ does not start:\n{(self._folder / 'output').read_text()}"
            assert time.monotonic() < deadline_s, "RabbitMQ does not answer"
            time.sleep(0.1)
        if restarted:
            self._run(str(CONTROL), "eval", _ELECT).wait(_START_LIMIT_S)

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._server is not None:
            os.killpg(self._server.pid, signal.SIGKILL)
            self._server.wait()
            self._server = None

    def remove(self) -> None:
        """Leave no process behind."""
        self.kill()
        if self._epmd is not None:
            self._epmd.kill()
            self._epmd.wait()

    def _run(self, *command: str) -> subprocess.Popen[bytes]:
        with (self._folder / "output").open("ab") as output:
            return subprocess.Popen(
                command, env=self._environment(), stdout=output, stderr=output, start_new_session=True
            )

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self._folder),
            "ERL_EPMD_PORT": str(self._epmd_port),
            "RABBITMQ_NODENAME": f"tests-{self._port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self._port),
            "RABBITMQ_DIST_PORT": str(self._distribution_port),
            "RABBITMQ_MNESIA_BASE": str(self._folder / "data"),
            "RABBITMQ_LOG_BASE": str(self._folder / "log"),
            "RABBITMQ_CONFIG_FILE": str(self._folder / "rabbitmq.conf"),
            "RABBITMQ_CONF_ENV_FILE": str(self._folder / "no-more-settings"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._folder / "plugins"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none",
        }

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self._port)).close()
            pika.BlockingConnection(pika.URLParameters(self._url(f"test-{VIRTUAL_HOSTS - 1}"))).close()
        except (OSError, pika.exceptions.AMQPError):
            return False
        return True

    def _url(self, virtual_host: str) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self._port}/{virtual_host}"


def _definitions() -> dict[str, object]:
    hosts = [f"test-{number}" for number in range(VIRTUAL_HOSTS)]
    rights = {"user": "guest", "configure": ".*", "write": ".*", "read": ".*"}
    return {
        "users": [{"name": "guest", "password": "guest", "tags": "administrator"}],
        "vhosts": [{"name": host} for host in hosts],
        "permissions": [{**rights, "vhost": host} for host in hosts],
    }


def letters(url: str, queue: str) -> list[tuple[bytes, Any]]:
    """Bodies and properties of what waits in a queue; all of it goes back there."""
    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    found = []
    while (got := channel.basic_get(queue))[0] is not None:
        found.append((got[2], got[1]))
    connection.close()
    return found


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@pytest.fixture(scope="session")
def rabbitmq() -> Iterator[RabbitMQ]:
    if not (SERVER.exists() and shutil.which("epmd")):
        pytest.skip("RabbitMQ is not on this machine; `apt install rabbitmq-server` brings it")
    folder = Path(tempfile.mkdtemp(prefix="exchange-rabbitmq-"))
    server = RabbitMQ(folder)
    try:
        server.start()
        yield server
    finally:
        server.remove()
        shutil.rmtree(folder, ignore_errors=True)  # the killed server's last children may still be writing
