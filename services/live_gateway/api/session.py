"""One client's connection: Engine.IO's signs of life, Socket.IO's messages, and the time it has to say who it is."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from typing import Any

import structlog
from wsproto.frame_protocol import CloseReason

from contracts.refusals import Refusal, Refused
from live_gateway.api import packets
from live_gateway.api.packets import Kind, Packet
from live_gateway.api.websocket import Ended, WebSocket
from live_gateway.domain.pictures import Picture
from live_gateway.handlers.admitting import Admission, farewell_of

_log = structlog.get_logger()

LARGEST_MESSAGE = 128 * 1024
_LARGEST_OF_STRANGERS = 16 * 1024
_MOST_ATTEMPTS = 3
_PING_INTERVAL_S = 25.0
_PING_TIMEOUT_S = 20.0

_DEFECT = {"code": 50010000, "name": "defect", "message": "The exchange made a mistake. Tell its operator."}


class Session:
    """Served by one thread, `run`, which ends with the connection. Others may call what says so."""

    def __init__(
        self,
        websocket: WebSocket,
        admission: Admission,
        address: str,
        identify_s: float,
        moved: Callable[[Session], None],
    ) -> None:
        self.address = address
        self.sid = secrets.token_urlsafe(15)
        self.is_admitted = self._is_dismissed = False
        self._websocket = websocket
        self._admission = admission
        self._identify_s = identify_s
        self._moved = moved
        """Called when it is admitted, and when nobody is on it any more."""
        self._lock = threading.Lock()
        self._early: list[str] = []
        self._attempts = self._numbers = 0
        self._awaited: tuple[int, Callable[[], None]] | None = None
        now_s = time.monotonic()
        self._identify_by_s = now_s + identify_s
        self._ping_at_s, self._pong_by_s = now_s + _PING_INTERVAL_S, float("inf")

    def run(self) -> None:
        """Serve the client until it has gone or has to."""
        try:
            self._websocket.send(packets.opened(self.sid, _PING_INTERVAL_S, _PING_TIMEOUT_S, LARGEST_MESSAGE))
            while True:
                self._watch_the_time()
                packet = self._websocket.receive(self._next_moment_s(), self._longest())
                if packet is not None and not self._is_dismissed:
                    self._take(packet)
        except Ended as ended:
            self._websocket.end(ended.code, ended.reason)
        except ConnectionError as unread:
            self._websocket.end(CloseReason.POLICY_VIOLATION, str(unread))
        finally:
            self._admission.leave(self.sid)
            self._websocket.close()

    def update(self, update: Picture, acknowledged: Callable[[], None]) -> None:
        """Send an update, from any thread; ConnectionError if that cannot be."""
        with self._lock:
            self._numbers += 1
            self._awaited = self._numbers, acknowledged
            packet = packets.written(Kind.EVENT, ["update", update], self._numbers)
            if self.is_admitted:
                self._websocket.send(packet)
            else:  # it has been taken in, and is about to be told so
                self._early.append(packet)

    def dismiss(self, farewell: Picture) -> None:
        """Say why and disconnect, from any thread; whoever does not go then is to be hung up on.

        What still comes is read, and means nothing: a client that is cut off while it speaks does not hear why.
        """
        self._is_dismissed = True
        try:
            self._websocket.send(packets.written(Kind.EVENT, ["farewell", farewell]))
            self._websocket.send(packets.written(Kind.DISCONNECT))
        except ConnectionError as unread:
            _log.debug("live_line_broken", reason=repr(unread))
        self._websocket.say_goodbye(CloseReason.POLICY_VIOLATION, farewell["name"])

    def refuse(self, refused: Refused) -> None:
        """Tell one that has not been admitted that it will not be, from any thread."""
        farewell = farewell_of(refused)
        try:
            self._websocket.send(_connect_error(farewell))
        except ConnectionError as unread:
            _log.debug("live_line_broken", reason=repr(unread))
        self._websocket.end(CloseReason.POLICY_VIOLATION, farewell["name"])

    def hang_up(self) -> None:
        """Cut the line, from any thread."""
        self._websocket.hang_up()

    def _longest(self) -> int:
        return LARGEST_MESSAGE if self.is_admitted else _LARGEST_OF_STRANGERS

    def _next_moment_s(self) -> float:
        identify_by_s = float("inf") if self.is_admitted else self._identify_by_s
        return min(identify_by_s, self._ping_at_s, self._pong_by_s)

    def _watch_the_time(self) -> None:
        now_s = time.monotonic()
        if not self.is_admitted and now_s >= self._identify_by_s:
            sentence = f"Connect with credentials within {self._identify_s:g} seconds."
            self.refuse(Refused(Refusal.UNAUTHENTICATED, sentence))
            raise Ended
        if now_s >= self._pong_by_s:
            raise Ended(CloseReason.POLICY_VIOLATION, "A ping was not answered.")
        if now_s >= self._ping_at_s:
            self._ping_at_s, self._pong_by_s = float("inf"), now_s + _PING_TIMEOUT_S
            self._websocket.send(packets.PING)

    def _take(self, packet: str) -> None:
        if packet.startswith(packets.PONG):
            self._ping_at_s, self._pong_by_s = time.monotonic() + _PING_INTERVAL_S, float("inf")
        elif packet.startswith(packets.CLOSE):
            raise Ended
        else:
            try:
                message = packets.read(packet)
            except ValueError as broken:
                raise Ended(CloseReason.INVALID_FRAME_PAYLOAD_DATA, str(broken)) from broken
            self._hear(message)

    def _hear(self, message: Packet) -> None:
        if message.kind is Kind.CONNECT:
            self._connect(message)
        elif message.namespace != "/":
            return
        elif message.kind is Kind.DISCONNECT:
            self._leave()
        elif message.kind is Kind.EVENT and self.is_admitted:
            self._answer(message)
        elif message.kind is Kind.ACKNOWLEDGEMENT:
            self._acknowledge(message.number)

    def _connect(self, message: Packet) -> None:
        self._attempts += 1
        if self._attempts > _MOST_ATTEMPTS:
            raise Ended(CloseReason.POLICY_VIOLATION, "Too many attempts on one connection.")
        if message.namespace != "/":
            error = {"message": "There is one namespace, /."}
            self._websocket.send(packets.written(Kind.CONNECT_ERROR, error, namespace=message.namespace))
            return
        if self.is_admitted:
            return
        try:
            self._admission.connect(self.sid, message.payload, self.address)
        except Refused as refused:
            self._websocket.send(_connect_error(farewell_of(refused)))
            return
        with self._lock:
            self._websocket.send(packets.written(Kind.CONNECT, {"sid": self.sid}))
            self.is_admitted = True
            for packet in self._early:
                self._websocket.send(packet)
            self._early.clear()
        self._moved(self)

    def _leave(self) -> None:
        """Nobody is on it any more, and it has some seconds again for somebody to be."""
        self._admission.leave(self.sid)
        with self._lock:
            was_admitted, self.is_admitted = self.is_admitted, False
        if was_admitted:
            self._identify_by_s = time.monotonic() + self._identify_s
            self._moved(self)

    def _answer(self, message: Packet) -> None:
        name, *said = message.payload
        ask = {"subscribe": self._admission.subscribe, "renew": self._admission.renew}.get(name)
        if ask is None:
            return
        try:
            answer = ask(self.sid, said[0] if len(said) == 1 else None)
        except Refused as refused:
            answer = {"error": farewell_of(refused)}
        except Exception:  # noqa: BLE001  # it is ours, and costs nobody the connection
            _log.exception("live_defect")
            answer = {"error": _DEFECT}
        if message.number is not None and not self._is_dismissed:
            self._websocket.send(packets.written(Kind.ACKNOWLEDGEMENT, [answer], message.number))

    def _acknowledge(self, number: int | None) -> None:
        with self._lock:
            awaited = self._awaited
            if awaited is None or awaited[0] != number:
                return
            self._awaited = None
        awaited[1]()


def _connect_error(farewell: Picture) -> str:
    error: dict[str, Any] = {"message": farewell["message"], "data": farewell}
    return packets.written(Kind.CONNECT_ERROR, error)
