"""What may be asked: the request models, each value checked and turned into the domain's."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from chassis.web import Strict
from contracts.money import LARGEST_QUANTITY, parse_decimal
from contracts.refusals import Refusal, Refused
from stock_data.domain.candles import Timeframe
from stock_data.domain.instruments import USUAL_TICK, dollars_to_units
from stock_data.domain.views import Span, span_of
from stock_data.handlers.questions import Bookmark

MOST_SYMBOLS = 100
LARGEST_PAGE = 10_000
LARGEST_DEPTH = 1_000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST_US = 0
_LATEST_US = 2**62
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BOOKMARK = re.compile(r"([A-Z][A-Z0-9.]{0,11}) ([0-9]{1,18}) ([0-9]{1,18})")


def _instant(value: object) -> int:
    """RFC 3339, or a date, as microseconds since 1970; without a zone it is UTC."""
    if not isinstance(value, str) or not _DATE.match(value):
        raise ValueError("must be a time like 2026-01-31T09:30:00Z or a date like 2026-01-31")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as unreadable:
        raise ValueError("must be a time like 2026-01-31T09:30:00Z or a date like 2026-01-31") from unreadable
    zoned = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return (zoned - _EPOCH) // timedelta(microseconds=1)


def _timeframe(value: object) -> Timeframe:
    try:
        return Timeframe(str(value))
    except ValueError as unknown:
        raise ValueError(f"must be one of {', '.join(Timeframe)}") from unknown


def _symbols(value: object) -> tuple[str, ...]:
    symbols = tuple(dict.fromkeys(part.strip() for part in str(value).split(",") if part.strip()))
    if not 1 <= len(symbols) <= MOST_SYMBOLS:
        raise ValueError(f"must name 1 to {MOST_SYMBOLS} symbols, with commas between them")
    return symbols


def _dollars(value: object) -> int:
    if isinstance(value, str):
        value = parse_decimal(value)
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise ValueError("must be a decimal number, as a string or a number")
    return dollars_to_units(Decimal(value))


Instant = Annotated[int, BeforeValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time"})]
Symbols = Annotated[
    tuple[str, ...], BeforeValidator(_symbols), WithJsonSchema({"type": "string", "description": "As in AAPL,MSFT."})
]
BarTimeframe = Annotated[
    Timeframe, BeforeValidator(_timeframe), WithJsonSchema({"type": "string", "enum": list(Timeframe)})
]
Dollars = Annotated[
    int,
    BeforeValidator(_dollars),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": r"^\d{1,7}(\.\d{1,4})?$"}, {"type": "number"}]}),
]
_Ignored = Annotated[str | None, Field(default=None, max_length=40, description="Taken for Alpaca's sake, not used.")]


class SymbolPath(Strict):
    symbol: str


class AssetPath(Strict):
    symbol_or_asset_id: str


class AssetsQuestion(Strict):
    status: Literal["active", "inactive"] | None = None
    asset_class: str | None = None
    exchange: str | None = None
    attributes: _Ignored


class LatestOfOne(Strict):
    feed: _Ignored
    currency: Literal["USD"] = "USD"


class LatestOfMany(LatestOfOne):
    symbols: Symbols


class DepthQuestion(Strict):
    levels: int = Field(default=10, ge=1, le=LARGEST_DEPTH)


class TapeOfOne(LatestOfOne):
    """A stretch of history, a page at a time; start and end are included."""

    start: Instant | None = None
    end: Instant | None = None
    limit: int = Field(default=1_000, ge=1, le=LARGEST_PAGE)
    page_token: str | None = Field(default=None, max_length=100)
    sort: Literal["asc", "desc"] = "asc"
    asof: _Ignored

    @model_validator(mode="after")
    def _start_before_end(self) -> Self:
        if self.start is not None and self.end is not None and self.start > self.end:
            raise ValueError("start and end: the first must not be after the last; nothing lies between them")
        return self

    def span(self) -> Span:
        start_us = _EARLIEST_US if self.start is None else max(self.start, _EARLIEST_US)
        end_us = _LATEST_US if self.end is None else self.end
        return span_of(start_us, end_us, self.sort == "desc")

    def bookmark(self) -> Bookmark | None:
        """Where to go on; Refused(INVALID_REQUEST) for a token that we did not give out."""
        return read_page_token(self.page_token) if self.page_token is not None else None


class TapeOfMany(TapeOfOne):
    symbols: Symbols


class BarsOfOne(TapeOfOne):
    timeframe: BarTimeframe
    adjustment: _Ignored


class BarsOfMany(BarsOfOne):
    symbols: Symbols


class ListInstrument(Strict):
    """A new instrument; prices in dollars."""

    symbol: str
    name: str
    reference_price: Dollars
    tick_size: Dollars = Field(default=USUAL_TICK, json_schema_extra={"default": "0.01"})
    lot_size: int = Field(default=1, strict=True, ge=1, le=LARGEST_QUANTITY)


def page_token(bookmark: Bookmark | None) -> str | None:
    """A bookmark as a text that goes into a query as it is."""
    if bookmark is None:
        return None
    text = f"{bookmark.symbol} {bookmark.position[0]} {bookmark.position[1]}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_page_token(token: str) -> Bookmark:
    """The bookmark of a token; Refused(INVALID_REQUEST) if it is not one of ours."""
    try:
        text = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as broken:
        raise Refused(Refusal.INVALID_REQUEST, "page_token: not a token of ours.") from broken
    found: Any = _BOOKMARK.fullmatch(text)
    if found is None:
        raise Refused(Refusal.INVALID_REQUEST, "page_token: not a token of ours.")
    return Bookmark(found[1], (int(found[2]), int(found[3])))
