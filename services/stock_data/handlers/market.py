"""Takes trades and changes of books in, a batch at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import structlog

from stock_data.domain.market import Market
from stock_data.ports import LastPrices, Unit, Views

_log = structlog.get_logger()

TakeIn = Callable[[Market, Any], None]
"""How a market takes one kind of fact in."""


def record(unit: Unit, last_prices: LastPrices, views: Views, heard: Sequence[tuple[TakeIn, Any]]) -> None:
    """Take facts in, in their order: onto the tape, into the candles, into the levels and the quote."""
    markets = unit.lock_markets({fact.symbol for _, fact in heard})
    for take_in, fact in heard:
        take_in(markets[fact.symbol], fact)
    unit.save_markets(markets.values())
    for market in markets.values():
        for known, previous in market.gaps:  # the bus keeps their order, so a gap is somebody's defect
            _log.error("book_gap", symbol=market.symbol, known_sequence=known, previous_sequence=previous)
    unit.after_commit(lambda: views.tell(markets.values()))
    traded = {market.symbol: market.prints[-1].price for market in markets.values() if market.prints}
    if traded:
        unit.after_commit(lambda: last_prices.remember(traded))
