"""All doors of all services on real servers, and every way to take one of them away for a while."""

from __future__ import annotations

import os
import random
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from chassis.redis_cache import PREFIX
from contracts.names import session_entry
from contracts.paths import PATHS, service_for
from loadtest.http_client import JSON, Connection
from standalone.audit.invariants import findings
from standalone.audit.snapshot import quiet_snapshot
from tests.chassis.builders import eventually
from tests.servers.cable import Cable
from tests.servers.rabbitmq import RabbitMQ
from tests.servers.redis_server import RedisServer
from tests.stack.house import House, Opened

SERVICES = ("user_accounts", "user_portfolio", "stock_data", "stock_ordering", "order_matching")
NEIGHBOURS = ("user_accounts", "user_portfolio", "stock_data", "order_matching")
"""All but the one that takes orders."""

SLOW_S = 5.0
ANSWER_LIMIT_S = 30.0
_FLAP_S = 0.7


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and after how many seconds. A refusal for want of something says when to come again."""

    status: int
    headers: dict[str, str]
    body: Any
    took_s: float

    @property
    def is_refusal_for_now(self) -> bool:
        return (
            self.status == 503
            and self.headers["retry-after"] == "1"
            and (self.body["code"], self.body["name"]) == (50310000, "unavailable")
        )


@dataclass(frozen=True, slots=True)
class Servers:
    """The real servers. The broker is reached through a cable."""

    redis: RedisServer
    rabbitmq: RabbitMQ
    cable: Cable
    postgres_url: str
    """A database of the server that may be connected to while another is taken away."""


class WholeExchange:
    """Fourteen processes; `ports` are where they answer /readyz and /metrics, and the web doors everything else."""

    def __init__(self, servers: Servers, house: House) -> None:
        self.servers = servers
        self.house = house
        self.doors = [
            (service, door)
            for service in SERVICES
            for door in ("web", "consumer", "relay")
            if service in PATHS or door != "web"
        ]
        self.ports = dict(zip(self.doors, lasting_ports(len(self.doors)), strict=True))
        self._opened: dict[tuple[str, str], Opened] = {}

    def start(self) -> None:
        for service in SERVICES:
            migrated = self.house.run(service, "migrate")
            assert migrated.returncode == 0, migrated.stderr
        self.open(*self.doors)
        self.wait_until_ready()

    def stop(self) -> None:
        self._kill(list(self._opened))

    def doors_of(self, *services: str) -> list[tuple[str, str]]:
        return [door for door in self.doors if door[0] in services]

    def open(self, *doors: tuple[str, str]) -> None:
        for service, door in doors:
            port = str(self.ports[service, door])
            settings = {**self.house.settings_of(service), "PORT" if door == "web" else "HEALTH_PORT": port}
            self._opened[service, door] = Opened(service, door, settings, None)
        for each in doors:
            self._opened[each].wait_until_ready()

    def ask(self, method: str, path: str, body: JSON | None = None, *, token: str = "", **headers: str) -> Answer:
        """Ask the service whose address it is; none ever answers 500. Raises OSError where nobody answers."""
        service = service_for(path)
        assert service is not None
        return self.ask_door((service, "web"), method, path, body, token=token, **headers)

    def ask_door(
        self,
        door: tuple[str, str],
        method: str,
        path: str,
        body: JSON | None = None,
        *,
        token: str = "",
        **headers: str,
    ) -> Answer:
        started_s = time.monotonic()
        with closing(Connection("127.0.0.1", self.ports[door], token, ANSWER_LIMIT_S)) as line:
            response = line.request(method, path, body, **headers)
        assert response.status != 500, response.body
        is_json = response.headers.get("content-type") == "application/json"
        content = response.json() if is_json and response.body else response.body.decode()
        return Answer(response.status, response.headers, content, time.monotonic() - started_s)

    def is_ready(self, service: str, door: str) -> bool:
        try:
            return self.ask_door((service, door), "GET", "/readyz").status == 200
        except OSError:
            return False

    def shows(self, service: str, door: str, metric: str) -> bool:
        """Whether /metrics has this line."""
        return metric in self.ask_door((service, door), "GET", "/metrics").body.splitlines()

    def wait_until_ready(self) -> None:
        """Every door is in order; AssertionError with what the others say."""
        left = list(self.doors)

        def are_ready() -> bool:
            left[:] = [door for door in left if not self.is_ready(*door)]
            return not left

        try:
            eventually(are_ready)
        except AssertionError as too_late:
            spoken = (f"{door} is not ready:\n{self._opened[door].spoken()[-1_000:]}" for door in left)
            raise AssertionError("\n".join(spoken)) from too_late

    def audit(self) -> None:
        """Every invariant holds as soon as nothing is under way; what the broker still has shows as a difference."""
        found: list[str] = []

        def is_in_order() -> bool:
            with quiet_snapshot(self.database_url, SERVICES, ANSWER_LIMIT_S) as snapshot:
                found[:] = [line for name, each in findings(snapshot) if each.differences for line in each.lines(name)]
            return not found

        try:
            eventually(is_in_order)
        except AssertionError as too_late:
            raise AssertionError("\n".join(found)) from too_late

    def database_url(self, service: str) -> str:
        return self.house.settings_of(service)["DATABASE_URL"]

    @contextmanager
    def services_down(self, *services: str) -> Iterator[None]:
        """All doors of some services are killed, and opened again afterwards."""
        doors = self.doors_of(*services)
        self._kill(doors)
        try:
            yield
        finally:
            self.open(*doors)

    @contextmanager
    def frozen(self, *doors: tuple[str, str]) -> Iterator[None]:
        """Some doors take everything and answer nothing, and then go on with it."""
        self.freeze(*doors)
        try:
            yield
        finally:
            self.thaw(*doors)

    def freeze(self, *doors: tuple[str, str]) -> None:
        self._signal(doors, signal.SIGSTOP)

    def thaw(self, *doors: tuple[str, str]) -> None:
        self._signal(doors, signal.SIGCONT)

    def forget_sessions(self) -> None:
        """Bearer tokens have to be asked about, as they are once a minute anyway."""
        self._forget(session_entry("*"))

    def forget_views(self) -> None:
        """What was read is shown again for five seconds; as if they had passed."""
        self._forget("*_view:*")

    def _forget(self, entries: str) -> None:
        with closing(self.servers.redis.client()) as redis:
            for entry in redis.scan_iter(f"{PREFIX}{entries}"):
                redis.delete(entry)

    @contextmanager
    def databases_down(self, *services: str) -> Iterator[None]:
        """Some databases let nobody in and have thrown everybody out."""
        names = [str(psycopg.conninfo.conninfo_to_dict(self.database_url(service))["dbname"]) for service in services]
        with psycopg.connect(self.servers.postgres_url, autocommit=True) as operator:
            for name in names:
                operator.execute(sql.SQL("alter database {} allow_connections false").format(sql.Identifier(name)))
            operator.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = any(%s)", [names])
            try:
                yield
            finally:
                for name in names:
                    operator.execute(sql.SQL("alter database {} allow_connections true").format(sql.Identifier(name)))

    @contextmanager
    def databases_stuck(self, *services: str) -> Iterator[None]:
        """Nobody gets at any table of some databases, and everybody waits."""
        tables = "select format('%I', tablename) from pg_tables where schemaname = 'public'"
        with ExitStack() as held:
            for service in services:
                holder = held.enter_context(psycopg.connect(self.database_url(service)))
                names = [sql.SQL(name) for (name,) in holder.execute(tables).fetchall()]
                lock = sql.SQL("lock table {} in access exclusive mode").format(sql.SQL(", ").join(names))
                eventually(lambda holder=holder, lock=lock: _is_locked(holder, lock))  # type: ignore[misc]
            yield

    def _kill(self, doors: Sequence[tuple[str, str]]) -> None:
        self._signal(doors, signal.SIGKILL)
        for door in doors:
            self._opened.pop(door).close()

    def _signal(self, doors: Sequence[tuple[str, str]], number: signal.Signals) -> None:
        for door in doors:
            pid = self._opened[door].process.pid
            workers = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
            for each in (pid, *map(int, workers)):
                os.kill(each, number)


def lasting_ports(number: int) -> list[int]:
    """Ports that nobody uses and that no outgoing connection is given, so that a door finds its own again."""
    found: list[int] = []
    for port in random.sample(range(10_000, 30_000), 1_000):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            found.append(port)
        if len(found) == number:
            return found
    raise AssertionError("all ports of this machine are in use")


def pause(seconds: float) -> None:
    """Let the exchange do without for a while; the outage itself has a length, there is nothing to wait for."""
    threading.Event().wait(seconds)


def flap(take_away: Callable[[], None], bring_back: Callable[[], None], times: int = 5) -> None:
    """There and not there, in turn, for seven seconds; there in the end."""
    for _ in range(times):
        take_away()
        pause(_FLAP_S)
        bring_back()
        pause(_FLAP_S)


def _is_locked(holder: psycopg.Connection, lock: sql.Composed) -> bool:
    """Lock, unless somebody at work is in the way of it and it in his."""
    try:
        holder.execute(lock)
    except psycopg.errors.DeadlockDetected:
        holder.rollback()
        return False
    return True
