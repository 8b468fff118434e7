"""Answers what the last prices were in some windows of time, for services that value things of the past."""

from __future__ import annotations

from collections.abc import Sequence

from contracts.names import MOST_CLOSES
from stock_data.domain.candles import frame_within
from stock_data.domain.views import PastCloses
from stock_data.ports import Deps


def closes(deps: Deps, symbols: Sequence[str], span_s: int, first: int, last: int) -> dict[str, PastCloses]:
    """Each known symbol's last price in the windows `first` to `last`, of `span_s` seconds counted since 1970.

    ValueError for windows that are not whole minutes, and for more than MOST_CLOSES of them over all symbols.
    """
    if len(symbols) * (last + 1 - first) > MOST_CLOSES:
        raise ValueError(f"more than {MOST_CLOSES} closes are asked for")
    timeframe = frame_within(span_s)
    with deps.reading() as reader:
        return reader.closes(symbols, timeframe, span_s * 1_000_000, first, last)
