"""The live interface of an app: who is connected, as the Wire that the handlers speak to."""

from __future__ import annotations

import socket
import threading
import time
from collections import deque
from collections.abc import Callable

import flask

from contracts.refusals import Refusal, Refused
from live_gateway.api.gate import Gate
from live_gateway.api.lobby import Lobby
from live_gateway.api.session import Session
from live_gateway.api.websocket import WebSocket
from live_gateway.domain.pictures import Picture
from live_gateway.handlers.admitting import Admission

_GRACE_S = 0.5


class Sockets:
    """Serves /socket.io of `app`: `most` sockets at a time, of which `most_strangers` have not said who they are."""

    def __init__(self, app: flask.Flask, most: int, most_strangers: int, identify_s: float) -> None:
        self._lobby: Lobby[Session] = Lobby(most_strangers)
        self._identify_s = identify_s
        self._lock = threading.Lock()
        self._sessions: dict[str, Session] = {}
        self._dismissed: deque[tuple[float, Session]] = deque()
        self._admission: Admission | None = None
        self._is_closed = False
        app.wsgi_app = Gate(app.wsgi_app, self._serve, most)  # type: ignore[method-assign]  # how WSGI apps are wrapped

    def listen(self, admission: Admission) -> None:
        """Answer clients from now on."""
        self._admission = admission

    def send(self, sid: str, update: Picture, acknowledged: Callable[[], None]) -> None:
        session = self._sessions.get(sid)
        if session is not None:
            session.update(update, acknowledged)

    def dismiss(self, sid: str, farewell: Picture) -> None:
        session = self._sessions.get(sid)
        if session is not None:
            session.dismiss(farewell)
            self._dismissed.append((time.monotonic() + _GRACE_S, session))

    def hang_up(self, sid: str) -> None:
        session = self._sessions.get(sid)
        if session is not None:
            session.hang_up()

    def sweep(self) -> None:
        """Cut the lines of those who were sent away and have not gone."""
        while self._dismissed and self._dismissed[0][0] <= time.monotonic():
            self._dismissed.popleft()[1].hang_up()

    def close(self) -> None:
        """Cut everybody off, and let nobody in any more."""
        with self._lock:
            self._is_closed = True
            sessions = list(self._sessions.values())
        for session in sessions:
            session.hang_up()

    def _serve(self, connection: socket.socket, address: str) -> None:
        if self._admission is None:
            return
        websocket = WebSocket(connection)
        session = Session(websocket, self._admission, address, self._identify_s, self._moved)
        with self._lock:
            self._sessions[session.sid] = session
            if self._is_closed:
                websocket.hang_up()
        try:
            self._wait(session)
            session.run()
        finally:
            self._lobby.leave(session, address)
            with self._lock:
                del self._sessions[session.sid]

    def _moved(self, session: Session) -> None:
        if session.is_admitted:
            self._lobby.leave(session, session.address)
        else:
            self._wait(session)

    def _wait(self, session: Session) -> None:
        gone = self._lobby.enter(session, session.address)
        if gone is not None:
            gone.refuse(
                Refused(Refusal.UNAVAILABLE, "Too many connect without saying who they are. Try again shortly.")
            )
