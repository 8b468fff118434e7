"""gunicorn's threaded worker, refusing what is no HTTP in the same words as everything else is refused."""

from __future__ import annotations

import json
import os
import select
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http.client import responses
from typing import Any

from gunicorn import util
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.workers.gthread import ThreadWorker

from contracts.refusals import Refusal

_LINGER_MS = 20
"""How long a thread stays with a connection for its next request: to go back to the main thread for each costs a tenth
of what a request costs. At most half of the threads do so."""

_LAST_WORDS_S = 1.0
_LAST_WORDS_BYTES = 65_536


class HttpWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """Stays with a busy connection; what it cannot read it answers with our JSON, never with a page or a 5xx."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lingering = threading.Semaphore(self.app.threads // 2)

    def handle_exit(self, sig: int, frame: Any) -> None:
        """SIGTERM: who would stay is seen out first, while requests are still answered."""
        self._after_leaving(partial(super().handle_exit, sig, frame))

    def handle_quit(self, sig: int, frame: Any) -> None:
        """SIGINT or SIGQUIT: the same, and then requests are not waited for."""
        if self.app.has_left:
            super().handle_quit(sig, frame)
        else:
            self._after_leaving(partial(os.kill, os.getpid(), sig))  # to come back: it has to leave the main thread

    def _after_leaving(self, then: Callable[[], object]) -> None:
        def leave() -> None:
            try:
                self.app.leave()
            finally:
                then()

        threading.Thread(target=leave, name="leaving", daemon=True).start()

    def is_parent_alive(self) -> bool:
        if super().is_parent_alive():
            return True
        threading.Thread(target=self.app.leave, name="leaving", daemon=True).start()
        return False

    def handle(self, conn: Any) -> Any:
        """Answer a request, and the next ones of this connection while they follow closely."""
        answered = super().handle(conn)
        while answered is True and self._is_followed(conn):
            answered = super().handle(conn)
        return answered

    def handle_request(self, req: Any, conn: Any) -> Any:
        try:
            return super().handle_request(req, conn)
        except StopIteration:  # how an app says that it has spoken something else here: a WebSocket, now over
            _end_of_words(conn.sock)
            raise

    def _is_followed(self, conn: Any) -> bool:
        if not (self.alive and self.is_parent_alive() and self._lingering.acquire(blocking=False)):
            return False  # a worker that is to leave is not kept by a client that never stops asking
        try:
            ready = select.poll()
            ready.register(conn.sock, select.POLLIN)
            return bool(ready.poll(_LINGER_MS))
        finally:
            self._lingering.release()

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        if not isinstance(exc, ParseException):
            super().handle_error(req, client, addr, exc)
            return
        try:
            util.write_nonblock(client, _refusal_of(exc))
        except OSError:
            self.log.debug("the client was gone before it could be refused")


def _end_of_words(sock: socket.socket) -> None:
    """Say that no more comes and wait for the other's end here: gunicorn would wait for it in its only main thread."""
    left = _LAST_WORDS_BYTES
    with suppress(OSError):
        sock.shutdown(socket.SHUT_WR)
        sock.settimeout(_LAST_WORDS_S)
        while left > 0 and (read := sock.recv(left)):
            left -= len(read)
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _refusal_of(error: ParseException) -> bytes:
    refusal = Refusal.MALFORMED_REQUEST
    if isinstance(error, LimitRequestLine):
        refusal = Refusal.ADDRESS_TOO_LONG
    elif isinstance(error, LimitRequestHeaders):
        refusal = Refusal.HEADERS_TOO_LARGE
    answer = refusal.value
    body = json.dumps({"code": answer.number, "name": refusal.name.lower(), "message": answer.sentence}).encode()
    head = (
        f"HTTP/1.1 {answer.status} {responses[answer.status]}\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body
