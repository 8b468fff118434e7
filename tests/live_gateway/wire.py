"""A client that speaks Engine.IO and Socket.IO by hand, so that it can also speak them badly."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from typing import Any, Self

import websocket

PATIENCE_S = 20.0


def get(url: str, path: str) -> tuple[int, bytes]:
    """Status and body of a plain request."""
    connection = HTTPConnection(url.removeprefix("http://"), timeout=PATIENCE_S)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def connect(url: str, headers: dict[str, str] | None = None) -> websocket.WebSocket:
    """Upgrade to a WebSocket."""
    address = url.replace("http://", "ws://") + "/socket.io/?EIO=4&transport=websocket"
    return websocket.create_connection(address, timeout=PATIENCE_S, header=headers or {})


@contextmanager
def silent(url: str) -> Iterator[websocket.WebSocket]:
    """A WebSocket on which nothing is said."""
    socket = connect(url)
    try:
        yield socket
    finally:
        socket.shutdown()


class Hung(Exception):
    """The other side has cut the line."""


class RawClient:
    """One connection. It answers pings, and acknowledges updates unless it is `lazy`."""

    def __init__(self, url: str, auth: object = None, *, lazy: bool = False, headers: dict[str, str] | None = None):
        self._socket = connect(url, headers)
        self._lazy = lazy
        self._questions = 0
        self.updates: list[dict[str, Any]] = []
        self.unacknowledged: list[str] = []
        self.farewell: dict[str, Any] = {}
        self.answers: dict[int, Any] = {}
        self.connected: dict[str, Any] = {}
        self.refusal: dict[str, Any] = {}
        self.is_disconnected = False
        try:
            assert self._read()[0] == "0"
            if auth is not None:
                self.say("40" + json.dumps(auth))
                self.until(lambda: self.connected or self.refusal)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._socket.shutdown()

    def say(self, packet: str) -> None:
        self._socket.send(packet)

    def say_bytes(self, content: bytes) -> None:
        self._socket.send_binary(content)

    def ask(self, event: str, *payload: object) -> Any:
        """Emit an event and return what its acknowledgement brings."""
        self._questions += 1
        number = self._questions
        self.say(f"42{number}" + json.dumps([event, *payload]))
        self.until(lambda: number in self.answers)
        return self.answers[number]

    def subscribe(self, prices: object = (), markets: object = ()) -> Any:
        return self.ask("subscribe", {"prices": prices, "markets": markets})

    def acknowledge(self) -> None:
        """Acknowledge what has not been yet."""
        while self.unacknowledged:
            self.say(f"43{self.unacknowledged.pop(0)}[]")

    def until(self, happened: Any, limit_s: float = PATIENCE_S) -> None:
        """Read until it has happened; AssertionError if it does not, Hung if the line is cut before."""
        deadline_s = time.monotonic() + limit_s
        while not happened():
            assert time.monotonic() < deadline_s, f"it never happened; last: {self.updates[-3:]}"
            self._take(self._read())

    def until_cut(self) -> None:
        """Read until the other side has cut the line."""
        with suppress(Hung, ConnectionError):  # an acknowledgement may be what finds out
            self.until(lambda: False)

    def news(self, name: str) -> list[Any]:
        """What all updates so far said by this name."""
        return [update[name] for update in self.updates if name in update]

    def all_orders(self) -> list[dict[str, Any]]:
        return [event for events in self.news("orders") for event in events]

    def _read(self) -> str:
        try:
            packet = self._socket.recv()
        except (websocket.WebSocketConnectionClosedException, OSError) as error:
            if isinstance(error, websocket.WebSocketTimeoutException):
                raise AssertionError("nothing comes any more") from error
            raise Hung from error
        if not packet:
            raise Hung
        return str(packet)

    def _take(self, packet: str) -> None:
        if packet == "2":
            self.say("3")
        elif packet[2:3] == "/":
            return  # of a namespace that nobody is in
        elif packet.startswith("40"):
            self.connected = json.loads(packet[2:] or "{}")
        elif packet.startswith("44"):
            self.refusal = json.loads(packet[2:])
        elif packet.startswith("41"):
            self.is_disconnected = True
        elif packet.startswith("43"):
            number, _, said = packet[2:].partition("[")
            self.answers[int(number)] = next(iter(json.loads("[" + said)), None)
        elif packet.startswith("42"):
            number, _, said = packet[2:].partition("[")
            self._hear(number, *json.loads("[" + said))

    def _hear(self, number: str, event: str, said: dict[str, Any]) -> None:
        if event == "farewell":
            self.farewell = said
            return
        self.updates.append(said)
        self.unacknowledged.append(number)
        if not self._lazy:
            self.acknowledge()
