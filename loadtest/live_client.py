"""Many clients of the live gateway in one thread: Socket.IO over WebSocket, as far as an audience needs it."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import time
from collections.abc import Callable
from typing import Any

Hear = Callable[[dict[str, Any], int], None]
"""Takes an update and its size in bytes."""

_TEXT = 0x81
_NO_MASK = b"\0\0\0\0"


class LiveClient:
    """Connects, subscribes, hears and acknowledges, `thinks_s` after each update."""

    def __init__(self, port: int, token: str, wish: dict[str, Any], hear: Hear, thinks_s: float = 0.0) -> None:
        self._port, self._token, self._wish = port, token, wish
        self._hear = hear
        self._thinks_s = thinks_s
        self.is_subscribed = asyncio.Event()

    async def run(self) -> None:
        """Stay until cancelled, or until the gateway hangs up: ConnectionError or asyncio.IncompleteReadError."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            await self._shake_hands()
            while True:
                await self._take(await self._read())
        finally:
            self._writer.close()

    async def _shake_hands(self) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        self._writer.write(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {key}\r\n\r\n".encode()
        )
        head = await self._reader.readuntil(b"\r\n\r\n")
        if b" 101 " not in head:
            raise ConnectionError(head.decode())

    async def _read(self) -> str:
        _, length = await self._reader.readexactly(2)
        if length == 126:
            length = int.from_bytes(await self._reader.readexactly(2), "big")
        elif length == 127:
            length = int.from_bytes(await self._reader.readexactly(8), "big")
        return (await self._reader.readexactly(length)).decode()

    async def _take(self, packet: str) -> None:
        if packet.startswith("0"):
            self._say("40" + json.dumps({"token": self._token}))
        elif packet.startswith("40"):
            self._say("420" + json.dumps(["subscribe", self._wish]))
        elif packet.startswith("43"):
            self.is_subscribed.set()
        elif packet == "2":
            self._say("3")
        elif packet.startswith("42"):
            number, _, said = packet[2:].partition("[")
            self._hear(json.loads("[" + said)[1], len(packet))
            if self._thinks_s:
                await asyncio.sleep(self._thinks_s)
            self._say(f"43{number}[]")
        else:
            raise ConnectionError(packet)

    def _say(self, packet: str) -> None:
        content = packet.encode()
        if len(content) < 126:
            head = bytes((_TEXT, 0x80 | len(content)))
        else:
            head = bytes((_TEXT, 0x80 | 126)) + len(content).to_bytes(2, "big")
        self._writer.write(head + _NO_MASK + content)


def now_us() -> int:
    return time.time_ns() // 1_000
