"""`make run`: the whole exchange in one process on one port, its data in one folder."""

from __future__ import annotations

import os
import signal
import sys
import time
from functools import partial
from pathlib import Path

from chassis.http_server import PortRefused, Server, open_port
from chassis.logs import log_from
from chassis.migrations import MigrationChanged
from chassis.parent import stop_with_parent
from chassis.settings import SettingsError, read_settings
from standalone.api import API_PAGE
from standalone.embedded_postgres import EmbeddedPostgres, PostgresRefused
from standalone.exchange import SERVICES, Exchange, compose, prepare
from standalone.settings import Settings, service_environment

WAIT_FOR_PREDECESSOR_S = 30.0
"""A killed predecessor's worker finishes the requests it has before it lets go of the data folder."""


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
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return 0


def run(settings: Settings, started_s: float, told: list[int]) -> None:
    """Serve until SIGINT or SIGTERM, also one of `told`; raises one of the refusals when something is in the way."""
    folder = Path(settings.data).resolve()
    environment = service_environment(os.environ, folder)
    postgres = EmbeddedPostgres(folder, lock_wait_s=WAIT_FOR_PREDECESSOR_S)
    with postgres:
        listener = open_port(settings.host, settings.port)
        for name in SERVICES:
            postgres.create_database_if_missing(name)
        prepare(postgres.url, environment)  # here, where a bad setting can still be told in one sentence

        def open_exchange() -> Exchange:
            # With the default of 5 ms requests crowd out what settles them: 2,300 batch orders/s in the end, not 3,400.
            sys.setswitchinterval(0.001)
            exchange = compose(postgres.url, environment)
            exchange.settle()
            return exchange

        def announce() -> None:
            _greet(settings, folder, environment["DEMO_USERS"], time.monotonic() - started_s)

        if told:
            sys.exit(128 + told[0])
        Server(listener, settings.http_threads, open_exchange, announce).run()


def _stop_starting(told: list[int], number: int, _: object) -> None:
    """Leave, and remember it: Python swallows what is raised while it tidies up after itself."""
    told.append(number)
    sys.exit(128 + number)


def _greet(settings: Settings, folder: Path, demo_users: str, took_s: float) -> None:
    here = f"http://{'localhost' if settings.host == '127.0.0.1' else settings.host}:{settings.port}"
    print(f"The exchange is open on {here} (ready in {took_s:.1f} s; Ctrl-C stops it)")
    print(f"  API page    {here}{API_PAGE}")
    print(f"  demo users  {demo_users or 'none'}")
    print(f"  data        {folder}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
