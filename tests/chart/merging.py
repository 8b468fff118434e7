"""Values, put together as Helm does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def nested(path: Sequence[str], value: object) -> dict[str, Any]:
    """One value at its place."""
    inner: Any = value
    for key in reversed(path):
        inner = {key: inner}
    return dict(inner)


def merged(*parts: dict[str, Any]) -> dict[str, Any]:
    """Maps key by key, the later one winning; all else whole."""
    whole: dict[str, Any] = {}
    for part in parts:
        for key, value in part.items():
            both = isinstance(value, dict) and isinstance(whole.get(key), dict)
            whole[key] = merged(whole[key], value) if both else value
    return whole
