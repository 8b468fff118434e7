"""How a maker quotes: levels on both sides of what a share is worth, leaning against what it has too much of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt

from contracts.orders import Side, TimeInForce
from market_feed.domain.chance import Dice
from market_feed.domain.market import MILLION, Holdings, Instrument, Quote, Standing, View, Wish

_LEVELS = ((100, 40), (170, 60))
"""Of each level the distance in percent of the maker's width, and its part of the size in percent."""

_SPENT_PERCENT = 90
_OFFERED_PERCENT = 60
"""What of its cash and of its shares a maker has in the book; the rest is for orders that replace others."""

_LEAN_PPM = 400
_LARGEST_LEAN_PPM = 600
_MOST_TIMES_TOO_LARGE = 3
_MOST_TIMES_TOO_SMALL = 2
"""A standing order whose size is not further off is left as it is."""

_FEWEST_SHARES = 10
"""A maker that could not pay for so many keeps its cash for other books."""

_SECOND_US = 1_000_000
_SETTLED_US = 3 * _SECOND_US
"""What a visit did is not seen in the quotes at once."""

_LARGEST_MISSED = 1_000
"""A book that has a side missing is looked after often, but not to the neglect of the others: maybe nobody can help."""

_URGENCY_PER_SECOND = 5


@dataclass(frozen=True, slots=True)
class Level:
    """An order a maker wants to have in the book; one no further off than `tolerance` will do."""

    wish: Wish
    tolerance: int

    def is_met_by(self, order: Standing) -> bool:
        wish = self.wish
        return (
            order.side is wish.side
            and abs(order.price - wish.price) <= self.tolerance
            and order.remaining <= wish.quantity * _MOST_TIMES_TOO_LARGE
            and wish.quantity <= order.remaining * _MOST_TIMES_TOO_SMALL
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """What has to be done to a book."""

    cancel: tuple[str, ...]
    place: tuple[Wish, ...]


def levels(dice: Dice, width_ppm: int, instrument: Instrument, holdings: Holdings, view: View) -> list[Level]:
    """What a maker that stands `width_ppm` away from the fair value wants to have in one book, best first."""
    symbol = instrument.symbol
    fair, owned = view.fair[symbol], holdings.shares.get(symbol, 0)
    centre = fair + fair * lean_ppm(owned, view.average_shares.get(symbol, 0)) // MILLION
    spent, offered = _cash_for(symbol, holdings, view), owned * _OFFERED_PERCENT // 100
    wanted = []
    for distance_percent, size_percent in _LEVELS:
        distance = max(fair * width_ppm * distance_percent // (100 * MILLION), 1)
        part = size_percent * dice.randint(70, 130)
        bid, ask = instrument.below(centre - distance), instrument.above(centre + distance)
        if bid > 0:
            wanted.append(_level(instrument, Side.BUY, spent * part // (10_000 * bid), bid, distance))
        wanted.append(_level(instrument, Side.SELL, offered * part // 10_000, ask, distance))
    return wanted


def lean_ppm(owned: int, average: int) -> int:
    """How much higher to quote: less than 0 for who owns more than the others do."""
    if not average:
        return 0
    return max(-_LARGEST_LEAN_PPM, min(_LARGEST_LEAN_PPM, (average - owned) * _LEAN_PPM // average))


def plan(wanted: Sequence[Level], standing: Sequence[Standing]) -> Plan:
    """Leave what will do, cancel what is off, place what is missing."""
    free, place = list(standing), []
    for level in wanted:
        kept = next((order for order in free if level.is_met_by(order)), None)
        if kept is None:
            place.append(level.wish)
        else:
            free.remove(kept)
    return Plan(tuple(order.order_id for order in free), tuple(place))


def urgency(width_ppm: int, fair_then: int, fair: int, age_us: int, quote: Quote) -> int:
    """How much a maker should look after one of its books now: 1,000 says that it is off by its own width.

    `fair_then` is what the share was worth to it `age_us` ago, when it was there last.
    """
    moved = abs(fair - fair_then) * MILLION // fair * 1_000 // width_ppm
    away_ppm = (quote.ask - quote.bid) * MILLION // (2 * fair) if quote.is_two_sided else MILLION
    missed = min(max(away_ppm - width_ppm, 0) * 1_000 // width_ppm, _LARGEST_MISSED) if age_us > _SETTLED_US else 0
    return moved + missed + age_us // _SECOND_US * _URGENCY_PER_SECOND


def _cash_for(symbol: str, holdings: Holdings, view: View) -> int:
    """A book's part of the cash: dearer shares get more of it, and still fewer shares."""
    weights = {each: _weight(price) for each, price in view.fair.items() if price * _FEWEST_SHARES <= holdings.cash}
    return holdings.cash * _SPENT_PERCENT * weights[symbol] // (100 * sum(weights.values())) if symbol in weights else 0


def _weight(price: int) -> int:
    return isqrt(price * isqrt(price))


def _level(instrument: Instrument, side: Side, quantity: int, price: int, distance: int) -> Level:
    quantity = max(instrument.lots(quantity), instrument.lot)
    return Level(Wish(instrument.symbol, side, quantity, price, TimeInForce.GTC), distance // 2)
