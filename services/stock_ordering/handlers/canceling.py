"""Asks the book to cancel orders; whether a cancel or a fill was first is decided there and nowhere else.

While a replacement is under way two orders stand for one: the cancel goes to both, whichever of them it names. A
cancel goes straight to the book and the replacement by way of its hold, so either may be there first: if the
replacement is, its own cancel ends it, and if the cancel is, there is nothing left to replace.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chassis.clock import Clock
from contracts.facts import CancelAllRequested
from contracts.orders import OrderStatus
from contracts.refusals import Refusal, Refused
from stock_ordering.domain.announcements import cancel_requested
from stock_ordering.domain.order import Order
from stock_ordering.domain.rules import require_open
from stock_ordering.ports import CancelOrder, Deps, Outcome, Place, Unit

CANCELED_AT_ONCE = 1_000
"""Places in the list of an account's orders that one transaction asks to cancel."""

TRANSACTIONS_AT_ONCE = 5
"""Of those, as many as one request makes; what is left then is asked for afterwards."""

_BEGINNING: Place = (-(2**63), "00000000-0000-0000-0000-000000000000")


@dataclass(frozen=True, slots=True)
class AllCanceled:
    """The orders whose cancel was asked for, and how many more are asked for without anybody waiting."""

    asked: Sequence[str]
    to_follow: int


def cancel_order(deps: Deps, wish: CancelOrder) -> Order:
    """Ask for the cancel, once however often it is wished; Refused(ORDER_NOT_FOUND or NOT_OPEN)."""
    return deps.counter.cancel(wish)


def cancel_all(deps: Deps, account_id: str) -> AllCanceled:
    """Ask to cancel every order of the account that is open and committed by now, and not asked for yet.

    No clock says which these are: they are those up to the last one that the database shows, so what is placed
    meanwhile cannot make it go on for ever. Some thousand are asked for at once; to ask for the others is a fact
    that is committed with the last of them, so that no acknowledged order is left standing.
    """
    asked: list[str] = []
    to_follow = 0
    after, until = _BEGINNING, None
    for turn in range(1, TRANSACTIONS_AT_ONCE + 1):
        with deps.transaction() as unit:
            until = until or unit.last_cancelable(account_id)
            if until is None:
                break
            some, next_after = _cancel_some(unit, deps.clock, account_id, after, until)
            if next_after is not None and turn == TRANSACTIONS_AT_ONCE:
                to_follow = unit.count_cancelable(account_id, next_after, until)
                unit.announce([_rest(account_id, next_after, until, deps.clock)])
        asked += some
        if next_after is None:
            break
        after = next_after
    return AllCanceled(asked, to_follow)


def go_on_canceling(unit: Unit, clock: Clock, facts: Sequence[CancelAllRequested]) -> None:
    """Ask for some of what a cancel of all left over, and tell what is left then: one account a transaction."""
    fact, *others = facts
    until = (fact.until_us, fact.until_id)
    _, after = _cancel_some(unit, clock, fact.account_id, (fact.after_us, fact.after_id), until)
    unit.announce([*others, *([] if after is None else [_rest(fact.account_id, after, until, clock)])])


def cancel(unit: Unit, clock: Clock, wishes: Sequence[CancelOrder]) -> list[Outcome]:
    """One outcome per wish, in order."""
    locked = unit.lock_under_way(wish.order_id for wish in wishes)
    outcomes = [_judge(wish, locked.get(wish.order_id)) for wish in wishes]
    named = [order for order in outcomes if isinstance(order, Order)]
    _ask(unit, _standing_for(named, locked.values()), clock.now_us())
    return outcomes


def _cancel_some(
    unit: Unit, clock: Clock, account_id: str, after: Place, until: Place
) -> tuple[list[str], Place | None]:
    """The orders asked for, and the place to go on from; None at the end of the list."""
    places = unit.cancelable(account_id, after, until, CANCELED_AT_ONCE)
    locked = unit.lock_under_way(order_id for _, order_id in places)
    asked = _ask(unit, list(locked.values()), clock.now_us())
    return asked, places[-1] if len(places) == CANCELED_AT_ONCE else None


def _rest(account_id: str, after: Place, until: Place, clock: Clock) -> CancelAllRequested:
    return CancelAllRequested(
        account_id=account_id,
        after_us=after[0],
        after_id=after[1],
        until_us=until[0],
        until_id=until[1],
        at_us=clock.now_us(),
    )


def _judge(wish: CancelOrder, order: Order | None) -> Outcome:
    if order is None or order.account_id != wish.account_id:
        return Refused(Refusal.ORDER_NOT_FOUND)
    try:
        require_open(order)
    except Refused as refused:
        return refused
    return order


def _standing_for(named: Sequence[Order], locked: Iterable[Order]) -> list[Order]:
    """The orders named, what they are to replace, and what is to replace any of these."""
    ids = {order.id for order in named}
    ids |= {order.replaces for order in named if order.replaces and order.status is OrderStatus.PENDING_NEW}
    return [
        order
        for order in locked
        if order.id in ids or (order.replaces in ids and order.status is OrderStatus.PENDING_NEW)
    ]


def _ask(unit: Unit, orders: Sequence[Order], now_us: int) -> list[str]:
    """Ask for those that are open and not asked for yet; the order to be replaced before its replacement."""
    fresh = [order for order in orders if order.is_open and order.cancel_requested_at_us is None]
    ids = {order.id for order in fresh}
    fresh.sort(key=lambda order: order.replaces in ids)
    for order in fresh:
        order.cancel_requested_at_us = now_us
        order.updated_at_us = max(order.updated_at_us, now_us)
    unit.save_orders(fresh)
    unit.announce([cancel_requested(order, now_us) for order in fresh])
    return [order.id for order in fresh]
