"""One WebSocket: bounded in what it reads, in what waits to be written, and in how long its end takes."""

from __future__ import annotations

import queue
import select
import socket
import threading
import time
from collections import deque
from contextlib import suppress

from wsproto import ConnectionType
from wsproto.connection import Connection
from wsproto.events import BytesMessage, CloseConnection, Event, Ping, TextMessage
from wsproto.frame_protocol import CloseReason
from wsproto.utilities import LocalProtocolError

MOST_FRAMES_WAITING = 64
"""Written and not yet taken by the client's socket. There is one update at most, and a few answers beside it."""

_READ_BYTES = 4_096
_BYTES_PER_S = 64 * 1024
_BURST_BYTES = 256 * 1024
_BYTES_PER_FRAME = 1_024
"""What a frame costs beside its bytes, so that many small ones are a flood, too."""
_LAST_WORDS_S = 1.0


class Ended(Exception):  # it is how a connection ends, well or not
    """The connection is over. `code` and `reason` are what a WebSocket's close frame says."""

    def __init__(self, code: int = CloseReason.NORMAL_CLOSURE, reason: str = "") -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class WebSocket:
    """The server's end, after the handshake. One thread receives; any thread may send, and never waits for the client.

    Reading is paced: a client that sends faster than it has reason to is left waiting in the network, and one that
    sends frames without end is cut off. Extensions are not spoken, so nothing is ever inflated.
    """

    def __init__(self, connection: socket.socket) -> None:
        connection.settimeout(None)
        self._socket = connection
        self._protocol = Connection(ConnectionType.SERVER)
        self._lock = threading.Lock()
        self._received: deque[str] = deque()
        self._parts: list[str] = []
        self._part_length = 0
        self._budget_bytes = float(_BURST_BYTES)
        self._counted_s = time.monotonic()
        self._ending = threading.Event()
        self._waiting: queue.Queue[bytes | None] = queue.Queue()
        self._writer = threading.Thread(target=self._write, name="live-writer", daemon=True)
        self._writer.start()

    def receive(self, until_s: float, longest: int) -> str | None:
        """The next text message, or None when that moment has come. Ended when there will be none any more."""
        while not self._received:
            if self._ending.is_set():
                raise Ended
            left_s = until_s - time.monotonic()
            if left_s <= 0 or not self._is_readable(left_s):
                return None
            self._read(longest)
        return self._received.popleft()

    def send(self, text: str) -> None:
        """Put a message on its way; ConnectionError if the connection is over or its client does not read."""
        with self._lock:
            try:
                self._put(self._protocol.send(TextMessage(text)))
            except LocalProtocolError as over:
                raise ConnectionError("the connection is over") from over

    def say_goodbye(self, code: int, reason: str) -> None:
        """Say why it ends, and leave it to the client to close; from any thread, repeatable."""
        with self._lock, suppress(LocalProtocolError):
            self._waiting.put(self._protocol.send(CloseConnection(code, reason)))

    def end(self, code: int, reason: str) -> None:
        """Say why, read no more, and let the receiving thread find that out; from any thread, repeatable."""
        self.say_goodbye(code, reason)
        self._ending.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RD)

    def hang_up(self) -> None:
        """Cut the line at once, whatever is still to be said; from any thread, repeatable."""
        self._ending.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Give the client a second to take what was written for it, then cut the line and end the writer."""
        self._waiting.put(None)
        self._writer.join(_LAST_WORDS_S)
        self.hang_up()
        self._writer.join()

    def _is_readable(self, limit_s: float) -> bool:
        ready = select.poll()
        ready.register(self._socket, select.POLLIN)
        return bool(ready.poll(limit_s * 1_000))

    def _read(self, longest: int) -> None:
        try:
            arrived = self._socket.recv(_READ_BYTES)
        except OSError as gone:
            raise Ended from gone
        if not arrived:
            raise Ended
        with self._lock:
            try:
                self._protocol.receive_data(arrived)
                events = list(self._protocol.events())
            except Exception as broken:  # what a stranger sends is no error of the program, whatever it is
                raise Ended(CloseReason.PROTOCOL_ERROR, "These are no frames of a WebSocket.") from broken
        for event in events:
            self._take(event, longest)
        self._pace(len(arrived) + _BYTES_PER_FRAME * len(events))

    def _take(self, event: Event, longest: int) -> None:
        if isinstance(event, TextMessage):
            self._take_text(event, longest)
        elif isinstance(event, BytesMessage):
            raise Ended(CloseReason.UNSUPPORTED_DATA, "Text only.")
        elif isinstance(event, CloseConnection):  # the client's own word, or wsproto's about what is no frame
            raise Ended(event.code, event.reason or "")
        elif isinstance(event, Ping):
            with self._lock, suppress(LocalProtocolError):
                try:
                    self._put(self._protocol.send(event.response()))
                except ConnectionError as unread:
                    raise Ended(CloseReason.POLICY_VIOLATION, str(unread)) from unread

    def _take_text(self, event: TextMessage, longest: int) -> None:
        self._part_length += len(event.data)
        if self._part_length > longest or len(self._parts) > longest // 64:
            raise Ended(CloseReason.MESSAGE_TOO_BIG, f"Messages have at most {longest} characters.")
        self._parts.append(event.data)
        if event.message_finished:
            self._received.append("".join(self._parts))
            self._parts.clear()
            self._part_length = 0

    def _pace(self, cost_bytes: int) -> None:
        now_s = time.monotonic()
        gained = (now_s - self._counted_s) * _BYTES_PER_S
        self._budget_bytes = min(self._budget_bytes + gained, _BURST_BYTES) - cost_bytes
        self._counted_s = now_s
        if self._budget_bytes < -_BURST_BYTES:
            raise Ended(CloseReason.POLICY_VIOLATION, "Too many frames.")
        if self._budget_bytes < 0:
            self._ending.wait(-self._budget_bytes / _BYTES_PER_S)

    def _put(self, frame: bytes) -> None:
        if self._waiting.qsize() >= MOST_FRAMES_WAITING:
            raise ConnectionError("the client does not read what it is told")
        self._waiting.put(frame)

    def _write(self) -> None:
        try:
            while (frame := self._waiting.get()) is not None:
                self._socket.sendall(frame)
        except OSError:
            self.hang_up()
