"""SQL that looks something up: single queries, each of one moment, each led by an index."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from chassis.database import Transaction
from contracts.facts import Level
from contracts.orders import Side
from stock_data.domain.candles import Candle, Timeframe
from stock_data.domain.instruments import Instrument, is_symbol
from stock_data.domain.views import Depth, PastCloses, Print, Quote, Span, Ticker

_ALL_INSTRUMENTS = """
select symbol, asset_id, name, tick, lot, reference_price, halted, listed_at_us from instruments
order by symbol collate "C"
"""

_INSTRUMENT_BY_SYMBOL = """
select symbol, asset_id, name, tick, lot, reference_price, halted, listed_at_us from instruments where symbol = %s
"""

_INSTRUMENT_BY_ID = """
select symbol, asset_id, name, tick, lot, reference_price, halted, listed_at_us from instruments where asset_id = %s
"""

_TICKERS = """
select instruments.symbol, instruments.reference_price,
    bid_price, bid_quantity, ask_price, ask_quantity, book_at_us, book_sequence,
    number, price, quantity, taker_side, at_us
from instruments
join markets using (symbol)
left join trades on trades.symbol = markets.symbol and trades.number = markets.trade_number
where instruments.symbol = any(%s)
"""

_DEPTH = """
select 'book', book_sequence, book_at_us, 0 from markets where symbol = %(symbol)s
union all
(select side, price, quantity, orders from levels
    where symbol = %(symbol)s and side = 'buy' order by price desc limit %(levels)s)
union all
(select side, price, quantity, orders from levels
    where symbol = %(symbol)s and side = 'sell' order by price limit %(levels)s)
"""

_PRINTS_OLDEST_FIRST = """
select symbol, number, price, quantity, taker_side, at_us from trades
where symbol = %s and (at_us, number) > (%s, %s) and (at_us, number) < (%s, %s) order by at_us, number limit %s
"""

_PRINTS_NEWEST_FIRST = """
select symbol, number, price, quantity, taker_side, at_us from trades
where symbol = %s and (at_us, number) > (%s, %s) and (at_us, number) < (%s, %s)
order by at_us desc, number desc limit %s
"""

_CANDLES_OLDEST_FIRST = """
select symbol, timeframe, start_us, open, high, low, close, volume, trade_count, notional from candles
where timeframe = %s and symbol = %s and start_us > %s and start_us < %s order by start_us limit %s
"""

_CANDLES_NEWEST_FIRST = """
select symbol, timeframe, start_us, open, high, low, close, volume, trade_count, notional from candles
where timeframe = %s and symbol = %s and start_us > %s and start_us < %s order by start_us desc limit %s
"""

_LATEST_CANDLES = """
select latest.* from unnest(%s::text[]) as asked (symbol)
cross join lateral (
    select symbol, timeframe, start_us, open, high, low, close, volume, trade_count, notional from candles
    where timeframe = %s and symbol = asked.symbol order by start_us desc limit %s
) as latest
order by latest.symbol, latest.start_us desc
"""


_CLOSES_BEFORE = """
select asked.symbol, reference_price, earlier.close from unnest(%(symbols)s::text[]) as asked (symbol)
join instruments using (symbol)
left join lateral (
    select close from candles
    where timeframe = %(timeframe)s and symbol = asked.symbol and start_us < %(start_us)s
    order by start_us desc limit 1
) as earlier on true
"""

_CLOSES_WITHIN = """
select distinct on (symbol, start_us / %(span_us)s) symbol, start_us / %(span_us)s, close from candles
where timeframe = %(timeframe)s and symbol = any(%(symbols)s)
    and start_us >= %(start_us)s and start_us < %(end_us)s
