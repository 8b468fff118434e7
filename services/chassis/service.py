"""What a service is made of, and what runs it in a process: relay, consumer and tickers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import LiteralString

import structlog
from flask_openapi3.blueprint import APIBlueprint

from chassis.bus import Bus
from chassis.cache import Cache
from chassis.clock import Clock
from chassis.consumer import Consumer, HandleFacts
from chassis.database import TRANSIENT, Database
from chassis.dead_letters import returned_to
from chassis.limits import MakeRate, in_this_process
from chassis.metrics import Metrics
from chassis.migrations import migrate, missing_migrations
from chassis.pruning import PRUNE_EVERY_S, prune
from chassis.questions import AnswerQuestion, Questions
from chassis.relay import Relay

_log = structlog.get_logger()

CHASSIS_MIGRATIONS = Path(__file__).parent / "migrations"
_INBOX_KEPT_DAYS = 7
_PRUNE_INBOX: LiteralString = """
delete from inbox where message_id in (
    select message_id from inbox where received_at < now() - make_interval(days => %(days)s)
    order by received_at limit %(rows)s for update skip locked
)
"""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a service is given to live on."""

    database: Database
    cache: Cache
    questions: Questions
    clock: Clock
    metrics: Metrics
    rate_limit: MakeRate = in_this_process


@dataclass(frozen=True, slots=True)
class Hearing:
    """What a service hears: its consumer group, the streams, and the handler of a batch of facts."""

    group: str
    streams: Sequence[str]
    handle: HandleFacts


@dataclass(frozen=True, slots=True)
class Ticker:
    """Something done again and again, `every_s` seconds; a failure is logged and tried at the next tick."""

    name: str
    every_s: float
    tick: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Service:
    """A composed service, ready to be run by any door."""

    name: str
    parts: Parts
    blueprints: Sequence[APIBlueprint] = ()
    hearing: Hearing | None = None
    tickers: Sequence[Ticker] = ()
    answers: Mapping[str, AnswerQuestion] = field(default_factory=dict)
    prepare: Callable[[], None] | None = None
    """Run once before anything else starts: first data, seeds. Must be repeatable."""


def migrate_service(url: str, service_folder: Path) -> list[str]:
    """Bring a service's database to date: the chassis' own tables first, then the service's."""
    return migrate(url, CHASSIS_MIGRATIONS, service_folder / "migrations")


def missing_in(url: str, service_folder: Path) -> list[str]:
    """Which of those migrations a database is still without."""
    return missing_migrations(url, CHASSIS_MIGRATIONS, service_folder / "migrations")


class Runtime:
    """The threads of one service in this process; without its relay where that is a process of its own."""

    def __init__(self, service: Service, bus: Bus, *, relays: bool = True) -> None:
        parts = service.parts
        self._service = service
        self._bus = bus
        self._relay = Relay(service.name, parts.database, bus, parts.metrics) if relays else None
        self._consumer: Consumer | None = None
        if service.hearing is not None:
            hearing = service.hearing
            self._consumer = Consumer(hearing.group, parts.database, hearing.handle, parts.metrics)
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def listen(self) -> None:
        """Subscribe; every service listens before any starts to speak."""
        if self._consumer is not None and self._service.hearing is not None:
            hearing = self._service.hearing
            streams = (*hearing.streams, returned_to(hearing.group))
            self._bus.subscribe(hearing.group, streams, self._consumer.receive)

    def start(self) -> None:
        """Speak from now on, and do what is to be done again and again."""
        if self._relay is not None:
            self._start_thread("relay", self._relay.run)
        housekeeping = Ticker("housekeeping", PRUNE_EVERY_S, self._prune_inbox)
        for ticker in (*self._service.tickers, housekeeping):
            self._start_thread(ticker.name, partial(self._tick, ticker))

    def stop(self) -> None:
        """Stop speaking, then listening; what is unfinished stays in the outbox."""
        self._stopping.set()
        if self._relay is not None:
            self._relay.stop()
        if self._consumer is not None:
            self._consumer.stop()

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    def _start_thread(self, name: str, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name=f"{self._service.name}-{name}", daemon=True)
        thread.start()
        self._threads.append(thread)

    def _tick(self, ticker: Ticker) -> None:
        while not self._stopping.wait(ticker.every_s):
            try:
                ticker.tick()
            except TRANSIENT as error:
                _log.warning("tick_failed", service=self._service.name, ticker=ticker.name, reason=str(error))
            except Exception:  # noqa: BLE001  # one bad tick must not end all later ones
                _log.exception("tick_failed", service=self._service.name, ticker=ticker.name)

    def _prune_inbox(self) -> None:
        prune(self._service.parts.database, _PRUNE_INBOX, {"days": _INBOX_KEPT_DAYS})
