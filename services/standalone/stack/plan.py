"""Which processes a stack consists of: their names, commands, environments and the order of their coming and going."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from standalone.databases import SERVICES
from standalone.embedded_postgres import EmbeddedPostgres
from standalone.market import MARKET_COMMAND
from standalone.settings import is_market_on, market_environment, reachable_url, service_environment
from standalone.stack.places import Places
from standalone.stack.settings import Settings, read_replicas

SERVERS = ("database", "broker", "cache")
STOPPING = (("market",), ("gateway",), ("web",), ("relay",), ("consumer",), SERVERS)
"""First the residents go, then nobody comes in, then nothing is told, then nothing is heard; the servers go last."""

PAGE = "page"
"""Who serves the page people trade on."""

_IMPORT_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Spec:
    """One child: `kind` is database, broker, cache, gateway, web, consumer, relay, migrate or market.

    `health_url` is where it answers /readyz; a child that `has_health` but no such address gets a port of its own.
    """

    name: str
    kind: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    passed: tuple[int, ...] = ()
    health_url: str = ""
    has_health: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to run where. `sockets` are the web doors' listening sockets, `listener` the gateway's."""

    folder: Path
    settings: Settings
    places: Places
    listener: socket.socket
    sockets: Mapping[str, socket.socket]

    @property
    def url(self) -> str:
        return reachable_url(self.listener)

    @property
    def rabbitmq_url(self) -> str:
        return self.settings.rabbitmq_url or self.places.rabbitmq_url

    @property
    def redis_url(self) -> str:
        return self.settings.redis_url or self.places.redis_url

    @property
    def databases(self) -> dict[str, str]:
        """Each service's database: one named in the environment, or its own in the embedded PostgreSQL."""
        embedded = EmbeddedPostgres(self.folder)
        return {service: _named_database(service) or embedded.url(service) for service in SERVICES}

    def servers(self) -> list[Spec]:
        """The servers that are not somebody else's."""
        theirs = {
            "database": all(_named_database(service) for service in SERVICES),
            "broker": bool(self.settings.rabbitmq_url),
            "cache": bool(self.settings.redis_url),
        }
        return [self._kept(kind) for kind in SERVERS if not theirs[kind]]

    def gateway(self) -> Spec:
        return self._kept("gateway", self.listener)

    def migrations(self) -> list[Spec]:
        """One for each service; the first one makes the key that the others check tokens with."""
        return [self._door(service, "migrate", 1) for service in SERVICES]

    def doors(self) -> Iterator[Spec]:
        """Every process of every service, and the page's."""
        for (service, door), count in read_replicas(self.settings.replicas).items():
            for number in range(1, count + 1):
                yield self._door(service, door, number)
        environment = {**os.environ, "PYTHONPATH": str(_IMPORT_ROOT), "LOG_LEVEL": self.settings.log_level}
        yield self._listening(f"{PAGE}.web.1", (sys.executable, "-m", "standalone.stack.page_door"), environment, PAGE)

    def market(self) -> list[Spec]:
        """The resident traders, where they are wanted."""
        if not is_market_on(os.environ):
            return []
        return [Spec("market_feed.trade.1", "market", MARKET_COMMAND, self._market_environment())]

    def _kept(self, kind: str, listener: socket.socket | None = None) -> Spec:
        command = (sys.executable, "-m", "standalone.stack.keeper", kind, str(self.folder))
        environment = {**os.environ, "PYTHONPATH": str(_IMPORT_ROOT)}
        if listener is None:
            return Spec(kind, kind, command, environment)
        return Spec(kind, kind, command, {**environment, "LISTEN_FD": str(listener.fileno())}, (listener.fileno(),))

    def _door(self, service: str, door: str, number: int) -> Spec:
        name = f"{service}.{door}" if door == "migrate" else f"{service}.{door}.{number}"
        command = (sys.executable, "-m", f"{service}.main", door)
        environment = self._environment(service) | self._clock_shift(name)
        if door != "web":
            return Spec(name, door, command, environment, has_health=door != "migrate")
        return self._listening(name, command, environment, service)

    def _listening(self, name: str, command: tuple[str, ...], environment: Mapping[str, str], socket: str) -> Spec:
        """A process that answers HTTP on one of the stack's sockets."""
        file, port = self.sockets[socket].fileno(), self.sockets[socket].getsockname()[1]
        told = {**environment, "LISTEN_FD": str(file)}
        return Spec(name, "web", command, told, (file,), f"http://127.0.0.1:{port}", has_health=True)

    def _clock_shift(self, name: str) -> dict[str, str]:
        folder = self.settings.clock_shifts
        return {"LD_PRELOAD": f"{folder}/clock_shift.so", "CLOCK_SHIFT_FILE": f"{folder}/{name}"} if folder else {}

    def _market_environment(self) -> dict[str, str]:
        told = market_environment(os.environ, self.url, self.folder)
        return {**told, "LOG_LEVEL": self.settings.log_level, "STOP_WITH_PARENT": "1"}

    def _environment(self, service: str) -> dict[str, str]:
        environment = service_environment(os.environ, self.folder)
        if service != "user_accounts":
            del environment["SIGNING_KEY_FILE"]
        for other in SERVICES:
            environment.pop(_database_variable(other), None)
        if service in SERVICES:
            environment["DATABASE_URL"] = self.databases[service]
        return environment | {
            "PYTHONPATH": str(_IMPORT_ROOT),
            "RABBITMQ_URL": self.rabbitmq_url,
            "REDIS_URL": self.redis_url,
            "PUBLIC_KEY_FILE": str(self.folder / "keys" / "public.pem"),
            "TRUSTED_PROXIES": "1",
            "LOG_LEVEL": self.settings.log_level,
            "STOP_WITH_PARENT": "1",
        }


def _database_variable(service: str) -> str:
    return f"DATABASE_URL_{service.upper()}"


def _named_database(service: str) -> str:
    return os.environ.get(_database_variable(service), "")
