"""Flask-SocketIO: what clients say goes to the handlers, what they are told goes out as events."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

import flask
import structlog
from flask import request
from flask_socketio import ConnectionRefusedError as ConnectionRefused  # type: ignore[import-untyped]
from flask_socketio import SocketIO

from contracts.refusals import Refused
from live_gateway.api.gate import PATH, TAP, Gate, Tap
from live_gateway.api.packets import TextPacket
from live_gateway.domain.pictures import Picture
from live_gateway.handlers.admitting import Admission, farewell_of

_log = structlog.get_logger()

LARGEST_MESSAGE_BYTES = 128 * 1024
_MOST_ATTEMPTS = 3

_SILENT = logging.getLogger("live_gateway.wire")
"""For the packages below: to them whatever a stranger sends is an error of the program, with a page for it."""


class Sockets:
    """The live interface of `app`, below /socket.io: a Wire for the handlers, and their ears.

    `mode` is how the server of the app does many things at once: threading or gevent.
    """

    def __init__(self, app: flask.Flask, mode: str, most: int) -> None:
        _SILENT.setLevel(logging.CRITICAL + 1)
        pages = app.wsgi_app
        self._live = SocketIO(
            app,
            async_mode=mode,
            path=PATH,
            transports=["websocket"],
            allow_upgrades=False,
            serializer=TextPacket,
            async_handlers=False,
            manage_session=False,
            cors_allowed_origins="*",  # no cookie is read: a foreign page can do what anybody can, with a token
            max_http_buffer_size=LARGEST_MESSAGE_BYTES,
            logger=_SILENT,
            engineio_logger=_SILENT,
        )
        _bound_messages(self._live.server.eio)
        self._gate = Gate(pages, app.wsgi_app, most, self._ended)
        app.wsgi_app = self._gate  # type: ignore[method-assign]  # how WSGI apps are wrapped
        self._taps: dict[str, Tap] = {}

    def listen(self, admission: Admission) -> None:
        """Answer clients from now on."""

        def connect(auth: object = None) -> None:
            tap: Tap = request.environ[TAP]
            tap.attempts += 1
            if tap.attempts > _MOST_ATTEMPTS:
                tap.hang_up()
            try:
                admission.connect(_sid(), auth)
            except Refused as refused:
                raise ConnectionRefused(refused.message, farewell_of(refused)) from refused
            tap.waits_since_s = None
            tap.sid = _sid()
            self._taps[tap.sid] = tap

        def disconnect(*_: object) -> None:
            admission.leave(_sid())
            tap = self._taps.pop(_sid(), None)
            if tap is not None:
                tap.start_waiting()

        self._live.on_event("connect", connect)
        self._live.on_event("disconnect", disconnect)
        self._live.on_event("subscribe", partial(_answer, admission.subscribe))
        self._live.on_event("renew", partial(_answer, admission.renew))
        self._live.on_error_default(_log_defect)

    def send(self, sid: str, update: Picture, acknowledged: Callable[[], None]) -> None:
        self._live.server.emit("update", update, to=sid, callback=acknowledged)

    def dismiss(self, sid: str, farewell: Picture) -> None:
        self._live.server.emit("farewell", farewell, to=sid)
        self._live.server.disconnect(sid)

    def hang_up(self, sid: str) -> None:
        tap = self._taps.get(sid)
        if tap is not None:
            tap.hang_up()

    def sweep(self) -> None:
        self._gate.sweep()

    def close(self) -> None:
        """Cut everybody off, and let nobody in any more."""
        self._gate.close()
        self._live.server.shutdown()

    def _ended(self, tap: Tap) -> None:
        """Usually Flask-SocketIO knows that already; where it failed, it does not."""
        if tap.sid in self._taps:
            self._live.server.disconnect(tap.sid)


def _answer(ask: Callable[[str, object], Picture], *said: object) -> Picture:
    """What the client's acknowledgement brings it: the answer, or the refusal."""
    try:
        return ask(_sid(), said[0] if len(said) == 1 else None)
    except Refused as refused:
        return {"error": farewell_of(refused)}


def _sid() -> str:
    return str(request.sid)  # type: ignore[attr-defined]  # put there by Flask-SocketIO


def _log_defect(error: Exception) -> Picture:
    _log.error("live_defect", exc_info=error)
    return {"error": {"code": 50010000, "name": "defect", "message": "The exchange made a mistake. Tell its operator."}}


def _bound_messages(engine: Any) -> None:
    """Engine.IO bounds what is polled; a WebSocket's messages have to be bounded where it is made."""
    make = engine._async["websocket"]

    def bounded(*about: Any) -> Any:
        websocket = make(*about)
        websocket.server_args["max_message_size"] = LARGEST_MESSAGE_BYTES
        return websocket

    engine._async = {**engine._async, "websocket": bounded}
