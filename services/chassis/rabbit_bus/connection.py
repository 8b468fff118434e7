"""One connection to the broker in a thread of its own, made anew for ever."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

import structlog
from pika import SelectConnection, URLParameters  # type: ignore[import-untyped]

from chassis.backoff import jitter

_log = structlog.get_logger()
logging.getLogger("pika").setLevel(logging.CRITICAL)  # ten lines for each failed attempt; ours is one

_HEARTBEAT_S = 15
_SOCKET_LIMIT_S = 5.0
_FAREWELL_LIMIT_S = 5.0
_LOOK_AGAIN_S = 0.05
_SHORTEST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 2.0


class Connection:
    """Everything pika does happens in this thread, so heartbeats are answered whatever the others are busy with.

    `opened` gets each new pika connection, `lost` is called when it is gone; both in the connection's thread.
    A URL may name its own `heartbeat` in seconds.
    """

    def __init__(self, url: str, name: str, opened: Callable[[Any], None], lost: Callable[[], None]) -> None:
        self._parameters = URLParameters(url)
        self._parameters.heartbeat = self._parameters.heartbeat or _HEARTBEAT_S
        self._parameters.socket_timeout = self._parameters.stack_timeout = _SOCKET_LIMIT_S
        self._parameters.client_properties = {"connection_name": name}
        self._name = name
        self._on_opened = opened
        self._on_lost = lost
        self._pause_s = _SHORTEST_PAUSE_S
        self._leaving = threading.Event()
        self._is_lost = False
        self._lock = threading.Lock()
        self._current: Any = None
        self._thread = threading.Thread(target=self._run, name=f"rabbit-{name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def post(self, work: Callable[[], None]) -> None:
        """Have work done in the connection's thread, after what was posted before; never, if it is lost meanwhile."""
        with self._lock:
            if self._current is not None:
                self._current.ioloop.add_callback_threadsafe(work)

    def later(self, delay_s: float, work: Callable[[], None]) -> None:
        """Have work done after a pause; only from the connection's own thread."""
        self._current.ioloop.call_later(delay_s, work)

    def drop(self) -> None:
        """Leave this connection and make another; from any thread."""
        self.post(self._hang_up)

    def close(self) -> None:
        """Leave for good, after all that was posted before."""
        self._leaving.set()
        self.drop()
        if self._thread.is_alive():
            self._thread.join(2 * _FAREWELL_LIMIT_S)

    def _run(self) -> None:
        while not self._leaving.is_set():
            self._live_once()
            self._leaving.wait(self._pause_s * jitter())
            self._pause_s = min(self._pause_s * 2, _LONGEST_PAUSE_S)

    def _live_once(self) -> None:
        connection = SelectConnection(
            self._parameters,
            on_open_callback=self._opened,
            on_open_error_callback=self._lost,
            on_close_callback=self._lost,
        )
        with self._lock:
            self._current = connection
        if self._leaving.is_set():
            self.post(self._hang_up)
        connection.ioloop.start()
        with self._lock:
            self._current = None
        self._on_lost()
        connection.ioloop.close()

    def _opened(self, connection: Any) -> None:
        self._pause_s = _SHORTEST_PAUSE_S
        if self._is_lost:
            _log.warning("broker_found", connection=self._name)
        self._is_lost = False
        self._on_opened(connection)

    def _lost(self, connection: Any, reason: BaseException) -> None:
        if not (self._leaving.is_set() or self._is_lost):  # one line for an outage, however many attempts it takes
            _log.warning("broker_lost", connection=self._name, reason=repr(reason))
            self._is_lost = True
        connection.ioloop.stop()

    def _hang_up(self) -> None:
        if not (self._current.is_open or self._current.is_closing or self._current.is_closed):
            self.later(_LOOK_AGAIN_S, self._hang_up)  # pika breaks when it is told to close amid its handshake
        elif self._current.is_open:
            self._current.close()
            self.later(_FAREWELL_LIMIT_S, self._current.ioloop.stop)  # a frozen broker does not say good-bye
