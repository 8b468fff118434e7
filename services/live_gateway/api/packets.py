"""Packets of Socket.IO 5 on Engine.IO 4 as the live gateway reads and writes them: text only, one namespace."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec

from chassis import strict_json

PING = "2"
"""Engine.IO's, from the server."""
PONG = "3"
CLOSE = "1"

_encode = msgspec.json.Encoder().encode
_SHAPE = re.compile(r"4([0-4])(?:(/[^,]{0,100})(?:,|$))?([0-9]{0,15})")
_MOST_BRACKETS = 200


class Kind(StrEnum):
    """What a message of Socket.IO is for."""

    CONNECT = "0"
    DISCONNECT = "1"
    EVENT = "2"
    ACKNOWLEDGEMENT = "3"
    CONNECT_ERROR = "4"


@dataclass(frozen=True, slots=True)
class Packet:
    """A client's message; `number` is what its acknowledgement is known by, None where none is wanted."""

    kind: Kind
    namespace: str
    number: int | None
    payload: Any


def read(text: str) -> Packet:
    """Take a message apart; ValueError for one that is none, or that announces binary attachments."""
    shape = _SHAPE.match(text)
    if shape is None:
        raise ValueError("This is no packet of Socket.IO.")
    kind, namespace, number = shape.groups()
    rest = text[shape.end() :]
    if rest.count("[") + rest.count("{") > _MOST_BRACKETS:  # so that nothing is nested deeper, either
        raise ValueError("The packet's payload holds more lists and objects than any request has.")
    try:
        payload = strict_json.decode(rest) if rest else None
    except (msgspec.DecodeError, ValueError) as broken:
        raise ValueError(f"The packet's payload is no JSON: {broken}.") from broken
    path = (namespace or "/").partition("?")[0]
    packet = Packet(Kind(kind), path, int(number) if number else None, payload)
    if packet.kind in (Kind.EVENT, Kind.ACKNOWLEDGEMENT) and not isinstance(payload, list):
        raise ValueError("An event and an acknowledgement carry a list.")
    if packet.kind is Kind.EVENT and not (payload and isinstance(payload[0], str)):
        raise ValueError("An event begins with its name.")
    return packet


def opened(sid: str, ping_interval_s: float, ping_timeout_s: float, largest: int) -> str:
    """The first packet of a connection."""
    about = {
        "sid": sid,
        "upgrades": [],
        "pingTimeout": int(ping_timeout_s * 1_000),
        "pingInterval": int(ping_interval_s * 1_000),
        "maxPayload": largest,
    }
    return "0" + _encode(about).decode()


def written(kind: Kind, payload: Any = None, number: int | None = None, namespace: str = "/") -> str:
    """A message to the client. What is JSON already (msgspec.Raw) is put in as it is."""
    path = "" if namespace == "/" else f"{namespace},"
    return f"4{kind}{path}{'' if number is None else number}{'' if payload is None else _encode(payload).decode()}"
