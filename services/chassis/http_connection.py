"""A client's connection as the worker keeps it: what has come, what is still to be sent, and since when it waits."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from enum import IntEnum
from http.client import responses
from typing import Any

from gunicorn import http
from gunicorn.workers.gthread import TConn

from chassis.aside import Turn
from chassis.http_incoming import Incoming
from contracts.refusals import Refusal

_READ_BYTES = 64 * 1024


class Stage(IntEnum):
    """Why a connection waits in the poller."""

    CLOSING = 0
    """Answered for the last time; what still comes is read and thrown away until the client has closed, too."""
    NEW = 1
    """No request of it has been answered yet."""
    SENDING = 2
    """The client does not read as fast as it is answered."""
    KEPT = 3
    """Answered before, free for another request."""
    REGULAR = 4
    """Answered so often that somebody is at work on it."""


_REGULAR_ANSWERS = 5


class Outgoing:
    """A client's socket to gunicorn: sending never waits, what the client does not take at once is kept as `unsent`."""

    def __init__(self, plain: socket.socket) -> None:
        self.plain = plain
        self.unsent = bytearray()

    def sendall(self, content: bytes) -> None:
        sent = 0
        if not self.unsent:
            try:
                sent = self.plain.send(content, socket.MSG_DONTWAIT)
            except BlockingIOError:
                sent = 0
        self.unsent += memoryview(content)[sent:]

    def setblocking(self, flag: bool) -> None:
        """Nothing: whatever this server asks of the socket says itself that it does not wait."""

    def flush(self) -> None:
        """Send what the client takes now. Raises OSError when it is gone."""
        try:
            sent = self.plain.send(memoryview(self.unsent)[:_READ_BYTES].tobytes(), socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        del self.unsent[:sent]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.plain, name)


class Connection(TConn):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's connection, whose parser reads from what has come already and never from the socket."""

    def __init__(self, cfg: Any, client: socket.socket, address: Any, server: Any) -> None:
        super().__init__(cfg, Outgoing(client), address, server)
        self.data_ready = True
        self.incoming = Incoming()
        self.address = network_of(address)
        self.stage: Stage | None = None
        self.deadline_s = 0.0
        self.stays = True
        self.answered = 0
        self.thrown_away = 0
        self.turn: Turn | None = None

    def init(self) -> None:
        if not self.initialized:
            self.initialized: bool = True
            self.parser = http.get_parser(self.cfg, (), self.client)

    @property
    def held_bytes(self) -> int:
        return len(self.incoming) + len(self.sock.unsent)

    def receive(self) -> bool:
        """Take in what is there, without waiting; False when the client has ended its side or is gone."""
        try:
            arrived = self.sock.plain.recv(_READ_BYTES, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return True
        except OSError:
            return False
        if arrived:
            self.incoming.add(arrived)
        return bool(arrived)

    def throw_away(self) -> bool:
        """Read what is not wanted any more; False when no more comes."""
        try:
            read = len(self.sock.plain.recv(_READ_BYTES, socket.MSG_DONTWAIT))
        except BlockingIOError:
            return True
        except OSError:
            return False
        self.thrown_away += read
        return read > 0

    def hand_over(self) -> None:
        """Give the parser what has come; `take_back` what it left."""
        self.init()
        self.parser.unreader.unread(self.incoming.take())

    def take_back(self) -> None:
        left = self.parser.unreader.take_buffered()
        if left:
            self.incoming.add(left)

    def client_behind(self, proxies: int) -> str:
        """Whom the complete request is from, where so many trusted proxies stand in front."""
        told = self.incoming.forwarded_for(proxies) if proxies else ""
        with suppress(OSError):  # no address: then its words are as good as any
            told = network_of((told,)) if told else ""
        return told or self.address

    @property
    def idle_stage(self) -> Stage:
        return Stage.REGULAR if self.answered >= _REGULAR_ANSWERS else Stage.KEPT

    def wait_until(self, seconds: float) -> None:
        self.deadline_s = time.monotonic() + seconds


class Line:
    """Connections that wait, by stage; in each the one that has waited longest comes first."""

    def __init__(self) -> None:
        self._stages: dict[Stage, dict[Connection, None]] = {stage: {} for stage in Stage}

    def add(self, connection: Connection, stage: Stage) -> None:
        self._stages[stage][connection] = None

    def remove(self, connection: Connection, stage: Stage) -> None:
        del self._stages[stage][connection]

    def first(self) -> Connection | None:
        """The one that has to make room; None when nobody waits.

        Who is closing goes first, then the oldest of the stage that takes up most room: so a crowd of one kind only
        replaces itself, whether it says nothing, never reads, or asks once and idles.
        """
        largest = max(self._stages.values(), key=len)
        return next(iter(self._stages[Stage.CLOSING] or largest), None)

    def __iter__(self) -> Iterator[Connection]:
        return (connection for stage in self._stages.values() for connection in stage)


def network_of(address: Any) -> str:
    """What counts as one client: an IPv4 address, or the /64 that a subscriber of IPv6 is given whole."""
    host = str(address[0]) if isinstance(address, tuple) and address else str(address)
    if ":" not in host:
        return host
    packed = socket.inet_pton(socket.AF_INET6, host.partition("%")[0])
    mapped = packed[:12] == b"\x00" * 10 + b"\xff\xff"
    return socket.inet_ntop(socket.AF_INET, packed[12:]) if mapped else packed[:8].hex()


def refusal_bytes(refusal: Refusal, message: str = "") -> bytes:
    """A whole answer that ends the connection, for what never becomes a request."""
    answer = refusal.value
    words = {"code": answer.number, "name": refusal.name.lower(), "message": message or answer.sentence}
    body = json.dumps(words).encode()
    head = (
        f"HTTP/1.1 {answer.status} {responses[answer.status]}\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body
