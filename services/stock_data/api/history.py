"""Endpoints: candles and the tape, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from chassis.web import SECURITY, current_caller
from stock_data.api import answers, shapes
from stock_data.api.questions import (
    BarsOfMany,
    BarsOfOne,
    SymbolPath,
    TapeOfMany,
    TapeOfOne,
    page_token,
)
from stock_data.handlers import questions
from stock_data.ports import Deps

_TAGS = [Tag(name="Market data")]

_Page = tuple[dict[str, list[shapes.Json]], str | None]


def add_history(api: APIBlueprint, deps: Deps) -> None:
    """Bars and trades, of many symbols and of one."""
    _add_bars(api, deps)
    _add_trades(api, deps)


def _add_bars(api: APIBlueprint, deps: Deps) -> None:
    @api.get(
        "/v2/stocks/bars",
        tags=_TAGS,
        security=SECURITY,
        summary="List the bars of some symbols.",
        responses={200: answers.BarsPage},
    )
    def list_bars(query: BarsOfMany) -> shapes.Json:
        current_caller()
        bars, token = _bars(deps, query.symbols, query)
        return {"bars": bars, "next_page_token": token}

    @api.get(
        "/v2/stocks/<symbol>/bars",
        tags=_TAGS,
        security=SECURITY,
        summary="List a symbol's bars.",
        responses={200: answers.SymbolBarsPage},
    )
    def list_symbol_bars(path: SymbolPath, query: BarsOfOne) -> shapes.Json:
        current_caller()
        bars, token = _bars(deps, [path.symbol], query)
        return {"symbol": path.symbol, "bars": bars.get(path.symbol, []), "next_page_token": token}


def _add_trades(api: APIBlueprint, deps: Deps) -> None:
    @api.get(
        "/v2/stocks/trades",
        tags=_TAGS,
        security=SECURITY,
        summary="Read the tape of some symbols.",
        responses={200: answers.TradesPage},
    )
    def list_trades(query: TapeOfMany) -> shapes.Json:
        current_caller()
        trades, token = _trades(deps, query.symbols, query)
        return {"trades": trades, "next_page_token": token}

    @api.get(
        "/v2/stocks/<symbol>/trades",
        tags=_TAGS,
        security=SECURITY,
        summary="Read a symbol's tape.",
        responses={200: answers.SymbolTradesPage},
    )
    def list_symbol_trades(path: SymbolPath, query: TapeOfOne) -> shapes.Json:
        current_caller()
        trades, token = _trades(deps, [path.symbol], query)
        return {"symbol": path.symbol, "trades": trades.get(path.symbol, []), "next_page_token": token}


def _bars(deps: Deps, symbols: Sequence[str], asked: BarsOfOne) -> _Page:
    page, bookmark = questions.candles(deps, symbols, asked.timeframe, asked.span(), asked.limit, asked.bookmark())
    return shapes.by_symbol([(candle.symbol, shapes.bar(candle)) for candle in page]), page_token(bookmark)


def _trades(deps: Deps, symbols: Sequence[str], asked: TapeOfOne) -> _Page:
    page, bookmark = questions.prints(deps, symbols, asked.span(), asked.limit, asked.bookmark())
    return shapes.by_symbol([(item.symbol, shapes.trade(item)) for item in page]), page_token(bookmark)
