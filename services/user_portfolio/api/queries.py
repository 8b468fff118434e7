"""What can be asked for in the address of a request."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Literal

from pydantic import Field, model_validator

from chassis.moments import Day, Moment, microseconds, require_order
from chassis.web import Strict
from user_portfolio.ports import Page

LARGEST_PAGE = 100

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_US = 86_400_000_000
_TOKEN = re.compile(r"([0-9]{17})::([0-9]{1,18})")


ActivityType = Annotated[str, Field(pattern=r"^[A-Z]{2,8}$", description="FILL, JNLC (cash) or JNLS (shares)")]


class SymbolPath(Strict):
    symbol_or_asset_id: str = Field(max_length=64)


class ActivityTypePath(Strict):
    activity_type: ActivityType


class HistoryQuery(Strict):
    """A stretch of an account's history."""

    after: Moment | None = Field(None, description="Only what happened after this time")
    until: Moment | None = Field(None, description="Only what happened before this time")
    date: Day | None = Field(None, description="Only what happened on this day (UTC); not with after or until")
    direction: Literal["asc", "desc"] = "desc"
    page_size: int = Field(LARGEST_PAGE, ge=1, le=LARGEST_PAGE)
    page_token: str | None = Field(None, pattern=rf"^{_TOKEN.pattern}$", description="The id of the last entry seen")

    @model_validator(mode="after")
    def _one_way_to_say_when(self) -> HistoryQuery:
        if self.date is not None and (self.after is not None or self.until is not None):
            raise ValueError("date cannot be combined with after or until")
        require_order(self.after, self.until, "after and until")
        return self

    def page(self, account_id: str, kinds: list[str] | None = None) -> Page:
        after_us = microseconds(self.after) if self.after else None
        until_us = microseconds(self.until) if self.until else None
        if self.date is not None:
            day_starts_us = microseconds(datetime.combine(self.date, time.min))
            after_us, until_us = day_starts_us - 1, day_starts_us + _DAY_US
        return Page(
            account_id=account_id,
            limit=self.page_size,
            newest_first=self.direction == "desc",
            beyond=int(self.page_token.partition("::")[2]) if self.page_token else None,
            kinds=kinds,
            after_us=after_us,
            until_us=until_us,
        )


class ActivitiesQuery(HistoryQuery):
    activity_type: ActivityType | None = None
    activity_types: str | None = Field(
        None, pattern=r"^[A-Z]{2,8}(,[A-Z]{2,8}){0,20}$", description="Several types, joined by commas"
    )

    def kinds(self) -> list[str] | None:
        named = [self.activity_type] if self.activity_type else []
        named += self.activity_types.split(",") if self.activity_types else []
        return named or None


def activity_id(number: int, at_us: int) -> str:
    """An activity's name in the API: its time to the millisecond and its number, as Alpaca writes them."""
    at = _EPOCH + timedelta(microseconds=at_us)
    return f"{at:%Y%m%d%H%M%S}{at.microsecond // 1000:03d}::{number}"
