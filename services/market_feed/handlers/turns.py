"""What a trader does when it has its turn. Each answers how many orders it placed, and raises what a Desk does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from contracts.orders import TimeInForce
from market_feed.domain import making, taking
from market_feed.domain.chance import Dice
from market_feed.domain.market import Holdings, Instrument, View, Wish
from market_feed.handlers.floor import Floor, Trader

_Decide = Callable[[Dice, Sequence[Instrument], Holdings, View], Wish | None]

_NEAR_PPM = (300, 400, 600, 900, 1_400, 2_100)
_FAR_PPM = (6_000, 8_000, 10_000, 12_500, 15_000, 20_000)
MAKERS = {f"maker-{number}": width_ppm for number, width_ppm in enumerate((*_NEAR_PPM, *_FAR_PPM), start=1)}
"""How far each maker stands from what a share is worth: the near ones make the price, the far ones deep books."""

TAKERS: dict[str, _Decide] = {
    **{f"noise-{number}": taking.impulse for number in range(1, 5)},
    **{f"momentum-{number}": taking.follow for number in range(1, 3)},
}
_POOR_PER_MILLE = 995
"""Of what the traders own on average: who has less looks for bargains. Sooner, and all would crowd into a few books."""

_MOST_RESTING = 3
"""A taker with so many orders in the book, or with one in every other book, takes the oldest back."""


def open_books(dice: Dice, maker: Trader, view: View, now_us: int) -> int:
    """Quote every instrument at once."""
    wanted = [level.wish for instrument in _in_order(view) for level in _levels(dice, maker, instrument, view)]
    placed = maker.place(wanted, view)
    maker.seen = {symbol: (fair, now_us) for symbol, fair in view.fair.items()}
    return len(placed)


def most_needed(makers: Iterable[Trader], view: View, now_us: int) -> tuple[Trader, str]:
    """The maker whose quotes are off most, and the symbol; ValueError without makers or instruments."""
    visits = ((maker, symbol) for maker in makers for symbol in view.instruments)
    return max(visits, key=lambda visit: _urgency(visit[0], visit[1], view, now_us))


def visit(dice: Dice, floor: Floor, maker: Trader, symbol: str, view: View, now_us: int) -> int:
    """Let a maker bring its quotes in one book up to date."""
    floor.look_after(maker)
    wanted = _levels(dice, maker, view.instruments[symbol], view)
    plan = making.plan(wanted, maker.desk.standing(symbol))
    for order_id in plan.cancel:
        maker.desk.cancel(order_id)
    placed = maker.place(plan.place, view)
    maker.seen[symbol] = (view.fair[symbol], now_us)
    return len(placed)


def take(dice: Dice, floor: Floor, taker: Trader, view: View) -> int:
    """Let a taker do what it is like."""
    floor.look_after(taker)
    if len(taker.resting) >= min(_MOST_RESTING, (len(view.instruments) + 1) // 2) > 0:
        taker.desk.cancel(taker.resting.pop(next(iter(taker.resting))))
    free = [instrument for instrument in _in_order(view) if instrument.symbol not in taker.resting]
    wish = _wish(dice, taker, free, view) if free else None
    placed = taker.place([wish], view) if wish is not None else []
    if wish is not None and wish.time_in_force is TimeInForce.DAY and any(placed):
        taker.resting[wish.symbol] = placed[0]
    return len(placed)


def _wish(dice: Dice, taker: Trader, free: Sequence[Instrument], view: View) -> Wish | None:
    """Who is poorer than the others looks for bargains: so nobody wins for ever, and the market goes on."""
    is_poor = taker.holdings.wealth(view.fair) * 1_000 < view.average_wealth * _POOR_PER_MILLE
    decide = taking.bargain if is_poor else TAKERS[taker.role]
    return decide(dice, free, taker.holdings, view) or taking.impulse(dice, free, taker.holdings, view)


def _levels(dice: Dice, maker: Trader, instrument: Instrument, view: View) -> list[making.Level]:
    return making.levels(dice, MAKERS[maker.role], instrument, maker.holdings, view)


def _urgency(maker: Trader, symbol: str, view: View, now_us: int) -> int:
    fair_then, then_us = maker.seen.get(symbol, (0, 0))
    return making.urgency(MAKERS[maker.role], fair_then, view.fair[symbol], now_us - then_us, view.quote(symbol))


def _in_order(view: View) -> list[Instrument]:
    """The same order each time, so that the same dice pick the same."""
    return [view.instruments[symbol] for symbol in sorted(view.instruments)]
