"""The five services composed in one process: one bus, one cache, one app; the only place that knows them all."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import order_matching.main
import order_matching.settings
import stock_data.main
import stock_data.settings
import stock_ordering.main
import stock_ordering.settings
import user_accounts.main
import user_accounts.settings
import user_portfolio.main
import user_portfolio.settings
from chassis.cache import Cache, CountedCache, LocalCache
from chassis.clock import SystemClock
from chassis.database import Database
from chassis.identity import Authenticator
from chassis.limits import Limits
from chassis.local_bus import LocalBus
from chassis.metrics import Metrics
from chassis.questions import LocalQuestions
from chassis.service import Parts, Runtime, Service, migrate_service
from chassis.settings import read_settings
from chassis.web import ExchangeApp, create_app
from standalone import api

SERVICES: dict[str, tuple[ModuleType, type[Any]]] = {
    "user_accounts": (user_accounts.main, user_accounts.settings.Settings),
    "user_portfolio": (user_portfolio.main, user_portfolio.settings.Settings),
    "stock_data": (stock_data.main, stock_data.settings.Settings),
    "stock_ordering": (stock_ordering.main, stock_ordering.settings.Settings),
    "order_matching": (order_matching.main, order_matching.settings.Settings),
}
"""Each service's composition root and settings; the name is also its database."""

_SETTLE_LIMIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Exchange:
    """A running exchange. `app` answers HTTP; everything else happens in threads of this process."""

    app: ExchangeApp
    services: tuple[Service, ...]
    runtimes: tuple[Runtime, ...]
    bus: LocalBus
    metrics: Metrics

    def waiting(self) -> int:
        """Messages told but not yet heard by everyone; 0 says that the exchange is quiet."""
        return sum(service.parts.database.waiting() for service in self.services)

    def settle(self) -> None:
        """Wait until everything told before has been heard, as after a restart; TimeoutError after a minute."""
        deadline_s = time.monotonic() + _SETTLE_LIMIT_S
        while self.waiting():
            if time.monotonic() > deadline_s:
                raise TimeoutError("facts in the outboxes are not being heard; see the log for the batch that fails")
            time.sleep(0.01)

    def stop(self) -> None:
        """Finish the batches under way, leave the rest in the outboxes, close every connection."""
        for runtime in self.runtimes:
            runtime.stop()
        self.bus.close()
        for runtime in self.runtimes:
            runtime.join()
        for service in self.services:
            service.parts.database.close()


def prepare(url_of: Callable[[str], str], environment: Mapping[str, str]) -> None:
    """Bring the databases to date and make the first data, starting nothing that stays.

    `url_of` gives a service's database URL. Raises SettingsError for a bad setting, MigrationChanged for a
    database that is not ours to change, and psycopg.OperationalError when one does not answer.
    """
    read_settings(Limits, environment)
    with ExitStack() as databases:
        for service in _build(url_of, environment, databases, Metrics(), LocalCache(), LocalQuestions()):
            if service.prepare is not None:
                service.prepare()


def compose(url_of: Callable[[str], str], environment: Mapping[str, str]) -> Exchange:
    """Build the services and start them on one bus. Raises what `prepare` does."""
    metrics, questions = Metrics(), LocalQuestions()
    cache = CountedCache(LocalCache(), metrics)
    services = _build(url_of, environment, ExitStack(), metrics, cache, questions)
    bus = LocalBus()
    runtimes = tuple(Runtime(service, bus) for service in services)
    for runtime in runtimes:
        runtime.listen()
    for service in services:
        if service.prepare is not None:
            service.prepare()
    for runtime in runtimes:
        runtime.start()
    accounts_settings = read_settings(user_accounts.settings.Settings, environment)
    app = create_app(
        "standalone",
        [*(blueprint for service in services for blueprint in service.blueprints), api.blueprint(url_of)],
        Authenticator(user_accounts.main.public_keys(accounts_settings), cache, questions, metrics),
        metrics,
        {service.name: service.parts.database.answers for service in services},
        read_settings(Limits, environment),
    )
    return Exchange(app, tuple(services), runtimes, bus, metrics)


def _build(
    url_of: Callable[[str], str],
    environment: Mapping[str, str],
    databases: ExitStack,
    metrics: Metrics,
    cache: Cache,
    questions: LocalQuestions,
) -> list[Service]:
    services = []
    for name, (module, settings_kind) in SERVICES.items():
        settings = read_settings(settings_kind, environment)
        migrate_service(url_of(name), Path(module.__file__ or "").parent)
        database = Database(url_of(name), SystemClock())
        databases.callback(database.close)
        database.open()
        service: Service = module.build(Parts(database, cache, questions, SystemClock(), metrics), settings)
        questions.register(service.answers)
        metrics.watch_outbox(name, database.waiting_or_unknown)
        metrics.watch_database(name, database.size_bytes)
        services.append(service)
    return services
