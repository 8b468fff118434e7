"""The server of a process of its own: gevent's, for which a thousand idle sockets are no load."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import gevent  # type: ignore[import-untyped]
from gevent.event import Event  # type: ignore[import-untyped]
from gevent.pool import Pool  # type: ignore[import-untyped]
from gevent.pywsgi import WSGIHandler, WSGIServer  # type: ignore[import-untyped]

LEAVE_LIMIT_S = 1.0
"""For pages of health and metrics that are being written; the sockets have been cut off by then."""
HEAD_LIMIT_S = 10.0
"""For a request's first line, and for its headers."""
_SPARE_CONNECTIONS = 64
"""For /livez, /readyz and /metrics, and for those who find no room."""


class _Handler(WSGIHandler):  # type: ignore[misc]  # gevent ships few types
    """Leaves the socket where the gate looks for it, waits so long for a request, and lets those who have gone go."""

    def read_requestline(self) -> Any:
        with gevent.Timeout(HEAD_LIMIT_S, ConnectionError("no request came")):
            return super().read_requestline()

    def read_request(self, raw_requestline: Any) -> Any:
        with gevent.Timeout(HEAD_LIMIT_S, ConnectionError("half a request came")):
            return super().read_request(raw_requestline)

    def handle(self) -> None:
        with suppress(ConnectionError):  # what came after a WebSocket is no request, and nobody is there to be told so
            super().handle()

    def get_environ(self) -> dict[str, Any]:
        return {**super().get_environ(), "werkzeug.socket": self.socket}


def serve(
    listener: socket.socket, app: Any, most_sockets: int, ready: Callable[[], None], leave: Callable[[], None]
) -> None:
    """Answer on `listener` until SIGTERM or SIGINT; then let nobody in, call `leave`, and wait for the rest."""
    told = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, told.set)
    pool = Pool(most_sockets + _SPARE_CONNECTIONS)

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        try:
            return app(environ, start_response)
        except ConnectionError:  # how the gate says that a connection it took over has ended
            return []

    server = WSGIServer(listener, answer, handler_class=_Handler, spawn=pool, log=None, error_log=None)
    server.start()
    ready()
    told.wait()
    server.stop_accepting()
    leave()
    server.stop(timeout=LEAVE_LIMIT_S)
