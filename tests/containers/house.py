"""An exchange as containers, each process in one of its own, with no rights that it does not need."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from loadtest.public_address import PublicAddress
from standalone.databases import SERVICES
from standalone.stack.settings import DOORS
from tests.containers.docker import docker, inspect, run
from tests.containers.surroundings import Surroundings
from tests.containers.told import KEYS, SIGNING, environment, operations_environment

RESTRICTED = (
    *("--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL"),  # noqa: S108  # the containers' own
    *("--security-opt", "no-new-privileges", "--memory", "384m"),
)
"""As a pod under a cluster's strictest rules: one place to write to, and that is gone afterwards."""

SERVING = tuple(f"{service}.{door}" for service, doors in DOORS.items() for door in doors)
GATEWAY, MARKET = "gateway", "market_feed.trade"
EVERYBODY = (*SERVING, GATEWAY, MARKET)

_LIMIT_S = 180.0
_POLL_S = 0.1
_ASK_READY = "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz', timeout=5)"


@dataclass(frozen=True, slots=True)
class Images:
    """Names of images: ours by their tag, those they are built on by the variable that names another, the servers'."""

    tag: str
    bases: Mapping[str, str]
    servers: Mapping[str, str]

    def of(self, name: str) -> str:
        """Ours for user_accounts, gateway or operations."""
        return f"stock-exchange-{name.replace('_', '-')}:{self.tag}"


def wait_until(happened: Callable[[], bool], what: str) -> None:
    deadline_s = time.monotonic() + _LIMIT_S
    while not happened():
        assert time.monotonic() < deadline_s, f"{what}: not within {_LIMIT_S:.0f} s"
        time.sleep(_POLL_S)


class House:
    """Processes are called as in a stack: user_accounts.web, order_matching.consumer."""

    def __init__(self, images: Images) -> None:
        self._images = images
        self._label = f"stock-exchange-{secrets.token_hex(4)}"
        self._password = secrets.token_hex(16)
        self._around = Surroundings(self._label, images.servers, images.of("base"), self._password)

    def open(self) -> None:
        """Start all of it, who has to wait before what he waits for, until everybody does his work."""
        self._around.make()
        for service in SERVICES:
            self.start(f"{service}.wait")
        self._around.start_servers()
        wait_until(self._around.has_databases, "PostgreSQL")
        for service in SERVICES:
            docker("run", *self._words(f"{service}.migrate"))
        for service in SERVICES:
            assert docker("wait", self.container(f"{service}.wait")).strip() == "0", self.logs(f"{service}.wait")
        for name in SERVING:
            self.start(name)
        for name in SERVING:
            self.wait_until_ready(name)
        self.start(GATEWAY)
        wait_until(self._gateway_answers, "the gateway")
        self.start(MARKET)

    def container(self, name: str) -> str:
        return f"{self._label}-{name.replace('_', '-').replace('.', '-')}"

    def start(self, name: str) -> None:
        """Start one of ours, also in place of one that is gone."""
        container = self.container(name)
        docker("create", "--name", container, *self._words(name))
        if name == GATEWAY:
            docker("network", "connect", "--alias", GATEWAY, self._around.inside, container)
        docker("start", container)

    def operations(self, *command: str) -> str:
        """Run a command of the operations image; what it said. DockerFailed if it does not succeed."""
        told = operations_environment(self._password)
        words = [*self._common(self._around.inside, told), self._images.of("operations"), *command]
        return docker("run", "--rm", *words)

    def kill(self, name: str) -> None:
        """End one as the end of its machine would, and take it away."""
        docker("kill", self.container(name))
        docker("rm", self.container(name))

    def stop(self, *names: str, limit_s: int) -> None:
        """Tell some to go, all at once; who does not is killed after `limit_s`."""
        docker("stop", "-t", str(limit_s), *map(self.container, names))

    def address(self) -> PublicAddress:
        """Where the gateway is reached from this machine."""
        host, _, port = docker("port", self.container(GATEWAY), "8080").split()[-1].rpartition(":")
        return PublicAddress(host, int(port))

    def wait_until_ready(self, name: str) -> None:
        """Wait until it says so; AssertionError with its last words if it ends."""

        def is_ready() -> bool:
            assert self.state(name)["Running"], f"{name} has ended: {self.logs(name)}"
            return run("exec", self.container(name), "python", "-c", _ASK_READY).returncode == 0

        wait_until(is_ready, f"{name} ready")

    def state(self, name: str) -> dict[str, Any]:
        """Whether it runs, and how it ended: Running, ExitCode, OOMKilled, FinishedAt."""
        state: dict[str, Any] = inspect(self.container(name))["State"]
        return state

    def logs(self, name: str) -> str:
        done = run("logs", self.container(name))
        return (done.stdout + done.stderr).decode(errors="replace")

    def remove(self) -> None:
        """Leave nothing behind."""
        self._around.remove()

    def _gateway_answers(self) -> bool:
        assert self.state(GATEWAY)["Running"], f"the gateway has ended: {self.logs(GATEWAY)}"
        try:
            with closing(self.address().connect(timeout_s=5.0)) as connection:
                return connection.request("GET", "/livez").status == 200
        except OSError:
            return False

    def _words(self, name: str) -> list[str]:
        """How one of ours is run, after its container's name."""
        around, (service, _, door) = self._around, name.partition(".")
        if name == GATEWAY:
            return [*self._common(around.outside, {}), "--publish", "127.0.0.1::8080", self._images.of(GATEWAY)]
        words = self._common(around.inside, environment(service, door, self._password))
        if name == MARKET:
            words += ["--volume", f"{around.volume('market')}:/data"]
        if service == "user_accounts":
            words += ["--volume", f"{around.volume('signing')}:{SIGNING}:ro"]
        if door == "web":
            words += ["--volume", f"{around.volume('keys')}:{KEYS}:ro"]
            words += ["--network-alias", service.replace("_", "-"), "--ip", around.addresses[service]]
        return [*words, self._images.of(service), door]

    def _common(self, network: str, told: Mapping[str, str]) -> list[str]:
        variables = [f"--env={name}={value}" for name, value in told.items()]
        return ["--label", self._label, "--network", network, *RESTRICTED, *variables]
