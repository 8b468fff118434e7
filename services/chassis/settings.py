"""Environment to one frozen settings object; what is missing or unreadable stops the start by name."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Mapping
from typing import Any, TypeVar

Settings = TypeVar("Settings")


LONGEST_DAYS = 36_500


class SettingsError(Exception):
    """A setting is missing or unreadable; the text says which and what it should be."""


def read_settings(kind: type[Settings], environment: Mapping[str, str]) -> Settings:
    """Fill a frozen dataclass from the environment: field `starting_cash` from STARTING_CASH.

    Fields are str, int, float or bool; a field without a default must be there. Raises SettingsError.
    """
    hints = typing.get_type_hints(kind)
    values: dict[str, Any] = {}
    for field in dataclasses.fields(typing.cast(Any, kind)):
        text = environment.get(field.name.upper())
        if text is not None:
            values[field.name] = _read(field.name.upper(), text, hints[field.name])
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise SettingsError(f"{field.name.upper()} is not set; {kind.__module__} needs it")
    return kind(**values)


def _read(name: str, text: str, kind: type) -> object:
    try:
        if kind is bool:
            return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}[text.lower()]
        return kind(text)
    except (KeyError, ValueError) as error:
        raise SettingsError(f"{name}={text!r} is not a {kind.__name__}") from error


def require_days(name: str, days: int) -> None:
    """SettingsError unless `days` says how long something is kept; 0 is for ever."""
    if not 0 <= days <= LONGEST_DAYS:
        raise SettingsError(f"{name}={days} is not between 0 (for ever) and {LONGEST_DAYS}")
