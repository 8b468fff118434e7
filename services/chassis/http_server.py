"""Serves an app on one port: gunicorn watches one worker, and everything that answers lives in the worker."""

from __future__ import annotations

import resource
import socket
import threading
from collections.abc import Callable
from typing import Any, Protocol

from flask import Flask
from gunicorn.app.base import BaseApplication

_GRACE_S = 10
_MOST_CONNECTIONS = 2_000
_OTHER_FILES = 512
"""What a process has open beside its clients' sockets: databases, brokers, logs."""
_WORKER_SILENT_S = 120
"""Longer than any start; a worker that shows no sign of life for so long is replaced."""


class Served(Protocol):
    """What a worker opens: an app, how to see out who would stay, and how to close what it lives on."""

    @property
    def app(self) -> Flask: ...

    def leave(self) -> None: ...

    def stop(self) -> None: ...


class PortRefused(Exception):
    """The port cannot be had; the text says why and what to do."""


def open_port(host: str, port: int) -> socket.socket:
    """Take the port before anything else starts; PortRefused if somebody has it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(1024)
    except (OSError, OverflowError) as error:
        listener.close()
        raise PortRefused(
            f"Port {port} on {host} cannot be used ({error}): stop what uses it or choose another with PORT=."
        ) from error
    return listener


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """Calls `open_app` in a worker process and serves what it gives on `listener` until told to stop.

    `threads` answer requests; beside them there is room for `sockets` that stay open, a thread each.
    `connections_per_address` are kept of one client, its oldest idle one making room; 0 is no limit of one's own.
    `concurrency` requests are at work at the same time, those that wait for something not counted; the others wait in
    a line for each client, whom `trusted_proxies` proxies tell by X-Forwarded-For.
    """

    def __init__(
        self,
        listener: socket.socket,
        threads: int,
        open_app: Callable[[], Served],
        ready: Callable[[], None],
        sockets: int = 0,
        connections_per_address: int = 0,
        concurrency: int = 32,
        trusted_proxies: int = 0,
    ) -> None:
        self.concurrency = concurrency
        self.trusted_proxies = trusted_proxies
        self._listener = listener
        self.connections_per_address = connections_per_address
        self.threads = threads
        self._sockets = sockets
        self._open_app = open_app
        self._ready = ready
        self._served: Served | None = None
        self._staying: Served | None = None
        self._leaving = threading.Lock()
        self.has_left = False
        super().__init__()

    def load_config(self) -> None:
        options = {
            "bind": f"fd://{self._listener.fileno()}",
            "workers": 1,
            "worker_class": "chassis.http_worker.HttpWorker",
            "threads": self.threads + self._sockets,
            "limit_request_line": 8_190,
            "worker_connections": most_connections() + self._sockets,
            "forwarded_allow_ips": "",  # whom to believe about addresses is said once, with TRUSTED_PROXIES
            "forwarder_headers": "",
            "sendfile": False,  # a thread would wait in it for a client that does not read
            "keepalive": 75,
            "timeout": _WORKER_SILENT_S,
            "graceful_timeout": _GRACE_S,
            "control_socket_disable": True,
            "loglevel": "warning",
            "post_worker_init": self._announce,
            "worker_exit": self._close,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        self._served = self._staying = self._open_app()
        return self._served.app

    def leave(self) -> None:
        """See out, once, those who would not go by themselves; returns when they have gone."""
        with self._leaving:
            staying, self._staying = self._staying, None
            if staying is not None:
                staying.leave()
            self.has_left = True

    def _announce(self, worker: Any) -> None:
        self._ready()

    def _close(self, server: Any, worker: Any) -> None:
        self.leave()
        if self._served is not None:
            self._served.stop()


def most_connections() -> int:
    """How many clients one process keeps at the same time; the limit on open files is raised for it where allowed."""
    wanted = _MOST_CONNECTIONS + _OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return _MOST_CONNECTIONS if soft == resource.RLIM_INFINITY else max(min(_MOST_CONNECTIONS, soft - _OTHER_FILES), 64)
