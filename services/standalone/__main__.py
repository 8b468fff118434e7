"""`make run`: the whole exchange in one process on one port, its data in one folder."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import structlog

from chassis.database import TRANSIENT
from chassis.http_server import PortRefused, Server, open_port
from chassis.logs import log_from
from chassis.migrations import MigrationChanged
from chassis.parent import stop_with_parent
from chassis.settings import SettingsError, read_settings
from standalone.api import API_PAGE
from standalone.embedded_postgres import EmbeddedPostgres, PostgresGone, PostgresRefused, Watchdog
from standalone.exchange import SERVICES, prepare
from standalone.greeting import greeting
from standalone.house import House, live_settings, open_house
from standalone.market import ResidentMarket
from standalone.settings import Settings, is_market_on, market_environment, reachable_url, service_environment

WAIT_FOR_PREDECESSOR_S = 30.0
"""A killed predecessor's worker finishes the requests it has before it lets go of the data folder."""

_NEXT_WORKER_S = 1.0

_log = structlog.get_logger()


def main() -> int:
    """Run until told to stop; 1 with one sentence on standard error when it cannot."""
    started_s = time.monotonic()
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):  # until the server takes over
        signal.signal(number, partial(_stop_starting, told))
    try:
        settings = read_settings(Settings, os.environ)
        log_from(settings.log_level)
        if settings.stop_with_parent:
            stop_with_parent()
        run(settings, started_s, told)
    except (SettingsError, PostgresRefused, PortRefused, MigrationChanged) as refused:
        print(f"The exchange did not start. {refused}", file=sys.stderr)
        return 1
    except PostgresGone as gone:
        print(f"The exchange has stopped. {gone}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return 0


def run(settings: Settings, started_s: float, told: list[int]) -> None:
    """Serve until SIGINT or SIGTERM, also one of `told`; raises one of the refusals when something is in the way."""
    folder = Path(settings.data).resolve()
    environment = service_environment(os.environ, folder)
    is_market_on(environment)  # a bad setting is told before anything starts
    sockets = live_settings(environment).most_sockets
    postgres = EmbeddedPostgres(folder, lock_wait_s=WAIT_FOR_PREDECESSOR_S)
    with postgres:
        listener = open_port(settings.host, settings.port)
        url = reachable_url(listener)  # asked for now: gunicorn makes a socket of its own of it
        market = _market(url, folder)
        with postgres.explained():
            for name in SERVICES:
                postgres.create_database_if_missing(name)
            prepare(postgres.url, environment)  # here, where a bad setting can still be told in one sentence

        def open_app() -> House:
            # With the default of 5 ms requests crowd out what settles them: 2,300 batch orders/s in the end, not 3,400.
            sys.setswitchinterval(0.001)
            return _open_house(postgres, environment, market)

        def announce() -> None:
            if market is not None:
                market.start()
            _greet(url, folder, time.monotonic() - started_s)

        if told:
            sys.exit(128 + told[0])
        most, concurrency = settings.max_connections_per_address, settings.http_concurrency
        _serve(Server(listener, settings.http_threads, open_app, announce, sockets, most, concurrency), postgres)


def _serve(server: Server, postgres: EmbeddedPostgres) -> None:
    """Serve, and keep PostgreSQL up meanwhile; PostgresGone once it does not come back."""
    watchdog = Watchdog(postgres, give_up=lambda: os.kill(os.getpid(), signal.SIGTERM))
    watchdog.start()
    try:
        server.run()
    except SystemExit as ended:
        if watchdog.has_given_up:
            raise PostgresGone(watchdog.reason) from ended
        raise
    finally:
        watchdog.stop()


def _open_house(postgres: EmbeddedPostgres, environment: Mapping[str, str], market: ResidentMarket | None) -> House:
    """Open it in a worker. Where PostgreSQL does not answer the worker ends, and the next one tries."""
    try:
        return open_house(postgres.url, environment, market)
    except TRANSIENT as error:
        _log.warning("the exchange opens as soon as PostgreSQL is back", why=str(error).partition("\n")[0])
        time.sleep(_NEXT_WORKER_S)
        sys.exit(1)


def _market(url: str, folder: Path) -> ResidentMarket | None:
    if not is_market_on(os.environ):
        return None
    return ResidentMarket(market_environment(os.environ, url, folder))


def _stop_starting(told: list[int], number: int, _: object) -> None:
    """Leave, and remember it: Python swallows what is raised while it tidies up after itself."""
    told.append(number)
    sys.exit(128 + number)


def _greet(url: str, folder: Path, took_s: float) -> None:
    here = url.replace("//127.0.0.1:", "//localhost:")
    print("\n".join(greeting(os.environ, here, API_PAGE, folder, took_s, "Ctrl-C stops it")), flush=True)


if __name__ == "__main__":
    sys.exit(main())
