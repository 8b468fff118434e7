"""SQL that changes something: listings, halts, and a batch of market facts in a constant handful of statements."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from chassis.database import Transaction
from contracts.facts import Level, TradeExecuted
from stock_data.domain.candles import Candle
from stock_data.domain.instruments import Instrument
from stock_data.domain.market import Market

_INSERT_INSTRUMENTS = """
insert into instruments (symbol, asset_id, name, tick, lot, reference_price, halted, listed_at_us)
select * from unnest(
    %s::text[], %s::uuid[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::boolean[], %s::bigint[]
)
on conflict (symbol) do nothing returning symbol
"""

_LOCK_MARKETS = """
select symbol, trade_number, book_sequence, book_at_us from markets
where symbol = any(%s) order by symbol for no key update
"""

_LAST_PRINTS = """
select markets.symbol, at_us from markets join trades on trades.symbol = markets.symbol and number = trade_number
where markets.symbol = any(%s)
"""
"""Asked under the lock, in a statement of its own: one that waits for a lock sees other tables as they were before."""

_NOW = "select (extract(epoch from clock_timestamp()) * 1000000)::bigint"

_INSERT_TRADES = """
insert into trades (symbol, number, trade_id, price, quantity, taker_side, sequence, at_us)
select * from unnest(
    %s::text[], %s::bigint[], %s::uuid[], %s::bigint[], %s::bigint[], %s::text[], %s::bigint[], %s::bigint[]
)
"""

_ADD_CANDLES = """
insert into candles as kept
    (timeframe, symbol, start_us, open, high, low, close, volume, trade_count, notional)
select * from unnest(
    %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],
    %s::bigint[], %s::bigint[], %s::numeric[]
)
on conflict (timeframe, symbol, start_us) do update set
    high = greatest(kept.high, excluded.high),
    low = least(kept.low, excluded.low),
    close = excluded.close,
    volume = kept.volume + excluded.volume,
    trade_count = kept.trade_count + excluded.trade_count,
    notional = kept.notional + excluded.notional
"""

_PUT_LEVELS = """
insert into levels (symbol, side, price, quantity, orders)
select * from unnest(%s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[])
on conflict (symbol, side, price) do update set quantity = excluded.quantity, orders = excluded.orders
"""

_DROP_LEVELS = """
delete from levels using unnest(%s::text[], %s::text[], %s::bigint[]) as gone (symbol, side, price)
where levels.symbol = gone.symbol and levels.side = gone.side and levels.price = gone.price
"""

_UPDATE_MARKETS = """
update markets set
    trade_number = now.trade_number, book_sequence = now.book_sequence, book_at_us = now.book_at_us,
    bid_price = bid.price, bid_quantity = bid.quantity, ask_price = ask.price, ask_quantity = ask.quantity
from unnest(%s::text[], %s::bigint[], %s::bigint[], %s::bigint[])
    as now (symbol, trade_number, book_sequence, book_at_us)
left join lateral (
    select price, quantity from levels where symbol = now.symbol and side = 'buy' order by price desc limit 1
) as bid on true
left join lateral (
    select price, quantity from levels where symbol = now.symbol and side = 'sell' order by price limit 1
) as ask on true
where markets.symbol = now.symbol
"""


class SqlUnit:
    """`ports.Unit` on PostgreSQL."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add_instruments(self, instruments: Sequence[Instrument]) -> list[Instrument]:
        columns = (
            [each.symbol for each in instruments],
            [each.asset_id for each in instruments],
            [each.name for each in instruments],
            [each.tick for each in instruments],
            [each.lot for each in instruments],
            [each.reference_price for each in instruments],
            [each.halted for each in instruments],
            [each.listed_at_us for each in instruments],
        )
        added = {row[0] for row in self._transaction.rows(_INSERT_INSTRUMENTS, columns)}
        self._transaction.execute("insert into markets (symbol) select unnest(%s::text[])", (sorted(added),))
        return [each for each in instruments if each.symbol in added]

    def set_halted(self, symbol: str, halted: bool) -> int | None:
        query = "update instruments set halted = %s where symbol = %s and halted <> %s returning halt_sequence"
        row = self._transaction.row(query, (halted, symbol, halted))
        return None if row is None else int(row[0])

    def lock_markets(self, symbols: Collection[str]) -> dict[str, Market]:
        rows = self._transaction.rows(_LOCK_MARKETS, (list(symbols),))
        printed = dict(self._transaction.rows(_LAST_PRINTS, (list(symbols),)))
        now = self._transaction.row(_NOW)
        return {
            symbol: Market(symbol, number, sequence, at_us, printed.get(symbol, 0), now and now[0])
            for symbol, number, sequence, at_us in rows
        }

    def save_markets(self, markets: Collection[Market]) -> None:
        self._insert_trades([trade for market in markets for trade in market.prints])
        self._add_candles([candle for market in markets for candle in market.candles])
        self._put_levels([(market.symbol, level) for market in markets for level in market.levels])
        self._transaction.execute(
            _UPDATE_MARKETS,
            (
                [market.symbol for market in markets],
                [market.trade_number for market in markets],
                [market.book_sequence for market in markets],
                [market.book_at_us for market in markets],
            ),
        )

    def announce(self, facts: Sequence[object]) -> None:
        self._transaction.announce(facts)

    def after_commit(self, action: Callable[[], None]) -> None:
        self._transaction.after_commit(action)

    def _insert_trades(self, trades: Sequence[TradeExecuted]) -> None:
        if not trades:
            return
        columns = (
            [trade.symbol for trade in trades],
            [trade.number for trade in trades],
            [trade.trade_id for trade in trades],
            [trade.price for trade in trades],
            [trade.quantity for trade in trades],
            [trade.taker_side for trade in trades],
            [trade.sequence for trade in trades],
            [trade.at_us for trade in trades],
        )
        self._transaction.execute(_INSERT_TRADES, columns)

    def _add_candles(self, candles: Sequence[Candle]) -> None:
        if not candles:
            return
        columns = (
            [candle.timeframe for candle in candles],
            [candle.symbol for candle in candles],
            [candle.start_us for candle in candles],
            [candle.open for candle in candles],
            [candle.high for candle in candles],
            [candle.low for candle in candles],
            [candle.close for candle in candles],
            [candle.volume for candle in candles],
            [candle.trade_count for candle in candles],
            [candle.notional for candle in candles],
        )
        self._transaction.execute(_ADD_CANDLES, columns)

    def _put_levels(self, levels: Sequence[tuple[str, Level]]) -> None:
        gone = [(symbol, level) for symbol, level in levels if level.quantity == 0]
        stand = [(symbol, level) for symbol, level in levels if level.quantity > 0]
        if gone:
            self._transaction.execute(_DROP_LEVELS, _keys(gone))
        if stand:
            columns = (*_keys(stand), [level.quantity for _, level in stand], [level.orders for _, level in stand])
            self._transaction.execute(_PUT_LEVELS, columns)


def _keys(levels: Sequence[tuple[str, Level]]) -> tuple[list[str], list[str], list[int]]:
    return (
        [symbol for symbol, _ in levels],
        [level.side for _, level in levels],
        [level.price for _, level in levels],
    )
