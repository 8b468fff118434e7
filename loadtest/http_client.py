"""A keep-alive HTTP/1.1 client that costs little, so that a benchmark measures the exchange and not itself."""

from __future__ import annotations

import json
import select
import socket
from dataclasses import dataclass
from typing import Any

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Response:
    """One answer; header names are lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Connection:
    """One connection to one exchange; not for use by two threads at once. Raises OSError when it breaks.

    `source` is the address it comes from, where a machine has several. A connection that was closed while nothing was
    asked is made again before the next request, as every pool of connections does it: servers close idle ones.
    """

    def __init__(self, host: str, port: int, token: str = "", timeout_s: float = 60.0, source: str = "") -> None:
        self._address, self._timeout_s, self._source = (host, port), timeout_s, (source, 0) if source else None
        self._connect()
        authorization = f"Authorization: Bearer {token}\r\n" if token else ""
        self._head = f"Host: {host}:{port}\r\n{authorization}"

    def request(self, method: str, path: str, body: JSON | None = None, **headers: str) -> Response:
        """Send one request and read its answer; keyword `prefer="wait=1"` becomes header Prefer."""
        content = b"" if body is None else json.dumps(body).encode()
        more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        kind = "Content-Type: application/json\r\n" if content else ""
        head = f"{method} {path} HTTP/1.1\r\n{self._head}{more}{kind}Content-Length: {len(content)}\r\n\r\n"
        return self.exchange(head.encode() + content)

    def exchange(self, request: bytes) -> Response:
        """Send the bytes of a request as they are and read its answer."""
        if self._idle.poll(0):  # nothing was asked, so it can only be the end
            self.close()
            self._connect()
        self._socket.sendall(request)
        return self._answer()

    def close(self) -> None:
        self._socket.close()

    def _connect(self) -> None:
        self._socket = socket.create_connection(self._address, self._timeout_s, self._source)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._idle = select.poll()
        self._idle.register(self._socket, select.POLLIN)
        self._rest = b""

    def _answer(self) -> Response:
        while (end := self._rest.find(b"\r\n\r\n")) < 0:
            self._rest += self._receive()
        lines = self._rest[:end].decode("latin-1").split("\r\n")
        pairs = (line.split(":", 1) for line in lines[1:])
        headers = {name.lower(): value.strip() for name, value in pairs}
        status = int(lines[0].split(" ", 2)[1])
        length = 0 if status == 204 else int(headers.get("content-length", "0"))
        rest = self._rest[end + 4 :]
        while len(rest) < length:
            rest += self._receive()
        self._rest = rest[length:]
        return Response(status, headers, rest[:length])

    def _receive(self) -> bytes:
        received = self._socket.recv(1 << 20)
        if not received:
            raise ConnectionError("the exchange closed the connection")
        return received
