"""Reads the JSON of a request exactly: decimals as they are written, and a name at most once in each object."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

import msgspec

encode = msgspec.json.Encoder(decimal_format="number").encode

_LONGEST_NUMBER = 64
_LARGEST_EXPONENT = 400
"""Beyond all that a double can hold, and far below what takes long to write out."""


def _number(text: str) -> Decimal:
    """A number of bounded size: 1E999999999 is short to send, and as digits it fills the memory."""
    if len(text) > _LONGEST_NUMBER:
        raise ValueError(f"a number has more than {_LONGEST_NUMBER} characters")
    try:
        number = Decimal(text)
    except InvalidOperation as beyond:
        raise ValueError(f"the number {text} is out of range") from beyond
    if abs(int(number.as_tuple().exponent)) > _LARGEST_EXPONENT:
        raise ValueError(f"the number {text} is out of range")
    return number


_decode = msgspec.json.Decoder(float_hook=_number).decode


def decode(text: str | bytes) -> Any:
    """What the text says; msgspec.MsgspecError, ValueError or RecursionError if it is not JSON, or says a thing twice.

    Two readers of a repeated name need not choose the same value, and whoever sent it meant one of them (RFC 7493).
    """
    said = _decode(text)
    content = text.encode() if isinstance(text, str) else text
    if _may_repeat_a_name(content, said):
        _require_names_once(content)
    return said


def _may_repeat_a_name(content: bytes, said: Any) -> bool:
    """Whether a name may stand there twice: False is certain, and cheap, for whatever is written without escapes.

    The reader drops all but the last value of a repeated name. Without an escape, each text has as many colons when it
    is written again, so that one colon less was the repeated name's.
    """
    return b"\\" in content or content.count(b":") != encode(said).count(b":")


def _require_names_once(content: bytes) -> None:
    """Numbers are passed over: they have been read already, and may be long."""
    json.loads(content, object_pairs_hook=_object, parse_int=float, parse_float=float, parse_constant=_no_constant)


def _object(pairs: list[tuple[str, Any]]) -> None:
    names = set()
    for name, _ in pairs:
        if name in names:
            raise ValueError(f"the name {name[:40]!r} stands twice in one object")
        names.add(name)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
