"""Every parameter of every address that is read, as the API document tells of it, with what people may write there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]

JUNK = [
    *["", " ", "0", "-1", "1e3", "9" * 30, "0x10", "1.5", "NaN", "null", "true", "[]", "{}", ",", "AAPL,,MSFT"],
    *["'; drop"],
    *["\u0000", "a\u0000b", "\u200b", "\u202eb", "\ufeff", "\uff11", "\u0661", "\U0001f680"],
    *["%", "%zz", "\r\nX-Y: 1", "../..", "x" * 5_000],
    *["0001-01-01", "0001-01-01T00:00:00+14:00", "0000-01-01", "9999-12-31", "9999-12-31T23:59:59.999999-14:00"],
    *["10000-01-01", "-0001-01-01", "2016-12-31T23:59:60Z", "2026-02-30", "2026-13-01", "2026-01-31T25:00:00Z"],
    *["2026-01-31T00:00:00+99:99", "2026-01-31T00:00:00 00:00", "1700000000", "1700000000000", "2026-W01-1"],
    *["20260131", "now"],
]
RAW_JUNK = ["%FF", "%ED%A0%80", "%C0%80", "%F8%88%80%80%80", "a%", "%%%", ";", "+", "a+b", "[0]=1"]
"""Bytes that are no text, or no percent-encoding."""

_GOOD = {
    "symbol": "AAPL",
    "symbols": "AAPL",
    "timeframe": "1Min",
    "symbol_or_asset_id": "AAPL",
    "activity_type": "FILL",
    "client_order_id": "mine",
    "order_id": "01890000-0000-7000-8000-000000000000",
    "key_id": "PKAAAAAAAAAAAAAAAAAA",
}


def _is_a_time(text: object) -> bool:
    """RFC 3339; a date stands for its beginning, and the zone may be left out."""
    clock = r"[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]([01]\d|2[0-3]):?[0-5]\d)?"
    return not isinstance(text, str) or re.fullmatch(rf"\d{{4}}-\d\d-\d\d({clock})?", text, re.ASCII) is not None


def _is_a_day(text: object) -> bool:
    return not isinstance(text, str) or re.match(r"\d{4}-\d\d-\d\d", text, re.ASCII) is not None


_FORMATS = FormatChecker(formats=())
_FORMATS.checks("date-time")(_is_a_time)
_FORMATS.checks("date")(_is_a_day)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of one address, the others as they should be."""

    path: str
    name: str
    place: str
    schema: dict[str, Any]
    others: dict[str, str]

    def address(self, value: str, *, raw: bool = False) -> str:
        """With this value; as it is, or percent-encoded."""
        written = value if raw else quote(value, safe="")
        path = self.path
        for name, good in _GOOD.items():
            path = path.replace(f"{{{name}}}", written if (self.place, self.name) == ("path", name) else good)
        asked = self.others | ({self.name: written} if self.place == "query" else {})
        return path + ("?" + "&".join(f"{name}={each}" for name, each in asked.items()) if asked else "")

    def good_address(self) -> str:
        """With a value that is understood, wherever one is needed."""
        needs = self.place == "path" or self.name in _GOOD
        return self.address(_GOOD[self.name]) if needs else Parameter(self.path, "", "", {}, self.others).address("")

    def allows(self, value: str) -> bool:
        """Whether the document lets one write this; text may stand for a number, as it must in an address."""
        checker = Draft202012Validator(self.schema, format_checker=_FORMATS)
        return any(checker.is_valid(each) for each in _readings(value))

    def ends(self) -> Iterator[tuple[str, bool]]:
        """The least and the largest value with their neighbours outside, each with whether it is allowed."""
        for part in (self.schema, *self.schema.get("anyOf", ())):
            if "minimum" in part:
                yield from ((str(part["minimum"]), True), (str(part["minimum"] - 1), False))
            if "maximum" in part:
                yield from ((str(part["maximum"]), True), (str(part["maximum"] + 1), False), ("9" * 40, False))


def _readings(value: str) -> Iterator[object]:
    yield value
    if re.fullmatch(r"[+-]?\d+", value.strip()):
        yield int(value)
    if value.strip().lower() in ("true", "false", "0", "1"):
        yield True


def parameters(document: dict[str, Any]) -> list[Parameter]:
    """All that a GET takes."""
    found = []
    for path, operations in document["paths"].items():
        all_of_it = operations.get("get", {}).get("parameters", [])
        needed = {each["name"]: _GOOD[each["name"]] for each in all_of_it if each["in"] == "query" and each["required"]}
        for each in all_of_it:
            others = {name: good for name, good in needed.items() if name != each["name"]}
            schema = {**each["schema"], "components": document["components"]}
            found.append(Parameter(path, each["name"], each["in"], schema, others))
    return found
