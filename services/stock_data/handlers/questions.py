"""Answers about instruments and their markets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from contracts.refusals import Refusal, Refused
from stock_data.domain.candles import Candle, Timeframe
from stock_data.domain.instruments import Instrument, is_symbol
from stock_data.domain.views import Depth, Position, Print, Span, Ticker
from stock_data.ports import Deps, Reader

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Where a page ended: the next one goes on after this position of this symbol."""

    symbol: str
    position: Position


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A symbol's market at a glance; `days` are its last two daily candles, newest first."""

    ticker: Ticker
    minute: Candle | None
    days: Sequence[Candle]


def instruments(deps: Deps) -> list[Instrument]:
    """Everything listed."""
    with deps.reading() as reader:
        return reader.instruments()


def instrument(deps: Deps, symbol_or_id: str) -> Instrument:
    """One instrument by symbol or asset id; Refused(UNKNOWN_SYMBOL) if there is none."""
    found = None
    if is_symbol(symbol_or_id) or _is_uuid(symbol_or_id):
        with deps.reading() as reader:
            found = reader.instrument(symbol_or_id)
    if found is None:
        raise Refused(Refusal.UNKNOWN_SYMBOL)
    return found


def last_price(deps: Deps, symbol: str) -> int | None:
    """The price of the last trade, or the reference price before there was one; None for an unknown symbol."""
    if not is_symbol(symbol):
        return None
    with deps.reading() as reader:
        ticker = reader.tickers([symbol]).get(symbol)
    return ticker.last_price if ticker is not None else None


def has_recorded(deps: Deps, symbol: str, trade_id: str, at_us: int) -> bool:
    """Whether a trade is on the tape; if so, nothing older is shown of its market any more."""
    with deps.reading() as reader:
        is_there = reader.has_trade(symbol, trade_id, at_us)
        ticker = reader.tickers([symbol]).get(symbol) if is_there else None
    if ticker is None:
        return False
    deps.views.confirm(ticker)
    deps.last_prices.confirm({symbol: ticker.last_price})
    return True


def tickers(deps: Deps, symbols: Sequence[str]) -> dict[str, Ticker]:
    """Last trade and quote of each symbol; Refused(UNKNOWN_SYMBOL) if one of them is unknown."""
    found = deps.views.tickers(symbols)
    missing = [symbol for symbol in symbols if symbol not in found]
    if missing:
        with deps.reading() as reader:
            read = _known(reader, missing)
        deps.views.remember_tickers(read)
        found |= read
    return found


def depth(deps: Deps, symbol: str, levels: int) -> Depth:
    """The best levels of a book; Refused(UNKNOWN_SYMBOL)."""
    if not is_symbol(symbol):
        raise Refused(Refusal.UNKNOWN_SYMBOL)
    found = deps.views.depth(symbol, levels)
    if found is None:
        with deps.reading() as reader:
            found = reader.depth(symbol, levels)
        if found is None:
            raise Refused(Refusal.UNKNOWN_SYMBOL)
        deps.views.remember_depth(found, levels)
    return found


def latest_candles(deps: Deps, symbols: Sequence[str]) -> dict[str, Candle]:
    """The newest one-minute candle of each symbol that has traded; Refused(UNKNOWN_SYMBOL)."""
    with deps.reading() as reader:
        _known(reader, symbols)
        found = reader.latest_candles(symbols, Timeframe.MINUTE, 1)
    return {symbol: candles[0] for symbol, candles in found.items()}


def snapshots(deps: Deps, symbols: Sequence[str]) -> dict[str, Snapshot]:
    """Each symbol's market at a glance; Refused(UNKNOWN_SYMBOL)."""
    with deps.reading() as reader:
        found = _known(reader, symbols)
        minutes = reader.latest_candles(symbols, Timeframe.MINUTE, 1)
        days = reader.latest_candles(symbols, Timeframe.DAY, 2)
    return {
        symbol: Snapshot(ticker, minutes.get(symbol, [None])[0], days.get(symbol, ()))
        for symbol, ticker in found.items()
    }


def prints(
    deps: Deps, symbols: Sequence[str], span: Span, limit: int, since: Bookmark | None
) -> tuple[list[Print], Bookmark | None]:
    """A page of the tape, symbol by symbol, and where the next one starts; Refused(UNKNOWN_SYMBOL)."""
    with deps.reading() as reader:
        _known(reader, symbols)
        page = _page(symbols, span, limit, since, reader.prints)
    return _bookmarked(page, limit, lambda item: Bookmark(item.symbol, (item.at_us, item.number)))


def candles(
    deps: Deps, symbols: Sequence[str], timeframe: Timeframe, span: Span, limit: int, since: Bookmark | None
) -> tuple[list[Candle], Bookmark | None]:
    """A page of candles, symbol by symbol, and where the next one starts; Refused(UNKNOWN_SYMBOL)."""
    with deps.reading() as reader:
        _known(reader, symbols)
        page = _page(symbols, span, limit, since, lambda *asked: reader.candles(asked[0], timeframe, *asked[1:]))
    return _bookmarked(page, limit, lambda item: Bookmark(item.symbol, (item.start_us, 0)))


def _page(
    symbols: Sequence[str],
    span: Span,
    limit: int,
    since: Bookmark | None,
    look_up: Callable[[str, Span, int], list[Item]],
) -> list[Item]:
    """One item more than fits if there is one: so many indexed rows are read however many symbols are asked for."""
    page: list[Item] = []
    for symbol in sorted(symbols):
        if since is not None and symbol < since.symbol:
            continue
        left = span.beyond(since.position) if since is not None and symbol == since.symbol else span
        page += look_up(symbol, left, limit + 1 - len(page))
        if len(page) > limit:
            break
    return page


def _bookmarked(
    page: list[Item], limit: int, bookmark: Callable[[Item], Bookmark]
) -> tuple[list[Item], Bookmark | None]:
    if len(page) <= limit:
        return page, None
    return page[:limit], bookmark(page[limit - 1])


def _known(reader: Reader, symbols: Sequence[str]) -> dict[str, Ticker]:
    found = reader.tickers([symbol for symbol in symbols if is_symbol(symbol)])
    for symbol in symbols:
        if symbol not in found:
            raise Refused(Refusal.UNKNOWN_SYMBOL, f"No instrument has the symbol {symbol[:20]!r}.")
    return found


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
