"""The main loop of gunicorn's threaded worker, in which nothing that a client does or leaves undone holds a thread.

gunicorn's own reads heads and bodies in its threads and waits for the last words of a connection in its only main
thread. Here the main loop collects requests and sends what clients are slow to take, all without waiting, and lets go
of whoever takes too long. Why, and what else was looked at: decision 0026.
"""

from __future__ import annotations

import errno
import selectors
import socket
import time
from collections import Counter, defaultdict
from functools import partial
from typing import Any

from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, ThreadWorker

from chassis.http_connection import Connection, Line, Stage, refusal_bytes
from chassis.http_turns import Turns
from contracts.refusals import Refusal

HEAD_LIMIT_S = 10.0
BODY_LIMIT_S = 15.0
SEND_LIMIT_S = 30.0
_CLOSING_LIMIT_S = 5.0
_SWEEP_S = 0.25
_ACCEPTED_AT_ONCE = 16
_MOST_HELD_BYTES = 64 * 1024 * 1024
"""Of requests that are not complete and answers that are not taken, over all connections."""
_LITTLE_BYTES = 64 * 1024
_MOST_THROWN_AWAY_BYTES = 32 * 1024 * 1024

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_SHORT_BODY = "The body is shorter than the request said it would be. Nothing was done."


class PollingWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """Collects requests for the threads of `handle`, which a subclass has."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting = Line()
        self._waiting_of: defaultdict[str, Line] = defaultdict(Line)
        self._connections_of: Counter[str] = Counter()
        self._held_bytes = 0
        self._swept_s = 0.0
        self._turns = Turns(self.app.concurrency, super().enqueue_req)

    def accept(self, listener: socket.socket) -> None:
        here = listener.getsockname()
        for _ in range(_ACCEPTED_AT_ONCE):
            try:
                client, address = listener.accept()
            except OSError as error:
                if error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
                    self._drop_first(self._waiting)
                return  # else there is nobody more, or who came has gone
            conn = Connection(self.cfg, client, address, here)
            self.nr_conns += 1
            self._connections_of[conn.address] += 1
            if self._make_room_for(conn):
                conn.wait_until(HEAD_LIMIT_S)
                self._wait(conn, Stage.NEW)

    def _make_room_for(self, conn: Connection) -> bool:
        most = self.app.connections_per_address
        if most and self._connections_of[conn.address] > most and not self._drop_first(self._waiting_of[conn.address]):
            self._drop(conn)
            return False
        while self.nr_conns >= self.worker_connections and (self._drop_first(self._waiting) or self._turn_away()):
            pass
        return True

    def enqueue_req(self, conn: Connection) -> None:
        """A complete request: a thread has it when it is its turn."""
        if not self._turns.enter(conn, conn.client_behind(self.app.trusted_proxies)):
            self._refuse(conn, Refusal.UNAVAILABLE)

    def _turn_away(self) -> bool:
        """Refuse one of those who wait for their turn; False when nobody does."""
        conn = self._turns.turn_away()
        if conn is not None:
            self._refuse(conn, Refusal.UNAVAILABLE)
        return conn is not None

    def finish_request(self, conn: Connection, fs: Any) -> None:
        """A thread is done with a connection."""
        if conn.turn is not None:
            conn.turn.leave()
        try:
            conn.stays = bool(not fs.cancelled() and fs.result())
        except Exception:  # noqa: BLE001  # as gunicorn has it: whatever went wrong, this connection is over
            conn.stays = False
        self._go_on(conn)

    def _go_on(self, conn: Connection) -> None:
        """What comes next for a connection that no thread has."""
        try:
            if conn.sock.unsent:
                conn.wait_until(SEND_LIMIT_S)
                self._wait(conn, Stage.SENDING)
                self._bound_memory(conn)
            elif not conn.stays:
                conn.sock.plain.shutdown(socket.SHUT_WR)
                conn.wait_until(_CLOSING_LIMIT_S)
                self._wait(conn, Stage.CLOSING)
            elif not self._answer_if_complete(conn):
                conn.wait_until(self.cfg.keepalive if self.alive else STOP_KEEPALIVE_LINGER)
                if len(conn.incoming):
                    self._expect_more(conn, was_begun=False, had_head=False)
                self._wait(conn, conn.idle_stage)
        except (OSError, ValueError):  # closed already
            self._drop(conn)

    def _answer_if_complete(self, conn: Connection) -> bool:
        if conn.incoming.refusal:
            self._refuse(conn, conn.incoming.refusal)
        elif conn.incoming.is_complete:
            self.enqueue_req(conn)
        else:
            return False
        return True

    def _on_ready(self, conn: Connection, _: object) -> None:
        if conn.stage is None:
            return  # it had to make room in this same round
        try:
            if conn.stage is Stage.CLOSING:
                if not conn.throw_away() or conn.thrown_away > _MOST_THROWN_AWAY_BYTES:
                    self._drop(conn)
            elif conn.stage is Stage.SENDING:
                self._send(conn)
            else:
                self._read(conn)
        except OSError:
            self._drop(conn)

    def _send(self, conn: Connection) -> None:
        before = conn.held_bytes
        conn.sock.flush()
        self._held_bytes -= before - conn.held_bytes
        if not conn.sock.unsent:
            self._stop_waiting(conn)
            self._go_on(conn)

    def _read(self, conn: Connection) -> None:
        incoming, before = conn.incoming, conn.held_bytes
        was_begun, had_head = before > 0, incoming.has_head
        goes_on = conn.receive()
        self._held_bytes += conn.held_bytes - before
        if incoming.refusal or incoming.is_complete:
            self._stop_waiting(conn)
            self._answer_if_complete(conn)
        elif goes_on:
            self._expect_more(conn, was_begun, had_head)
            self._bound_memory(conn)
        elif incoming.has_head:
            self._refuse(conn, Refusal.MALFORMED_REQUEST, _SHORT_BODY)
        elif len(incoming):
            self._refuse(conn, Refusal.MALFORMED_REQUEST)
        else:
            self._drop(conn)

    def _expect_more(self, conn: Connection, was_begun: bool, had_head: bool) -> None:
        if conn.incoming.has_head and not had_head:
            conn.wait_until(BODY_LIMIT_S)
            if conn.incoming.expects_continue:
                conn.sock.plain.send(_CONTINUE, socket.MSG_DONTWAIT)
        elif not was_begun and conn.stage is not Stage.NEW:
            conn.wait_until(HEAD_LIMIT_S)

    def _bound_memory(self, conn: Connection) -> None:
        if self._held_bytes > _MOST_HELD_BYTES:
            largest_first = (other for other in self._waiting if other.held_bytes > _LITTLE_BYTES)
            self._drop(next(largest_first, conn))

    def _refuse(self, conn: Connection, refusal: Refusal, message: str = "") -> None:
        self._stop_waiting(conn)
        conn.stays = False
        try:
            conn.sock.sendall(refusal_bytes(refusal, message))
        except OSError:
            self._drop(conn)
            return
        self._go_on(conn)

    def _wait(self, conn: Connection, stage: Stage) -> None:
        event = selectors.EVENT_WRITE if stage is Stage.SENDING else selectors.EVENT_READ
        self.poller.register(conn.sock.plain, event, partial(self._on_ready, conn))
        conn.stage = stage
        self._waiting.add(conn, stage)
        self._waiting_of[conn.address].add(conn, stage)
        self._held_bytes += conn.held_bytes

    def _stop_waiting(self, conn: Connection) -> None:
        if conn.stage is not None:
            self.poller.unregister(conn.sock.plain)
            self._waiting.remove(conn, conn.stage)
            self._waiting_of[conn.address].remove(conn, conn.stage)
            self._held_bytes -= conn.held_bytes
            conn.stage = None

    def _drop(self, conn: Connection) -> None:
        self._stop_waiting(conn)
        conn.close()
        self.nr_conns -= 1
        self._connections_of[conn.address] -= 1
        if not self._connections_of[conn.address]:
            del self._connections_of[conn.address]
            self._waiting_of.pop(conn.address, None)

    def _drop_first(self, line: Line) -> bool:
        conn = line.first()
        if conn is not None:
            self._drop(conn)
        return conn is not None

    def murder_keepalived(self, force: bool = False) -> None:
        """Let go of those whose time is over; the main loop asks for it in every round."""
        now_s = time.monotonic()
        if now_s < self._swept_s + _SWEEP_S and not force:
            return
        self._swept_s = now_s
        for conn in list(self._waiting):
            if force:
                self._drop(conn)
            elif conn.deadline_s <= now_s:
                if conn.stage not in (Stage.SENDING, Stage.CLOSING) and len(conn.incoming):
                    self._refuse(conn, Refusal.REQUEST_TIMEOUT)
                else:
                    self._drop(conn)

    def murder_pending(self) -> None:
        """Nobody is kept apart for having sent nothing yet."""

    def _cap_keepalive(self, deadline: float) -> None:
        for conn in self._waiting:
            if not len(conn.incoming):
                conn.deadline_s = min(conn.deadline_s, deadline)
