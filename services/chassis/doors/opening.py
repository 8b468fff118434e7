"""Opens the doors of a service: composes it for one purpose, runs it until told to stop, closes what it opened."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import psycopg

from chassis.cache import CountedCache, LocalCache
from chassis.clock import SystemClock
from chassis.database import Database
from chassis.dead_letters import returned_to
from chassis.doors.settings import ConsumerSettings, DoorSettings, RelaySettings, WebSettings
from chassis.doors.web_app import WebApp
from chassis.health import HealthServer
from chassis.http_server import PortRefused, Server, open_port
from chassis.keys import read_token_keys
from chassis.limits import Limits
from chassis.logs import log_from
from chassis.metrics import Metrics
from chassis.migrations import MigrationChanged
from chassis.parent import stop_with_parent
from chassis.questions import LocalFirst, LocalQuestions
from chassis.rabbit_bus import RabbitBus
from chassis.rabbit_questions import RabbitAnswers, RabbitQuestions
from chassis.redis_cache import RedisCache
from chassis.redis_limits import RedisRates
from chassis.relay import Relay
from chassis.service import Parts, Runtime, Service, migrate_service, missing_in
from chassis.settings import SettingsError, read_settings
from contracts.groups import GROUPS

Found = TypeVar("Found", bound=DoorSettings)

_LOOK_AGAIN_S = 1.0
_GROUPS = {group: (*streams, returned_to(group)) for group, streams in GROUPS.items()}


@dataclass(frozen=True, slots=True)
class Doors:
    """The doors of the service in `folder`, which `build` composes. All of them raise SettingsError."""

    folder: Path
    build: Callable[[Parts, Any], Service]
    settings: type[Any]

    @property
    def name(self) -> str:
        return self.folder.name

    def migrate(self, environment: Mapping[str, str]) -> None:
        """Bring the database to date and make the first data. Raises MigrationChanged, psycopg.OperationalError."""
        settings = _read(DoorSettings, environment)
        migrate_service(settings.database_url, self.folder)
        metrics = Metrics()
        with ExitStack() as closing:
            database = _open_database(settings, metrics, closing, wait=True)
            parts = Parts(database, LocalCache(), LocalQuestions(), SystemClock(), metrics)
            service = self.build(parts, read_settings(self.settings, environment))
            if service.prepare is not None:
                service.prepare()

    def wait(self, environment: Mapping[str, str]) -> None:
        """Return when the database is there and migrated: what comes before the other doors where nobody orders them.

        It says on standard error what it waits for.
        """
        settings = _read(DoorSettings, environment)
        told = ""
        while reason := self._reason_to_wait(settings.database_url):
            if reason != told:
                print(f"{self.name} waits: {reason}", file=sys.stderr, flush=True)  # noqa: T201  # for a person
            told = reason
            time.sleep(_LOOK_AGAIN_S)

    def web(self, environment: Mapping[str, str]) -> None:
        """Answer HTTP. Raises PortRefused."""
        settings = _read(WebSettings, environment)
        if settings.listen_fd >= 0:
            listener = socket.socket(fileno=settings.listen_fd)
        else:
            listener = open_port(settings.host, settings.port)

        keys, limits = read_token_keys(settings.public_key_file), read_settings(Limits, environment)
        self._require_blueprints(environment)

        def open_app() -> WebApp:
            return WebApp(partial(self._compose, settings, environment), settings, keys, limits)

        Server(
            listener,
            settings.http_threads,
            open_app,
            partial(_tell_ready, settings),
            connections_per_address=settings.max_connections_per_address,
            concurrency=settings.http_concurrency,
            trusted_proxies=settings.trusted_proxies,
        ).run()

    def consumer(self, environment: Mapping[str, str]) -> None:
        """Take in the facts this service hears, answer what others ask it, do what is to be done again and again."""
        settings = _read(ConsumerSettings, environment)
        metrics = Metrics()
        with ExitStack() as closing:
            service = self._compose(settings, environment, metrics, closing)
            bus = RabbitBus(settings.rabbitmq_url, gather_s=settings.gather_ms / 1_000)
            runtime = Runtime(service, bus, relays=False)
            closing.callback(runtime.join)
            closing.callback(bus.close)
            closing.callback(runtime.stop)
            metrics.watch_broker(bus.is_connected)
            runtime.listen()
            runtime.start()
            if service.answers:
                closing.callback(RabbitAnswers(settings.rabbitmq_url, service.answers, metrics).close)
            self._stay(settings, service.parts.database, bus, metrics, closing)

    def relay(self, environment: Mapping[str, str]) -> None:
        """Tell the broker what the outbox holds, while no other relay of this service does."""
        settings = _read(RelaySettings, environment)
        metrics = Metrics()
        with ExitStack() as closing:
            database = _open_database(settings, metrics, closing)
            database.listen()
            metrics.watch_outbox(self.name, database.waiting_or_unknown)
            metrics.watch_database(self.name, database.size_bytes)
            bus = RabbitBus(settings.rabbitmq_url, _GROUPS)
            metrics.watch_broker(bus.is_connected)
            closing.callback(bus.close)
            relay = Relay(self.name, database, bus, metrics, gather_s=settings.gather_ms / 1_000)
            thread = threading.Thread(target=relay.run, name="relay", daemon=True)
            thread.start()
            closing.callback(thread.join)
            closing.callback(relay.stop)
            self._stay(settings, database, bus, metrics, closing)

    def _reason_to_wait(self, url: str) -> str:
        try:
            missing = missing_in(url, self.folder)
        except psycopg.OperationalError as error:
            return f"its database does not answer: {_reason(error)}"
        return f"its database is without {', '.join(missing)}" if missing else ""

    def _require_blueprints(self, environment: Mapping[str, str]) -> None:
        """Compose once on nothing: here what is wrong can still be told in one sentence, in a worker it cannot."""
        parts = Parts(Database("", SystemClock()), LocalCache(), LocalQuestions(), SystemClock(), Metrics())
        if not self.build(parts, read_settings(self.settings, environment)).blueprints:
            raise SettingsError("It answers no HTTP.")

    def _compose(
        self,
        settings: ConsumerSettings | WebSettings,
        environment: Mapping[str, str],
        metrics: Metrics,
        closing: ExitStack,
    ) -> Service:
        """The service on what all its processes share."""
        database = _open_database(settings, metrics, closing)
        cache = RedisCache(settings.redis_url, metrics)
        closing.callback(cache.close)
        remote = RabbitQuestions(settings.rabbitmq_url, metrics)
        closing.callback(remote.close)
        questions = LocalFirst(remote)
        rates = RedisRates(settings.redis_url, metrics)
        closing.callback(rates.close)
        counted = CountedCache(cache, metrics)
        parts = Parts(database, counted, questions, SystemClock(), metrics, rates.rate_limit)
        service = self.build(parts, read_settings(self.settings, environment))
        questions.register(service.answers)
        return service

    def _stay(
        self, settings: RelaySettings, database: Database, bus: RabbitBus, metrics: Metrics, closing: ExitStack
    ) -> None:
        checks = {"database": database.answers, "broker": bus.is_connected}
        health = HealthServer(self.name, settings.health_host, settings.health_port, metrics, checks)
        closing.callback(health.stop)
        _tell_ready(settings)
        _until_told_to_stop()


def run(doors: Doors, words: Sequence[str], environment: Mapping[str, str]) -> None:
    """Open the door that is the one word of the command line; exits with 1 and one sentence when it cannot."""
    named = {door.__name__: door for door in (doors.migrate, doors.wait, doors.web, doors.consumer, doors.relay)}
    if len(words) != 1 or words[0] not in named:
        sys.exit(f"usage: python -m {doors.name}.main {'|'.join(named)}")
    try:
        named[words[0]](environment)
    except (SettingsError, MigrationChanged, PortRefused) as refused:
        sys.exit(f"{doors.name} {words[0]} did not start. {refused}")
    except psycopg.OperationalError as error:
        sys.exit(f"{doors.name} {words[0]} did not start. Its database does not answer: {_reason(error)}")


def _reason(error: psycopg.Error) -> str:
    return str(error).strip().splitlines()[0]


def _read(kind: type[Found], environment: Mapping[str, str]) -> Found:
    settings = read_settings(kind, environment)
    log_from(settings.log_level)
    if settings.stop_with_parent:
        stop_with_parent()
    return settings


def _open_database(settings: DoorSettings, metrics: Metrics, closing: ExitStack, *, wait: bool = False) -> Database:
    """A pool that connects by itself, later if need be, unless told to `wait`."""
    database = Database(
        settings.database_url,
        SystemClock(),
        connections=settings.database_connections,
        is_shared=True,
        metrics=metrics,
        wait_s=settings.database_wait_s,
    )
    closing.callback(database.close)
    database.open(wait=wait)
    return database


def _tell_ready(settings: DoorSettings) -> None:
    if settings.ready_fd >= 0:
        with os.fdopen(settings.ready_fd, "w") as pipe:
            pipe.write("ready\n")


def _until_told_to_stop() -> None:
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    told.wait()
