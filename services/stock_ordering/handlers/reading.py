"""Looks orders up, and waits for what becomes of one."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from contracts.orders import OrderStatus
from contracts.refusals import Refusal, Refused
from stock_ordering.domain.order import Fill, Order
from stock_ordering.ports import Deps, Listing

LOOK_AGAIN_S = 0.25
"""Another process may have heard the answer; its notice does not reach this one."""


def find_order(deps: Deps, account_id: str, order_id: str) -> Order:
    """The account's own order; Refused(ORDER_NOT_FOUND) otherwise."""
    with deps.reading() as reader:
        order = reader.order(account_id, order_id)
    if order is None:
        raise Refused(Refusal.ORDER_NOT_FOUND)
    return order


def find_by_client_id(deps: Deps, account_id: str, client_order_id: str) -> Order:
    """The account's order of that name; Refused(ORDER_NOT_FOUND) otherwise."""
    with deps.reading() as reader:
        found = reader.orders_by_client_id([(account_id, client_order_id)])
    if not found:
        raise Refused(Refusal.ORDER_NOT_FOUND)
    return found[account_id, client_order_id]


def list_orders(deps: Deps, listing: Listing) -> list[Order]:
    """The orders asked for; Refused(UNKNOWN_SYMBOL) if one of the symbols is none."""
    for symbol in listing.symbols or ():
        if deps.instruments.get(symbol) is None:
            raise Refused(Refusal.UNKNOWN_SYMBOL, f"No instrument has the symbol {symbol!r}.")
    with deps.reading() as reader:
        return reader.listed(listing)


def list_fills(deps: Deps, account_id: str, order_id: str, limit: int, offset: int) -> Sequence[Fill]:
    """The order's fills, oldest first; Refused(ORDER_NOT_FOUND) for another's order."""
    find_order(deps, account_id, order_id)
    with deps.reading() as reader:
        return reader.fills(order_id, limit, offset)


def wait_for_cancel(deps: Deps, order: Order, seconds: float) -> list[Order]:
    """What the cancel of an order came to, or how it stands when the time is over; first the order to answer with.

    A replacement that was under way stands for the order, or the order for a replacement that was refused; the other
    of the two is waited for as well, for something may be held for it.
    """
    deadline_s = time.monotonic() + seconds
    first = wait_for(deps, order, _is_decided, seconds)
    other_id = _other_of_two(deps, first)
    if other_id is None:
        return [first]
    other = find_order(deps, order.account_id, other_id)
    other = wait_for(deps, other, _is_decided, deadline_s - time.monotonic())
    return [other, first] if first.status in (OrderStatus.REPLACED, OrderStatus.REJECTED) else [first, other]


def _other_of_two(deps: Deps, order: Order) -> str | None:
    if order.status is OrderStatus.REPLACED:
        return order.replaced_by
    if order.status is OrderStatus.REJECTED:
        return order.replaces
    with deps.reading() as reader:
        pending = reader.pending_replacement(order.id)
    return None if pending is None else pending.id


def _is_decided(order: Order) -> bool:
    return not order.is_open or order.cancel_requested_at_us is None


def wait_for(deps: Deps, order: Order, happened: Callable[[Order], bool], seconds: float) -> Order:
    """The order as soon as it `happened`, or as it is when the time is over."""
    latest = order
    deadline_s = time.monotonic() + seconds

    def has_happened() -> bool:
        nonlocal latest
        latest = find_order(deps, order.account_id, order.id)
        return happened(latest)

    while (left_s := deadline_s - time.monotonic()) > 0:
        if deps.waiters.wait_until(order.id, has_happened, min(left_s, LOOK_AGAIN_S)):
            break
    return latest
