"""In front of Socket.IO: lets WebSockets in, so many and so fast, and can cut each of them off."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import structlog

from contracts.refusals import Refusal, Refused

_log = structlog.get_logger()

PATH = "/socket.io"
TAP = "live_gateway.tap"
"""Where the gate leaves the Tap of a socket in its WSGI environment."""

_UNADMITTED_LIMIT_S = 30.0
_BYTES_PER_S = 64 * 1024
_BURST_BYTES = 256 * 1024
_SOCKET_KEYS = ("gunicorn.socket", "werkzeug.socket")
"""Where servers leave the socket for whoever takes the connection over, as simple-websocket does."""

StartResponse = Callable[..., Any]
Wsgi = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


class Tap:
    """A client's socket that reads no faster than a client has reason to speak, so that a flood stays in the network.

    Whatever reads it also gives way to others: gevent would serve a client that never pauses, and nobody else.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._sending = threading.Lock()
        self._budget_bytes = float(_BURST_BYTES)
        self._counted_s = time.monotonic()
        self.attempts = 0
        self.sid = ""
        self.waits_since_s: float | None = self._counted_s

    def recv(self, most: int) -> bytes:
        arrived = self._socket.recv(most)
        now_s = time.monotonic()
        gained = (now_s - self._counted_s) * _BYTES_PER_S
        self._budget_bytes = min(self._budget_bytes + gained, _BURST_BYTES) - len(arrived)
        self._counted_s = now_s
        if self._budget_bytes < 0:
            time.sleep(-self._budget_bytes / _BYTES_PER_S)
        return arrived

    def send(self, content: bytes) -> int:
        """Send all of it, or raise BrokenPipeError, the one error that simple-websocket expects when nobody is there.

        It sends from two threads, and takes it that nothing is ever left over.
        """
        try:
            with self._sending:
                self._socket.sendall(content)
        except OSError as gone:
            raise BrokenPipeError(*gone.args) from gone
        return len(content)

    def start_waiting(self) -> None:
        """Nobody is admitted on it now."""
        self.waits_since_s = time.monotonic()

    def hang_up(self) -> None:
        with suppress(OSError):  # it has gone already
            self._socket.shutdown(socket.SHUT_RDWR)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)


class Gate:
    """WSGI: /socket.io by WebSocket goes to `live`, all other paths to `pages`.

    `ended` is called with each socket when it is gone, however that came about.
    """

    def __init__(self, pages: Wsgi, live: Wsgi, most: int, ended: Callable[[Tap], None]) -> None:
        self._pages, self._live = pages, live
        self._ended = ended
        self._most = most
        self._lock = threading.Lock()
        self._taps: set[Tap] = set()
        self._is_closed = False

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path != PATH and not path.startswith(f"{PATH}/"):
            return self._pages(environ, start_response)
        if environ.get("HTTP_UPGRADE", "").lower() != "websocket":
            wanted = 'The live interface speaks WebSocket only: connect with transports: ["websocket"].'
            return _refuse(start_response, Refused(Refusal.INVALID_REQUEST, wanted))
        key = next(key for key in _SOCKET_KEYS if key in environ)
        tap = Tap(environ[key])
        if not self._let_in(tap):
            return _refuse(start_response, Refused(Refusal.UNAVAILABLE))
        environ = {**environ, key: tap, TAP: tap}
        # Compression costs a quarter of a megabyte a connection and more time than all the rest.
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        try:
            return self._live(environ, start_response)
        except (StopIteration, ConnectionError):
            raise  # how Flask-SocketIO tells the server that a connection it took over has ended
        except Exception as broken:  # what is no packet; a server would answer it with a page in mid-stream
            _log.debug("live_line_broken", reason=repr(broken))
            raise (StopIteration if key == "gunicorn.socket" else ConnectionError)() from broken
        finally:
            tap.hang_up()
            with self._lock:
                self._taps.discard(tap)
            self._ended(tap)

    def sweep(self) -> None:
        """Cut off those who have been there for a while without being admitted."""
        latest_s = time.monotonic() - _UNADMITTED_LIMIT_S
        for tap in self._open_taps():
            if tap.waits_since_s is not None and tap.waits_since_s < latest_s:
                tap.hang_up()

    def close(self) -> None:
        """Cut everybody off and let nobody in any more."""
        self._is_closed = True
        for tap in self._open_taps():
            tap.hang_up()

    def _open_taps(self) -> list[Tap]:
        with self._lock:
            return list(self._taps)

    def _let_in(self, tap: Tap) -> bool:
        with self._lock:
            if self._is_closed or len(self._taps) >= self._most:
                return False
            self._taps.add(tap)
            return True


def _refuse(start_response: StartResponse, refused: Refused) -> list[bytes]:
    answer = refused.refusal.value
    content = {"code": answer.number, "name": refused.refusal.name.lower(), "message": refused.message}
    body = json.dumps(content).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    if answer.status == 503:
        headers.append(("Retry-After", "1"))
    start_response(f"{answer.status} Refused", headers)
    return [body]
