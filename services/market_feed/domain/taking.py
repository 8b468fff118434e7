"""How those trade who do not quote: on a whim, after a bargain, or after everybody else."""

from __future__ import annotations

from collections.abc import Sequence

from contracts.orders import Side, TimeInForce
from market_feed.domain.chance import Dice, happens, pick
from market_feed.domain.market import MILLION, Holdings, Instrument, Quote, View, Wish

_SIZES = (1, 2, 3, 5, 5, 8, 10, 10, 10, 12, 15, 20, 20, 25, 30, 40, 50, 75, 100)
_LARGEST_PART = 50
"""No order is worth more than this part of what the trader has."""

_SLACK_PPM = 3_000
"""How far beyond the best price a trader in a hurry is ready to go."""

_REST_PERCENT = 30
_TREND_PPM = 400
"""A move that momentum traders take for one."""


def impulse(dice: Dice, instruments: Sequence[Instrument], holdings: Holdings, view: View) -> Wish | None:
    """What a noise trader does: something, and rather what evens out what it owns. None if there is no way."""
    instrument = pick(dice, instruments)
    quote, wealth = view.quote(instrument.symbol), holdings.wealth(view.fair)
    buys = happens(dice, buy_percent(instrument.symbol, holdings, view))
    side, rests = Side.BUY if buys else Side.SELL, happens(dice, _REST_PERCENT)
    quantity = _size(dice, instrument, view, wealth)
    if rests:
        return _rest(dice, instrument, quote, side, quantity)
    return _cross(instrument, quote, side, quantity, _SLACK_PPM)


def bargain(dice: Dice, instruments: Sequence[Instrument], holdings: Holdings, view: View) -> Wish | None:
    """What a trader does that has lost more than the others: takes the order that is furthest off its value."""
    offers = [(_edge_ppm(view, each, side), each, side) for each in instruments for side in _sides(each, holdings)]
    edge_ppm, instrument, side = max(offers, key=lambda offer: offer[0], default=(0, None, Side.BUY))
    if edge_ppm <= 0 or instrument is None:
        return None
    quantity = _size(dice, instrument, view, holdings.wealth(view.fair))
    return _cross(instrument, view.quote(instrument.symbol), side, quantity, 0)


def follow(dice: Dice, instruments: Sequence[Instrument], holdings: Holdings, view: View) -> Wish | None:
    """What a momentum trader does: goes with a move, unless it has gone far enough with it already."""
    trending = [each for each in instruments if abs(view.moved_ppm.get(each.symbol, 0)) >= _TREND_PPM]
    if not trending:
        return None
    instrument = pick(dice, trending)
    symbol = instrument.symbol
    side = Side.BUY if view.moved_ppm[symbol] > 0 else Side.SELL
    owned, average = holdings.shares.get(symbol, 0), view.average_shares.get(symbol, 0)
    if owned > 2 * average if side is Side.BUY else 3 * owned < average:
        return None
    quantity = _size(dice, instrument, view, holdings.wealth(view.fair))
    return _cross(instrument, view.quote(symbol), side, quantity, _SLACK_PPM)


def buy_percent(symbol: str, holdings: Holdings, view: View) -> int:
    """How often of 100 times a trader buys: more often what it has less of than the others, less often with no cash."""
    average = view.average_shares.get(symbol, 0)
    lean = (average - holdings.shares.get(symbol, 0)) * 50 // average if average else 0
    short_of_cash = 30 if holdings.cash * 10 < holdings.wealth(view.fair) else 0
    return max(5, min(95, 50 + lean - short_of_cash))


def _sides(instrument: Instrument, holdings: Holdings) -> list[Side]:
    return [Side.BUY, Side.SELL] if holdings.available.get(instrument.symbol, 0) >= instrument.lot else [Side.BUY]


def _edge_ppm(view: View, instrument: Instrument, side: Side) -> int:
    fair, quote = view.fair[instrument.symbol], view.quote(instrument.symbol)
    if side is Side.BUY:
        return (fair - quote.ask) * MILLION // fair if quote.ask else 0
    return (quote.bid - fair) * MILLION // fair if quote.bid else 0


def _size(dice: Dice, instrument: Instrument, view: View, wealth: int) -> int:
    most = wealth // (_LARGEST_PART * view.fair[instrument.symbol])
    return max(instrument.lots(min(pick(dice, _SIZES), most)), instrument.lot)


def _cross(instrument: Instrument, quote: Quote, side: Side, quantity: int, slack_ppm: int) -> Wish | None:
    """Take what stands on the other side, up to a little beyond the best price."""
    if side is Side.BUY:
        price = instrument.above(quote.ask + quote.ask * slack_ppm // MILLION)
    else:
        price = max(instrument.below(quote.bid - quote.bid * slack_ppm // MILLION), min(quote.bid, instrument.tick))
    return Wish(instrument.symbol, side, quantity, price, TimeInForce.IOC) if price > 0 else None


def _rest(dice: Dice, instrument: Instrument, quote: Quote, side: Side, quantity: int) -> Wish | None:
    """Stand between bid and ask where there is room, else beside the best of the own side."""
    if not quote.is_two_sided:
        return None
    room = (quote.ask - quote.bid) // instrument.tick - 1
    own = quote.bid if side is Side.BUY else quote.ask
    price = quote.bid + instrument.tick * dice.randint(1, room) if room > 0 else own
    return Wish(instrument.symbol, side, quantity, price, TimeInForce.DAY)
