"""Builders for stories about resident traders: what does not matter is filled in."""

from __future__ import annotations

from collections.abc import Mapping

from contracts.orders import Side
from market_feed.domain.market import Holdings, Instrument, Quote, Standing, View

DOLLAR = 10_000
CENT = 100


def instrument(symbol: str = "AAPL", tick: int = CENT, lot: int = 1, reference: int = 100 * DOLLAR) -> Instrument:
    return Instrument(symbol, tick, lot, reference)


def holdings(dollars: int = 100_000, **shares: int) -> Holdings:
    return Holdings(dollars * DOLLAR, dollars * DOLLAR, dict(shares), dict(shares))


def view_of(
    *instruments: Instrument,
    quotes: Mapping[str, Quote] | None = None,
    average: int = 100,
    moved_ppm: Mapping[str, int] | None = None,
    fair: Mapping[str, int] | None = None,
) -> View:
    """A market in which every share is worth its reference price and stands a nickel apart."""
    worth = {each.symbol: each.reference_price for each in instruments} | dict(fair or {})
    standing = {symbol: Quote(price - 5 * CENT, price + 5 * CENT) for symbol, price in worth.items()}
    return View(
        instruments={each.symbol: each for each in instruments},
        quotes=standing if quotes is None else quotes,
        fair=worth,
        moved_ppm=moved_ppm or {},
        average_shares=dict.fromkeys(worth, average),
        average_wealth=0,
    )


def standing(price: int, side: Side = Side.BUY, remaining: int = 10, order_id: str = "old") -> Standing:
    return Standing(order_id, "AAPL", side, price, remaining)
