"""Times and days in the address of a request."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from pydantic import BeforeValidator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CALENDAR_TEXT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _require_calendar_text(value: object) -> object:
    """Bare numbers are not taken for seconds since 1970."""
    if isinstance(value, str) and not _CALENDAR_TEXT.match(value):
        raise ValueError("write a date like 2026-01-31 or a time like 2026-01-31T13:00:00Z")
    return value


Moment = Annotated[datetime, BeforeValidator(_require_calendar_text)]
"""A time, or a date for its beginning; without a zone it is UTC."""

Day = Annotated[date, BeforeValidator(_require_calendar_text)]


def microseconds(at: datetime) -> int:
    """Since 1970; a time without a zone is UTC."""
    return ((at if at.tzinfo else at.replace(tzinfo=UTC)) - _EPOCH) // timedelta(microseconds=1)


def require_order(first: datetime | date | None, last: datetime | date | None, names: str) -> None:
    """ValueError, in words, if the first of two ends that were both given is after the last."""
    if first is not None and last is not None and _comparable(first) > _comparable(last):
        raise ValueError(f"{names}: the first must not be after the last; nothing lies between them")


def _comparable(at: datetime | date) -> int:
    return microseconds(at) if isinstance(at, datetime) else at.toordinal()
