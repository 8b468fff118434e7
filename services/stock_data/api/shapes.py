"""What is answered: Alpaca's shapes, prices of market data as exact JSON numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from contracts.facts import Level
from contracts.money import dollars
from contracts.orders import Side
from stock_data.domain.candles import Candle
from stock_data.domain.instruments import Instrument
from stock_data.domain.views import Depth, Print, Quote
from stock_data.handlers.questions import Snapshot

Json = dict[str, Any]

ASSET_CLASS = "us_equity"
EXCHANGE = "NASDAQ"  # clients check this against a list that cannot know us

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_VWAP_PLACES = Decimal("0.0001")


def instant(at_us: int) -> str:
    """Microseconds since 1970 as RFC 3339 in UTC."""
    moment = _EPOCH + timedelta(microseconds=at_us)
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z"


def number(price: int) -> Decimal:
    """1/10000 dollars as the exact JSON number of dollars."""
    return Decimal(dollars(price))


def asset(instrument: Instrument) -> Json:
    return {
        "id": instrument.asset_id,
        "class": ASSET_CLASS,
        "exchange": EXCHANGE,
        "symbol": instrument.symbol,
        "name": instrument.name,
        "status": "active",
        "tradable": not instrument.halted,
        "marginable": False,
        "shortable": False,
        "easy_to_borrow": False,
        "fractionable": False,
        "min_order_size": str(instrument.lot),
        "min_trade_increment": str(instrument.lot),
        "price_increment": dollars(instrument.tick),
        "lot_size": str(instrument.lot),
        "reference_price": dollars(instrument.reference_price),
        "halted": instrument.halted,
    }


def bar(candle: Candle) -> Json:
    vwap = Decimal(candle.notional) / (candle.volume * 10_000)
    return {
        "t": instant(candle.start_us),
        "o": number(candle.open),
        "h": number(candle.high),
        "l": number(candle.low),
        "c": number(candle.close),
        "v": candle.volume,
        "n": candle.trade_count,
        "vw": vwap.quantize(_VWAP_PLACES),
    }


def trade(item: Print) -> Json:
    return {
        "t": instant(item.at_us),
        "p": number(item.price),
        "s": item.quantity,
        "i": item.number,
        "tks": "B" if item.taker_side is Side.BUY else "S",
    }


def quote(item: Quote) -> Json:
    return {
        "t": instant(item.at_us),
        "bp": number(item.bid_price),
        "bs": item.bid_quantity,
        "ap": number(item.ask_price),
        "as": item.ask_quantity,
    }


def snapshot(item: Snapshot) -> Json:
    newest, previous = (*item.days, None, None)[:2]
    return {
        "latestTrade": trade(item.ticker.trade) if item.ticker.trade is not None else None,
        "latestQuote": quote(item.ticker.quote) if item.ticker.quote is not None else None,
        "minuteBar": bar(item.minute) if item.minute is not None else None,
        "dailyBar": bar(newest) if newest is not None else None,
        "prevDailyBar": bar(previous) if previous is not None else None,
    }


def orderbook(depth: Depth) -> Json:
    return {
        "symbol": depth.symbol,
        "sequence": depth.sequence,
        "t": instant(depth.at_us) if depth.at_us is not None else None,
        "bids": [_level(level) for level in depth.bids],
        "asks": [_level(level) for level in depth.asks],
    }


def by_symbol(items: list[tuple[str, Json]]) -> dict[str, list[Json]]:
    """Items of many symbols, each symbol's in the order given."""
    grouped: dict[str, list[Json]] = {}
    for symbol, item in items:
        grouped.setdefault(symbol, []).append(item)
    return grouped


def _level(level: Level) -> Json:
    return {"p": number(level.price), "s": level.quantity, "n": level.orders}
