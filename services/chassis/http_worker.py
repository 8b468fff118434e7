"""gunicorn's threaded worker: a thread has a request when it is complete, and is free when it is answered."""

from __future__ import annotations

import io
import os
import select
import threading
from _thread import start_new_thread
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, NoMoreData, ParseException

from chassis.aside import Turn, having
from chassis.http_connection import Connection, refusal_bytes
from chassis.http_polling import PollingWorker
from contracts.refusals import Refusal

_LINGER_MS = 20
"""How long a thread stays with a connection for its next request: to go back to the main thread for each costs a tenth
of what a request costs. At most half of the threads do so."""


class HttpWorker(PollingWorker):
    """Has complete requests answered; what it cannot read it answers with our JSON, never with a page or a 5xx."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lingering = threading.Semaphore(self.app.threads // 2)
        self._was_told_to_quit = self._is_quitting = False

    def handle_exit(self, sig: int, frame: Any) -> None:
        """SIGTERM: who would stay is seen out first, while requests are still answered."""
        self._after_leaving(partial(super().handle_exit, sig, frame))

    def handle_quit(self, sig: int, frame: Any) -> None:
        """SIGINT or SIGQUIT: the same, and then requests are not waited for."""
        if self.app.has_left:
            if not self._is_quitting:  # a second exit amid the first would show as a defect
                self._is_quitting = True
                super().handle_quit(sig, frame)
        elif not self._was_told_to_quit:
            self._was_told_to_quit = True
            self._after_leaving(partial(os.kill, os.getpid(), sig))  # to come back: it has to leave the main thread

    def _after_leaving(self, then: Callable[[], object]) -> None:
        def leave() -> None:
            try:
                self.app.leave()
            finally:
                then()

        start_new_thread(leave, ())  # Thread.start waits on a lock, amid which the next signal may come

    def is_parent_alive(self) -> bool:
        if super().is_parent_alive():
            return True
        threading.Thread(target=self.app.leave, name="leaving", daemon=True).start()
        return False

    def load_wsgi(self) -> None:
        super().load_wsgi()
        answer: Callable[..., Iterable[bytes]] = self.wsgi

        def with_plain_socket(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            environ["gunicorn.socket"] = environ["gunicorn.socket"].plain  # a WebSocket does its own waiting
            return answer(environ, start_response)

        self.wsgi: Callable[..., Iterable[bytes]] = with_plain_socket

    def handle(self, conn: Connection) -> bool:
        """Answer a request, and the next ones of this connection while they follow closely and are read."""
        while True:
            conn.hand_over()
            with having(conn.turn):
                stays = super().handle(conn)
            if stays is not True:
                return False
            conn.take_back()
            conn.answered += 1
            if conn.sock.unsent or not self._is_followed(conn):
                return True

    def _is_followed(self, conn: Connection) -> bool:
        """Whether the next request of this connection is complete, now or very soon."""
        if not (self.alive and self.is_parent_alive()) or conn.incoming.refusal or not self._turns.lasts(conn):
            return False  # neither a worker that is to leave nor others are kept by a client that never stops asking
        turn = conn.turn
        if turn is not None and not conn.incoming.is_complete and self._lingering.acquire(blocking=False):
            try:
                self._linger(conn, turn)
            finally:
                self._lingering.release()
        return bool(conn.turn is not None and conn.incoming.is_complete and not conn.incoming.refusal)

    def _linger(self, conn: Connection, turn: Turn) -> None:
        """Wait a little for what comes next, without a place. It has one again if one is free then."""
        conn.turn = None
        turn.leave()
        ready = select.poll()
        ready.register(conn.sock.plain, select.POLLIN)
        if ready.poll(_LINGER_MS):
            conn.receive()
            if conn.incoming.is_complete and turn.resume_if_free():
                conn.turn = turn

    def handle_request(self, req: Any, conn: Connection) -> Any:
        """Read the body first: what is wrong with it is the client's mistake, not the app's."""
        req._expected_100_continue = False  # told already, when the head had come
        try:
            req.body = io.BytesIO(req.body.read())
        except NoMoreData as short:
            raise ParseException from short
        try:
            return super().handle_request(req, conn)
        finally:
            req.body = io.BytesIO()  # gunicorn ends a connection, unannounced, whose large body nobody asked for

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        if not isinstance(exc, ParseException):
            super().handle_error(req, client, addr, exc)
            return
        refusal = Refusal.MALFORMED_REQUEST
        if isinstance(exc, LimitRequestLine):
            refusal = Refusal.ADDRESS_TOO_LONG
        elif isinstance(exc, LimitRequestHeaders):
            refusal = Refusal.HEADERS_TOO_LARGE
        with suppress(OSError):  # the client was gone before it could be refused
            client.sendall(refusal_bytes(refusal))
