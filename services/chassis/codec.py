"""Facts to bytes and back: a JSON list of [name, fields] a message, fields typed by the fact's dataclass."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from typing import Any

import msgspec

from contracts.streams import ROUTES

_ENCODE = msgspec.json.Encoder().encode
_DECODE_LIST = msgspec.json.Decoder(list[tuple[str, msgspec.Raw]]).decode
_NAMES = {kind: route.name for kind, route in ROUTES.items()}
_DECODERS: dict[str, Callable[[msgspec.Raw], Any]] = {
    route.name: msgspec.json.Decoder(kind).decode for kind, route in ROUTES.items()
}


def encode_facts(facts: Sequence[object]) -> bytes:
    """Write facts as one message body; KeyError for a kind that `contracts.streams` does not route."""
    return _ENCODE([(_NAMES[type(fact)], fact) for fact in facts])


def split_facts(body: bytes) -> list[tuple[str, bytes]]:
    """Take a message body apart into (name, encoded fields) without reading the facts; ValueError if it is none."""
    try:
        return [(name, bytes(raw)) for name, raw in _DECODE_LIST(body)]
    except msgspec.MsgspecError as broken:
        raise ValueError(str(broken)) from broken


def decode_facts(body: bytes) -> list[Any]:
    """Read a message body; ValueError names what is wrong with it."""
    try:
        return [_DECODERS[name](raw) for name, raw in _DECODE_LIST(body)]
    except KeyError as unknown:
        raise ValueError(f"unknown fact {unknown}") from unknown
    except msgspec.MsgspecError as broken:
        raise ValueError(str(broken)) from broken


def decode_named(body: bytes, names: Container[str]) -> list[Any]:
    """Read the facts of these names and pass over all others; ValueError names what is wrong with the message."""
    try:
        return [_DECODERS[name](raw) for name, raw in _DECODE_LIST(body) if name in names]
    except msgspec.MsgspecError as broken:
        raise ValueError(str(broken)) from broken