order by symbol, start_us / %(span_us)s, start_us desc
"""

_HAS_TRADE = """
select 1 from trades where symbol = %(symbol)s and at_us = %(at_us)s and trade_id = %(trade_id)s
union all
select 1 from (
    select trade_id from trades where symbol = %(symbol)s order by number desc limit 1000
) as newest where trade_id = %(trade_id)s
limit 1
"""
"""Where clocks differ a trade is printed at another time than it was matched at: then it is one of the newest."""


class SqlReader:
    """`ports.Reader` on PostgreSQL."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def instruments(self) -> list[Instrument]:
        return [_instrument(row) for row in self._transaction.rows(_ALL_INSTRUMENTS)]

    def instrument(self, symbol_or_id: str) -> Instrument | None:
        query = _INSTRUMENT_BY_SYMBOL if is_symbol(symbol_or_id) else _INSTRUMENT_BY_ID
        row = self._transaction.row(query, (symbol_or_id,))
        return _instrument(row) if row is not None else None

    def tickers(self, symbols: Collection[str]) -> dict[str, Ticker]:
        return {row[0]: _ticker(row) for row in self._transaction.rows(_TICKERS, (list(symbols),))}

    def depth(self, symbol: str, levels: int) -> Depth | None:
        rows = self._transaction.rows(_DEPTH, {"symbol": symbol, "levels": levels})
        market = next((row for row in rows if row[0] == "book"), None)
        if market is None:
            return None
        bids = sorted((_level(row) for row in rows if row[0] == Side.BUY), key=lambda level: -level.price)
        asks = sorted((_level(row) for row in rows if row[0] == Side.SELL), key=lambda level: level.price)
        return Depth(symbol, market[1], market[2], tuple(bids), tuple(asks))

    def has_trade(self, symbol: str, trade_id: str, at_us: int) -> bool:
        asked = {"symbol": symbol, "trade_id": trade_id, "at_us": at_us}
        return self._transaction.row(_HAS_TRADE, asked) is not None

    def prints(self, symbol: str, span: Span, limit: int) -> list[Print]:
        query = _PRINTS_NEWEST_FIRST if span.newest_first else _PRINTS_OLDEST_FIRST
        return [_print(*row) for row in self._transaction.rows(query, (symbol, *span.after, *span.before, limit))]

    def candles(self, symbol: str, timeframe: Timeframe, span: Span, limit: int) -> list[Candle]:
        query = _CANDLES_NEWEST_FIRST if span.newest_first else _CANDLES_OLDEST_FIRST
        asked = (timeframe, symbol, span.after[0], span.before[0], limit)
        return [_candle(row) for row in self._transaction.rows(query, asked)]

    def latest_candles(self, symbols: Collection[str], timeframe: Timeframe, count: int) -> dict[str, list[Candle]]:
        latest: dict[str, list[Candle]] = {}
        for row in self._transaction.rows(_LATEST_CANDLES, (list(symbols), timeframe, count)):
            latest.setdefault(row[0], []).append(_candle(row))
        return latest

    def closes(
        self, symbols: Collection[str], timeframe: Timeframe, span_us: int, first: int, last: int
    ) -> dict[str, PastCloses]:
        asked = {
            "symbols": list(symbols),
            "timeframe": timeframe,
            "span_us": span_us,
            "start_us": first * span_us,
            "end_us": (last + 1) * span_us,
        }
        found = {row[0]: PastCloses(row[1], row[2], []) for row in self._transaction.rows(_CLOSES_BEFORE, asked)}
        for symbol, window, close in self._transaction.rows(_CLOSES_WITHIN, asked):
            if symbol in found:
                found[symbol].windows.append((window, close))
        return found


def _instrument(row: Any) -> Instrument:
    symbol, asset_id, name, tick, lot, reference_price, halted, listed_at_us = row
    return Instrument(
        symbol=symbol,
        asset_id=asset_id,
        name=name,
        tick=tick,
        lot=lot,
        reference_price=reference_price,
        halted=halted,
        listed_at_us=listed_at_us,
    )


def _ticker(row: Any) -> Ticker:
    symbol, reference_price, bid_price, bid_quantity, ask_price, ask_quantity, book_at_us, *told = row
    book_sequence, number, *traded = told
    trade = _print(symbol, number, *traded) if number is not None else None
    quote = None
    if book_at_us is not None:
        quote = Quote(bid_price or 0, bid_quantity or 0, ask_price or 0, ask_quantity or 0, book_at_us)
    return Ticker(symbol, reference_price, trade, quote, book_sequence)


def _print(symbol: str, number: int, price: int, quantity: int, taker_side: str, at_us: int) -> Print:
    return Print(symbol, number, price, quantity, Side(taker_side), at_us)


def _level(row: Any) -> Level:
    side, price, quantity, orders = row
    return Level(Side(side), price, quantity, orders)


def _candle(row: Any) -> Candle:
    symbol, timeframe, start_us, first, high, low, last, volume, trade_count, notional = row
    return Candle(symbol, Timeframe(timeframe), start_us, first, high, low, last, volume, trade_count, int(notional))
