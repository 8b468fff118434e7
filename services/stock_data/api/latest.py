"""Endpoints: how a market stands now."""

from __future__ import annotations

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from chassis.web import SECURITY, current_caller
from stock_data.api import answers, shapes
from stock_data.api.questions import DepthQuestion, LatestOfMany, LatestOfOne, SymbolPath
from stock_data.handlers import questions
from stock_data.ports import Deps

_TAGS = [Tag(name="Market data")]


def add_latest(api: APIBlueprint, deps: Deps) -> None:
    """Latest bars, trades and quotes, snapshots and the order book."""
    _add_latest_bars(api, deps)
    _add_latest_trades(api, deps)
    _add_latest_quotes(api, deps)
    _add_snapshots(api, deps)

    @api.get(
        "/v2/stocks/<symbol>/orderbook",
        tags=_TAGS,
        security=SECURITY,
        summary="Show the best levels of a book.",
        responses={200: answers.OrderBook},
    )
    def show_orderbook(path: SymbolPath, query: DepthQuestion) -> shapes.Json:
        current_caller()
        return shapes.orderbook(questions.depth(deps, path.symbol, query.levels))


def _add_latest_bars(api: APIBlueprint, deps: Deps) -> None:
    @api.get(
        "/v2/stocks/bars/latest",
        tags=_TAGS,
        security=SECURITY,
        summary="Show the newest one-minute bar of each symbol.",
        responses={200: answers.LatestBars},
    )
    def latest_bars(query: LatestOfMany) -> shapes.Json:
        current_caller()
        latest = questions.latest_candles(deps, query.symbols)
        return {"bars": {symbol: shapes.bar(candle) for symbol, candle in latest.items()}}

    @api.get(
        "/v2/stocks/<symbol>/bars/latest",
        tags=_TAGS,
        security=SECURITY,
        summary="Show a symbol's newest one-minute bar.",
        responses={200: answers.LatestBar},
    )
    def latest_bar(path: SymbolPath, query: LatestOfOne) -> shapes.Json:
        current_caller()
        candle = questions.latest_candles(deps, [path.symbol]).get(path.symbol)
        return {"symbol": path.symbol, "bar": shapes.bar(candle) if candle is not None else None}


def _add_latest_trades(api: APIBlueprint, deps: Deps) -> None:
    @api.get(
        "/v2/stocks/trades/latest",
        tags=_TAGS,
        security=SECURITY,
        summary="Show the last trade of each symbol.",
        responses={200: answers.LatestTrades},
    )
    def latest_trades(query: LatestOfMany) -> shapes.Json:
        current_caller()
        tickers = questions.tickers(deps, query.symbols)
        return {"trades": {symbol: shapes.trade(each.trade) for symbol, each in tickers.items() if each.trade}}

    @api.get(
        "/v2/stocks/<symbol>/trades/latest",
        tags=_TAGS,
        security=SECURITY,
        summary="Show a symbol's last trade.",
        responses={200: answers.LatestTrade},
    )
    def latest_trade(path: SymbolPath, query: LatestOfOne) -> shapes.Json:
        current_caller()
        trade = questions.tickers(deps, [path.symbol])[path.symbol].trade
        return {"symbol": path.symbol, "trade": shapes.trade(trade) if trade is not None else None}


def _add_latest_quotes(api: APIBlueprint, deps: Deps) -> None:
    @api.get(
        "/v2/stocks/quotes/latest",
        tags=_TAGS,
        security=SECURITY,
        summary="Show the best bid and ask of each symbol.",
        responses={200: answers.LatestQuotes},
    )
    def latest_quotes(query: LatestOfMany) -> shapes.Json:
        current_caller()
        tickers = questions.tickers(deps, query.symbols)
        return {"quotes": {symbol: shapes.quote(each.quote) for symbol, each in tickers.items() if each.quote}}

    @api.get(
        "/v2/stocks/<symbol>/quotes/latest",
        tags=_TAGS,
        security=SECURITY,
        summary="Show a symbol's best bid and ask.",
        responses={200: answers.LatestQuote},
    )
    def latest_quote(path: SymbolPath, query: LatestOfOne) -> shapes.Json:
        current_caller()
        quote = questions.tickers(deps, [path.symbol])[path.symbol].quote
        return {"symbol": path.symbol, "quote": shapes.quote(quote) if quote is not None else None}


def _add_snapshots(api: APIBlueprint, deps: Deps) -> None:
    @api.get(
        "/v2/stocks/snapshots",
        tags=_TAGS,
        security=SECURITY,
        summary="Show last trade, quote and bars of each symbol.",
        responses={200: answers.Snapshots},
    )
    def show_snapshots(query: LatestOfMany) -> shapes.Json:
        current_caller()
        found = questions.snapshots(deps, query.symbols)
        return {symbol: shapes.snapshot(snapshot) for symbol, snapshot in found.items()}

    @api.get(
        "/v2/stocks/<symbol>/snapshot",
        tags=_TAGS,
        security=SECURITY,
        summary="Show a symbol's last trade, quote and bars.",
        responses={200: answers.SymbolSnapshot},
    )
    def show_snapshot(path: SymbolPath, query: LatestOfOne) -> shapes.Json:
        current_caller()
        snapshot = questions.snapshots(deps, [path.symbol])[path.symbol]
        return {"symbol": path.symbol, **shapes.snapshot(snapshot)}
