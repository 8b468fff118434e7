"""Candles: what trades of one span of time come to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from contracts.facts import TradeExecuted


class Timeframe(StrEnum):
    """The spans candles are kept for, spelled as Alpaca spells them; days are UTC days."""

    MINUTE = "1Min"
    FIVE_MINUTES = "5Min"
    HOUR = "1Hour"
    DAY = "1Day"


_MINUTE_US = 60_000_000
SPANS_US = {
    Timeframe.MINUTE: _MINUTE_US,
    Timeframe.FIVE_MINUTES: 5 * _MINUTE_US,
    Timeframe.HOUR: 60 * _MINUTE_US,
    Timeframe.DAY: 24 * 60 * _MINUTE_US,
}


def frame_within(span_s: int) -> Timeframe:
    """The longest timeframe whose candles fill windows of this many seconds; ValueError if there is none."""
    for timeframe, span_us in sorted(SPANS_US.items(), key=lambda item: -item[1]):
        if span_s > 0 and span_s * 1_000_000 % span_us == 0:
            return timeframe
    raise ValueError(f"{span_s} seconds are not whole minutes")


@dataclass(slots=True)
class Candle:
    """One span of one symbol. Prices in 1/10000 dollar; `notional` is the sum of price times quantity."""

    symbol: str
    timeframe: Timeframe
    start_us: int
    open: int
    high: int
    low: int
    close: int
    volume: int
    trade_count: int
    notional: int

    def add(self, trade: TradeExecuted) -> None:
        """Take in the next trade."""
        price = trade.price
        if price > self.high:
            self.high = price
        if price < self.low:
            self.low = price
        self.close = price
        self.volume += trade.quantity
        self.trade_count += 1
        self.notional += price * trade.quantity


def first_candle(timeframe: Timeframe, trade: TradeExecuted) -> Candle:
    """The candle of this timeframe that a trade opens."""
    price = trade.price
    start_us = trade.at_us - trade.at_us % SPANS_US[timeframe]
    return Candle(
        trade.symbol, timeframe, start_us, price, price, price, price, trade.quantity, 1, price * trade.quantity
    )


class Candles:
    """The part of each candle that a batch of one symbol's trades adds."""

    def __init__(self) -> None:
        self._candles: dict[tuple[Timeframe, int], Candle] = {}

    def add(self, trade: TradeExecuted) -> None:
        for timeframe, span_us in SPANS_US.items():
            key = (timeframe, trade.at_us // span_us)
            candle = self._candles.get(key)
            if candle is None:
                self._candles[key] = first_candle(timeframe, trade)
            else:
                candle.add(trade)

    def all(self) -> list[Candle]:
        return list(self._candles.values())
