"""A private RabbitMQ of one node: own folder, ports, port mapper and users."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pika  # type: ignore[import-untyped]
import pika.exceptions  # type: ignore[import-untyped]

from standalone.servers.process import ServerProcess
from standalone.servers.programs import EPMD, RABBITMQ_SERVER, RABBITMQCTL

_ELECT = "[ra:trigger_election(amqqueue:get_pid(Q)) || Q <- rabbit_amqqueue:list_by_type(rabbit_quorum_queue)]."
"""A broker of one node, killed while it writes, may forget to elect itself: rabbitmq-server issue 10070."""

_VIRTUAL_MACHINE = (
    "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none "  # its schedulers would burn a core each waiting for work
    "-kernel inet_dist_use_interface {127,0,0,1}"
)
_CONFIGURATION = """\
load_definitions = {folder}/definitions.json
loopback_users = none
disk_free_limit.absolute = 50MB
log.file.level = warning
"""


@dataclass(frozen=True, slots=True)
class BrokerPlace:
    """Where a broker listens and whom it lets in."""

    port: int
    distribution_port: int
    epmd_port: int
    user: str = "guest"
    password: str = "guest"  # noqa: S105  # what every client tries first; for tests

    def url(self, virtual_host: str) -> str:
        return f"amqp://{self.user}:{self.password}@127.0.0.1:{self.port}/{virtual_host}"


class RabbitMQ(ServerProcess):
    """A broker with some virtual hosts, each as good as a broker of its own."""

    start_limit_s = 60.0
    stop_limit_s = 15.0

    def __init__(
        self, folder: Path, place: BrokerPlace, virtual_hosts: Sequence[str], *, is_tied: bool = False
    ) -> None:
        super().__init__(folder, is_tied=is_tied)
        self._place = place
        self._virtual_hosts = virtual_hosts
        self._epmd: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, or start again with everything that was there; return when it answers and its queues have leaders."""
        was_there = (self.folder / "data").exists()
        self._configure()
        if self._epmd is None or self._epmd.poll() is not None:
            self._epmd = self.launch(EPMD.path(), "-port", str(self._place.epmd_port), "-address", "127.0.0.1")
        super().start()
        if was_there:
            self.launch(RABBITMQCTL.path(), "eval", _ELECT).wait(self.start_limit_s)

    def remove(self) -> None:
        """Kill it and leave no process behind."""
        self.kill()
        self._end_epmd()

    def stop(self) -> None:
        super().stop()
        self._end_epmd()

    def command(self) -> list[str]:
        return [RABBITMQ_SERVER.path()]

    def answers(self) -> bool:
        try:
            pika.BlockingConnection(pika.URLParameters(self._place.url(self._virtual_hosts[-1]))).close()
        except (OSError, pika.exceptions.AMQPError):
            return False
        return True

    def environment(self) -> dict[str, str]:
        return {
            **super().environment(),
            "ERL_EPMD_PORT": str(self._place.epmd_port),
            "RABBITMQ_NODENAME": "exchange@localhost",  # the data folder is named after it: the same at every start
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self._place.port),
            "RABBITMQ_DIST_PORT": str(self._place.distribution_port),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "data"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "no-more-settings"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": _VIRTUAL_MACHINE,
            "RUNNING_UNDER_SYSTEMD": "true",  # no shell between us and the server
        }

    def _configure(self) -> None:
        definitions = self.folder / "definitions.json"
        definitions.touch(mode=0o600)
        definitions.write_text(json.dumps(self._definitions()))
        (self.folder / "plugins").write_text("[].")
        (self.folder / "rabbitmq.conf").write_text(_CONFIGURATION.format(folder=self.folder))

    def _definitions(self) -> dict[str, object]:
        user = self._place.user
        rights = {"user": user, "configure": ".*", "write": ".*", "read": ".*"}
        return {
            "users": [{"name": user, "password": self._place.password, "tags": "administrator"}],
            "vhosts": [{"name": host} for host in self._virtual_hosts],
            "permissions": [{**rights, "vhost": host} for host in self._virtual_hosts],
        }

    def _end_epmd(self) -> None:
        if self._epmd is not None:
            self._epmd.kill()
            self._epmd.wait()
            self._epmd = None
