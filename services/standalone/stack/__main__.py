"""`make stack` and `make stack-down`: the exchange as processes of its own on real servers, in one folder."""

from __future__ import annotations

import os
import resource
import socket
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from chassis.http_server import PortRefused, open_port
from chassis.parent import stop_with_parent
from chassis.settings import SettingsError, read_settings
from standalone.embedded_postgres import PostgresRefused
from standalone.embedded_postgres.refusal import require_room
from standalone.greeting import greeting
from standalone.servers.gateway import DOCUMENTS
from standalone.servers.nginx import configure
from standalone.servers.programs import NGINX, RABBITMQ, REDIS_SERVER, ServerRefused, missing
from standalone.settings import is_market_on
from standalone.stack.log import Log
from standalone.stack.places import settle_places
from standalone.stack.plan import PAGE, Plan
from standalone.stack.settings import DOORS, Settings, read_replicas
from standalone.stack.state import State
from standalone.stack.supervisor import ChildRefused, Supervisor, ToldToStop
from standalone.stack_file import stack_file, stop_stack, take

_PREDECESSOR_LEAVES_S = 15.0
_MOST_FILES = 65_536
_POLL_S = 0.1
_FIRST_BYTES = 320 * 2**20
"""Of the database and of the broker, which takes no message where less than 50 MB are left."""


def main(words: list[str]) -> int:
    """0 when stopped as told, 1 with a sentence when it cannot be done, 2 for another word than up or down."""
    if words not in ([], ["up"], ["down"]):
        print("usage: python -m standalone.stack [up|down]", file=sys.stderr)
        return 2
    try:
        settings = read_settings(Settings, os.environ)
        folder = Path(settings.stack).resolve()
        return down(folder) if words == ["down"] else up(settings, folder)
    except (SettingsError, PortRefused, PostgresRefused, ServerRefused, ChildRefused, TimeoutError) as refused:
        print(f"{refused}", file=sys.stderr)
    except KeyboardInterrupt:
        pass
    except OSError as error:
        print(f"The folder {settings.stack} cannot be used: {error}. Choose another with STACK=.", file=sys.stderr)
    return 1


def up(settings: Settings, folder: Path) -> int:
    """Run until told to stop."""
    started_s = time.monotonic()
    if settings.stop_with_parent:
        stop_with_parent()
    read_replicas(settings.replicas)
    is_market_on(os.environ)
    _allow_many_files()
    _require_programs(settings)
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as closing:
        lock = take(folder)
        if lock is None:
            raise ServerRefused(f"A stack runs on the folder {folder} already: make stack-down stops it.")
        closing.enter_context(lock)
        run(_plan(settings, folder, closing), started_s)
    return 0


def run(plan: Plan, started_s: float) -> None:
    """Start everything in its order, stay until told to stop, and leave nothing behind; ChildRefused."""
    servers = plan.servers()
    if any(server.kind == "database" for server in servers) and not (plan.folder / "cluster").exists():
        require_room(plan.folder, _FIRST_BYTES)
    log, state = Log(), State(plan)
    supervisor = Supervisor(log, state)
    try:
        supervisor.start(servers)
        supervisor.wait_until_ready("database")  # the broker takes longest: until it comes there is enough to do
        first, *others = plan.migrations()
        log.tell("bringing the databases to date")
        supervisor.do([first])
        supervisor.do(others)
        supervisor.start([*plan.doors(), plan.gateway()])
        log.tell("waiting until all of them do their work")
        supervisor.wait_until_ready()
        if plan.market():
            supervisor.start(plan.market())
        _greet(plan, log, time.monotonic() - started_s)
        supervisor.stay()
    except ToldToStop:
        log.tell("stopping")
    finally:
        supervisor.stop()
        supervisor.close()
        state.remove()
    log.tell("stopped")


def down(folder: Path) -> int:
    """Stop the stack of a folder."""
    stopped = stop_stack(folder)
    print(f"The stack of {folder} has stopped." if stopped else f"No stack runs on the folder {folder}.")
    return 0


def _require_programs(settings: Settings) -> None:
    programs = [NGINX]
    programs += [] if settings.rabbitmq_url else RABBITMQ
    programs += [] if settings.redis_url else [REDIS_SERVER]
    sentences = missing(programs)
    if sentences:
        raise ServerRefused("\n".join(sentences))


def _plan(settings: Settings, folder: Path, closing: ExitStack) -> Plan:
    listener = closing.enter_context(_public_socket(settings, folder))
    listening = [*(service for service, doors in DOORS.items() if "web" in doors), PAGE]
    sockets = {name: closing.enter_context(open_port("127.0.0.1", 0)) for name in listening}
    gateway = folder / "gateway"
    gateway.mkdir(exist_ok=True)
    configure(gateway, listener, sockets)
    return Plan(folder, settings, settle_places(folder), listener, sockets)


def _public_socket(settings: Settings, folder: Path) -> socket.socket:
    """The port, held from now on. A killed predecessor's gateway may need a moment to let go of it."""
    was_killed = stack_file(folder).exists()
    deadline_s = time.monotonic() + (_PREDECESSOR_LEAVES_S if was_killed else 0.0)
    while True:
        try:
            return open_port(settings.host, settings.port)
        except PortRefused:
            if time.monotonic() >= deadline_s:
                raise
            time.sleep(_POLL_S)


def _allow_many_files() -> None:
    """Every live connection is one, in the gateway two; what is usual without asking is 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))


def _greet(plan: Plan, log: Log, took_s: float) -> None:
    stops = "Ctrl-C or make stack-down stops it"
    for line in greeting(os.environ, plan.url, DOCUMENTS, plan.folder, took_s, stops):
        log.plain(line)
    log.plain(f"  processes        {sum(1 for _ in plan.doors())}, listed in {stack_file(plan.folder)}")
    log.plain(f"  to replace all of them, one by one:  kill -HUP {os.getpid()}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
