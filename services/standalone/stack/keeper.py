"""Keeps one server: starts it, says when it does its work, goes when it goes, and takes it along when told to go.

`python -m standalone.stack.keeper KIND FOLDER`: to the supervisor each server is a child like every other.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from standalone.databases import SERVICES
from standalone.embedded_postgres import EmbeddedPostgres, PostgresRefused
from standalone.servers.nginx import Nginx
from standalone.servers.programs import ServerRefused
from standalone.servers.rabbitmq import RabbitMQ
from standalone.servers.redis_server import RedisServer
from standalone.stack.places import VIRTUAL_HOST, read_places

MOST_CONNECTIONS = "300"
_PREDECESSOR_LIMIT_S = 30.0
_POLL_S = 0.05


class Kept(Protocol):
    """A server as its keeper sees it."""

    @property
    def pid(self) -> int: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...
    def is_running(self) -> bool: ...


class Database:
    """The embedded PostgreSQL with a database for each service."""

    def __init__(self, folder: Path) -> None:
        self._pid_file = folder / "cluster" / "postmaster.pid"
        self._postgres = EmbeddedPostgres(folder, {"max_connections": MOST_CONNECTIONS}, _PREDECESSOR_LIMIT_S)

    @property
    def pid(self) -> int:
        return int(self._pid_file.read_text().split()[0])

    def start(self) -> None:
        self._postgres.start()
        for service in SERVICES:
            self._postgres.create_database_if_missing(service)

    def stop(self) -> None:
        self._postgres.stop()

    def is_running(self) -> bool:
        return self._postgres.is_running


def _broker(folder: Path) -> Kept:
    return RabbitMQ(_room(folder, "broker"), read_places(folder).broker, [VIRTUAL_HOST], is_tied=True)


def _cache(folder: Path) -> Kept:
    places = read_places(folder)
    return RedisServer(_room(folder, "cache"), places.cache_port, places.cache_password, is_tied=True)


def _gateway(folder: Path) -> Kept:
    listener = socket.socket(fileno=int(os.environ["LISTEN_FD"]))
    return Nginx(_room(folder, "gateway"), listener, is_tied=True)


KINDS: Mapping[str, Callable[[Path], Kept]] = MappingProxyType(
    {"database": Database, "broker": _broker, "cache": _cache, "gateway": _gateway}
)


def main(kind: str, folder: Path) -> int:
    """0 when told to go, 1 when the server went by itself or never came; then a sentence says why."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = KINDS[kind](folder)
    try:
        server.start()
        _tell_ready(server.pid)
        while server.is_running():
            time.sleep(_POLL_S)
    except (ServerRefused, PostgresRefused) as refused:
        print(refused, file=sys.stderr)
        return 1
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        server.stop()
    print("the server is gone", file=sys.stderr)
    return 1


def _tell_ready(pid: int) -> None:
    with os.fdopen(int(os.environ["READY_FD"]), "w") as pipe:
        pipe.write(f"ready {pid}\n")


def _room(folder: Path, name: str) -> Path:
    room = folder / name
    room.mkdir(exist_ok=True)
    return room


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
