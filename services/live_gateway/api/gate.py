"""In front of the app: WebSockets at /socket.io are let in, so many, and served until they end."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

import structlog

from chassis.aside import stepping_aside
from contracts.refusals import Refusal, Refused

_log = structlog.get_logger()

PATH = "/socket.io"

_ACCEPT_SALT = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3
_SOCKET_KEYS = ("gunicorn.socket", "werkzeug.socket")
"""Where servers leave the socket for whoever takes the connection over."""

StartResponse = Callable[..., Any]
Wsgi = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]
Serve = Callable[[socket.socket, str], None]
"""Serves one WebSocket of a client at that address; returns when it has ended."""


class Gate:
    """WSGI: WebSockets at /socket.io go to `serve`, all other paths to `pages`; at most `most` sockets at a time."""

    def __init__(self, pages: Wsgi, serve: Serve, most: int) -> None:
        self._pages, self._serve = pages, serve
        self._places = threading.Semaphore(most)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path != PATH and not path.startswith(f"{PATH}/"):
            return self._pages(environ, start_response)
        try:
            accept = _handshake(environ)
        except Refused as refused:
            return _refuse(start_response, refused)
        if not self._places.acquire(blocking=False):
            return _refuse(start_response, Refused(Refusal.UNAVAILABLE))
        key = next(key for key in _SOCKET_KEYS if key in environ)
        try:
            with stepping_aside():
                self._serve_on(environ[key], accept, str(environ.get("REMOTE_ADDR", "")))
        finally:
            self._places.release()
        raise StopIteration if key == "gunicorn.socket" else ConnectionError  # the connection has been taken over

    def _serve_on(self, connection: socket.socket, accept: str, address: str) -> None:
        head = (
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Accept: {accept}\r\n\r\n"
        )
        try:
            connection.sendall(head.encode())
            self._serve(connection, address)
        except OSError as gone:
            _log.debug("live_line_broken", reason=repr(gone))
        except Exception:  # noqa: BLE001  # a server would answer it with a page in mid-stream
            _log.exception("live_connection_failed")
        finally:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def _handshake(environ: dict[str, Any]) -> str:
    """What accepts this request for a WebSocket; Refused if it is none, or for another protocol than ours."""
    upgrade = environ.get("HTTP_UPGRADE", "").lower()
    options = [option.strip().lower() for option in environ.get("HTTP_CONNECTION", "").split(",")]
    if environ.get("REQUEST_METHOD") != "GET" or upgrade != "websocket" or "upgrade" not in options:
        raise Refused(
            Refusal.INVALID_REQUEST,
            'The live interface speaks WebSocket only: connect with transports: ["websocket"].',
        )
    asked = parse_qs(environ.get("QUERY_STRING", ""), max_num_fields=20) if _is_short(environ) else {}
    if asked.get("EIO") != ["4"] or asked.get("transport") != ["websocket"] or "sid" in asked:
        raise Refused(Refusal.INVALID_REQUEST, "The live interface is Socket.IO 5: ?EIO=4&transport=websocket.")
    key = environ.get("HTTP_SEC_WEBSOCKET_KEY", "")
    if environ.get("HTTP_SEC_WEBSOCKET_VERSION") != "13" or not _is_key(key):
        raise Refused(Refusal.INVALID_REQUEST, "This is no WebSocket of version 13.")
    return base64.b64encode(hashlib.sha1(key.encode() + _ACCEPT_SALT).digest()).decode()  # noqa: S324  # as RFC 6455 says


def _is_short(environ: dict[str, Any]) -> bool:
    return str(environ.get("QUERY_STRING", "")).count("&") < 20


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == 16
    except (binascii.Error, ValueError):
        return False


def _refuse(start_response: StartResponse, refused: Refused) -> list[bytes]:
    answer = refused.refusal.value
    content = {"code": answer.number, "name": refused.refusal.name.lower(), "message": refused.message}
    body = json.dumps(content).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    if answer.status == 503:
        headers.append(("Retry-After", "1"))
    start_response(f"{answer.status} Refused", headers)
    return [body]
