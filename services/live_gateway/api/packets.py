"""Socket.IO packets as the live gateway writes and reads them: text only, JSON by msgspec."""

from __future__ import annotations

from typing import Any

import msgspec
from socketio.packet import BINARY_ACK, BINARY_EVENT, Packet  # type: ignore[import-untyped]

_encode = msgspec.json.Encoder().encode


class _Json:
    """What python-socketio wants of a JSON module. What is written already (msgspec.Raw) is put in as it is."""

    @staticmethod
    def dumps(content: Any, **_: Any) -> str:
        return _encode(content).decode()

    @staticmethod
    def loads(text: str | bytes, **_: Any) -> Any:
        return msgspec.json.decode(text)


class TextPacket(Packet):  # type: ignore[misc]  # python-socketio ships no types
    """Nothing here has binary attachments: a packet that announces some would be kept until they have all come."""

    uses_binary_events = False
    json = _Json

    def decode(self, encoded_packet: Any) -> int:
        """Take a packet apart; ValueError for a binary one, which ends the connection it came by."""
        super().decode(encoded_packet)
        if self.packet_type in (BINARY_EVENT, BINARY_ACK):
            raise ValueError("no binary packets here")
        return 0
