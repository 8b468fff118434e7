"""The address that shows what an account was worth over time, in Alpaca's shape."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import Field, model_validator

from chassis.moments import Day, Moment, microseconds, require_order
from chassis.web import Strict, current_caller
from contracts.money import dollars
from contracts.refusals import Refusal, Refused
from user_portfolio.api import answers
from user_portfolio.domain.history import History
from user_portfolio.domain.valuation import RATIO_PLACES
from user_portfolio.domain.windows import NotATime, Timeframe, Windows, windows_between, windows_until
from user_portfolio.handlers.history import show_history
from user_portfolio.ports import Deps

_DAYS = {"D": 1, "W": 7, "M": 30, "A": 365}
_USUAL_PERIOD = "1M"


class PortfolioHistoryQuery(Strict):
    """Which time to tell of: at most two of `start`, `end` and `period`; one month until now unless told."""

    period: Annotated[
        str | None, Field(pattern=r"^[1-9][0-9]{0,3}[DWMA]$", description="Like 1D, 2W, 3M (of 30 days) or 1A (a year)")
    ] = None
    timeframe: Timeframe | None = Field(None, description="The finest that fits, or 1D from a month on, unless told")
    start: Moment | None = None
    end: Moment | None = None
    date_end: Day | None = Field(None, description="The last day to tell of (UTC); Alpaca's older word for end")
    intraday_reporting: Literal["market_hours", "extended_hours", "continuous"] = Field(
        "continuous", description="All the same here: the exchange is always open"
    )
    extended_hours: bool | None = Field(None, description="Changes nothing: the exchange is always open")
    pnl_reset: Literal["no_reset", "per_day"] = Field(
        "no_reset", description="Whether profit counts from base_value, or anew from each UTC day's beginning"
    )
    cashflow_types: Annotated[
        str,
        Field(pattern=r"^[A-Z]{2,8}(,[A-Z]{2,8}){0,20}$", description="ALL, NONE or types of activities, with commas"),
    ] = "NONE"

    @model_validator(mode="after")
    def _one_way_to_say_when(self) -> PortfolioHistoryQuery:
        if self.end is not None and self.date_end is not None:
            raise ValueError("say end or date_end, not both")
        if None not in (self.start, self.period) and (self.end, self.date_end) != (None, None):
            raise ValueError("say at most two of start, end and period")
        require_order(self.start, self.end, "start and end")
        require_order(self.start.date() if self.start else None, self.date_end, "start and date_end")
        return self

    def windows(self, now_us: int) -> Windows:
        """The windows asked for; NotATime if there are none."""
        length_us = _length_us(self.period or _USUAL_PERIOD)
        if self.start is None:
            return windows_until(min(self._end_us(now_us), now_us), length_us, self.timeframe)
        start_us = microseconds(self.start)
        end_us = start_us + length_us if self.period else self._end_us(now_us)
        return windows_between(start_us, min(end_us, now_us), self.timeframe)

    def wants(self, kind: str) -> bool:
        """Whether the cash flow of this type of activity was asked for."""
        return self.cashflow_types == "ALL" or kind in self.cashflow_types.split(",")

    def _end_us(self, now_us: int) -> int:
        if self.date_end is not None:
            return microseconds(datetime.combine(self.date_end, time.min)) + _length_us("1D")
        return microseconds(self.end) if self.end is not None else now_us


def add_portfolio_history(api: APIBlueprint, deps: Deps, tag: Tag) -> None:
    """GET /v2/account/portfolio/history."""

    @api.get(
        "/v2/account/portfolio/history",
        summary="Show what the account was worth over time",
        tags=[tag],
        responses={200: answers.PortfolioHistory},
    )
    def show_portfolio_history(query: PortfolioHistoryQuery) -> dict[str, Any]:
        account_id, resets_daily = current_caller().account_id, query.pnl_reset == "per_day"
        try:
            history = show_history(deps, account_id, query.windows(deps.clock.now_us()), resets_daily=resets_daily)
        except NotATime as wrong:
            raise Refused(Refusal.INVALID_REQUEST, str(wrong)) from wrong
        return _shape(history, {kind: flow for kind, flow in history.grants.items() if query.wants(kind)})


def _shape(history: History, cashflow: dict[str, list[int]]) -> dict[str, Any]:
    windows = history.windows
    return {
        "timestamp": [windows.start_s(window) for window in windows],
        "equity": _numbers(history.equity),
        "profit_loss": _numbers(history.profit),
        "profit_loss_pct": [Decimal(ratio).scaleb(-RATIO_PLACES) for ratio in history.ratio],
        "base_value": _numbers([history.base])[0],
        "timeframe": windows.timeframe,
        "cashflow": {kind: _numbers(flow) for kind, flow in cashflow.items()},
    }


def _numbers(amounts: list[int]) -> list[Decimal]:
    return [Decimal(dollars(amount)) for amount in amounts]


def _length_us(period: str) -> int:
    return timedelta(days=int(period[:-1]) * _DAYS[period[-1]]) // timedelta(microseconds=1)
