"""Addresses that tell the exchange's time: always open, each day ending when day orders expire."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import flask
from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from pydantic import RootModel, model_validator

from chassis import answers
from chassis.answers import Answer, Time
from chassis.moments import Day, require_order
from chassis.web import Strict
from contracts.refusals import Refusal, Refused
from stock_ordering.api.answers import rfc3339
from stock_ordering.domain.trading_day import next_end_us
from stock_ordering.ports import Deps

LARGEST_CALENDAR_DAYS = 3_660
_SHOWN_DAYS = 365
_MINUTES_A_DAY = 24 * 60


class ClockAnswer(Answer):
    """The next trading day opens the moment this one closes."""

    timestamp: Time
    is_open: bool
    next_open: Time
    next_close: Time


class DayAnswer(Answer):
    """A trading day by the date it opens on; `close` is its last minute, in UTC like `open`."""

    date: answers.Day
    open: str
    close: str


class CalendarAnswer(RootModel[list[DayAnswer]]):
    """Every day is a trading day."""


class CalendarQuery(Strict):
    start: Day | None = None
    end: Day | None = None

    @model_validator(mode="after")
    def _start_before_end(self) -> CalendarQuery:
        require_order(self.start, self.end, "start and end")
        return self


def add_calendar(api: APIBlueprint, deps: Deps) -> None:
    """GET the clock, GET the calendar."""

    @api.get("/v2/clock", summary="Tell the exchange's time.", responses={200: ClockAnswer})
    def clock() -> Response:
        now_us = deps.clock.now_us()
        ends_at = rfc3339(next_end_us(now_us, deps.ends.day_ends_minute))
        body = {"timestamp": rfc3339(now_us), "is_open": True, "next_open": ends_at, "next_close": ends_at}
        return flask.jsonify(body)

    @api.get("/v2/calendar", summary="List trading days.", responses={200: CalendarAnswer})
    def calendar(query: CalendarQuery) -> Response:
        return flask.jsonify(_days(query, deps.clock.now_us(), deps.ends.day_ends_minute))


def _days(query: CalendarQuery, now_us: int, ends_minute: int) -> list[dict[str, Any]]:
    today = datetime.fromtimestamp(now_us // 1_000_000, UTC).date()
    start = query.start or min(today, query.end or today)
    count = (query.end - start).days + 1 if query.end else min(_SHOWN_DAYS, (date.max - start).days + 1)
    if count > LARGEST_CALENDAR_DAYS:
        raise Refused(Refusal.INVALID_REQUEST, f"Ask for at most {LARGEST_CALENDAR_DAYS} days at a time.")
    opens, closes = _time(ends_minute), _time((ends_minute - 1) % _MINUTES_A_DAY)
    return [{"date": (start + timedelta(days=day)).isoformat(), "open": opens, "close": closes} for day in range(count)]


def _time(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
