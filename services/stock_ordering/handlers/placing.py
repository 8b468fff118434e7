"""Places orders: each judged alone, all saved and announced together, a repeat answered with its first order."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.clock import Clock
from contracts.refusals import Refusal, Refused
from stock_ordering.domain import rules
from stock_ordering.domain.announcements import placed
from stock_ordering.domain.order import Order
from stock_ordering.domain.trading_day import Ends
from stock_ordering.domain.wishes import PlaceOrder
from stock_ordering.handlers.dating import AccountBusy, date_in_turn
from stock_ordering.handlers.judging import judge
from stock_ordering.handlers.limits import Allowance, within_limits
from stock_ordering.handlers.reading import wait_for
from stock_ordering.ports import NO_LIMITS, ClientKey, Deps, OrderLimits, Outcome, Placement, Unit

LONGEST_STEP_S = 1.0
"""While nothing comes through, orders are still taken: a step of a batch a second."""


def place_order(deps: Deps, wish: PlaceOrder) -> Order:
    """Accept the order durably, or return the first one of its client order id; raises Refused by name."""
    return deps.counter.place(judge(deps, wish.account_id, [wish])[0])


def place_orders(deps: Deps, account_id: str, wishes: Sequence[PlaceOrder | Refused]) -> Sequence[Outcome]:
    """Judge each wish alone; the answers are in the order of the wishes.

    A long batch goes in steps: the next one when the orders of the last have come through the book, so that a
    thousand orders of one account never stand before everybody's next one.
    """
    placements = judge(deps, account_id, wishes)
    outcomes: list[Outcome] = []
    with deps.steps.batch():
        while left := placements[len(outcomes) :]:
            _let_others_pass(deps, outcomes)
            outcomes += deps.counter.place_many(left[: deps.steps.next_step(len(left))])
    return outcomes


def _let_others_pass(deps: Deps, outcomes: Sequence[Outcome]) -> None:
    """Facts of one account stay in order: what the last order has come to, those before it have, too."""
    last = next((outcome for outcome in reversed(outcomes) if isinstance(outcome, Order)), None)
    if last is not None:
        wait_for(deps, last, lambda order: order.has_outcome, LONGEST_STEP_S)


def place_in_turn(
    unit: Unit, clock: Clock, ends: Ends, placements: Sequence[Placement], limits: OrderLimits = NO_LIMITS
) -> list[Outcome]:
    """As `place`, when no other transaction places orders of the account whose they all are."""
    for account_id in sorted({placement.account_id for placement in placements}):
        unit.wait_for_turn(account_id)
    return [outcome for outcome in place(unit, clock, ends, placements, limits) if not isinstance(outcome, AccountBusy)]


def place(
    unit: Unit, clock: Clock, ends: Ends, placements: Sequence[Placement], limits: OrderLimits = NO_LIMITS
) -> list[Outcome | AccountBusy]:
    """Save and announce what was accepted and not there before; one outcome per placement, in order.

    Who asks for the same again gets the first order; who asks for something else by its name is refused: he would
    take the answer for the order that he asked for. Nobody waits for an account that is busy in another transaction.
    """
    now_us = clock.now_us()
    judged = _wanted(placements).values()
    busy = date_in_turn(unit, list(judged), now_us)
    allowance = Allowance(unit, limits, [order for order in judged if order.account_id not in busy], now_us)
    placements = within_limits(placements, allowance)
    wanted = {key: order for key, order in _wanted(placements).items() if order.account_id not in busy}
    for order in wanted.values():
        order.expires_at_us = ends.of(order.type, order.time_in_force, now_us)
    saved = unit.add_orders(list(wanted.values()))
    allowance.settle(order for order in wanted.values() if order.id in saved)
    unit.announce([placed(order) for order in wanted.values() if order.id in saved])
    first = {key: order for key, order in wanted.items() if order.id in saved}
    asked = {key for placement in placements if (key := _key_of(placement)) is not None}
    first.update(unit.orders_by_client_id(sorted(asked - first.keys())))
    return [
        AccountBusy() if placement.account_id in busy else _outcome(placement, first, saved) for placement in placements
    ]


def _wanted(placements: Sequence[Placement]) -> dict[ClientKey, Order]:
    """The accepted orders by name, the first of each."""
    wanted: dict[ClientKey, Order] = {}
    for placement in placements:
        if isinstance(placement.judged, Order):
            wanted.setdefault(_key(placement.judged), placement.judged)
    return wanted


def _key(order: Order) -> ClientKey:
    return order.account_id, order.client_order_id


def _key_of(placement: Placement) -> ClientKey | None:
    if isinstance(placement.judged, Order):
        return _key(placement.judged)
    wish = placement.wish
    return (wish.account_id, wish.client_order_id) if wish is not None and wish.client_order_id else None


def _outcome(placement: Placement, first: dict[ClientKey, Order], saved: set[str]) -> Outcome:
    key = _key_of(placement)
    known = first.get(key) if key is not None else None
    if known is None or placement.wish is None:
        return placement.judged
    if rules.is_repeat(placement.wish, known):
        return known
    if isinstance(placement.judged, Refused) and known.id in saved:
        return placement.judged  # it did not lose its name to the other one: they came together
    return Refused(Refusal.DUPLICATE_CLIENT_ORDER_ID)
