"""Asks the hold and then the book to put one order in another's place."""

from __future__ import annotations

from contracts.ids import uuid7
from contracts.refusals import Refusal, Refused
from stock_ordering.domain.announcements import replace_requested
from stock_ordering.domain.order import Order
from stock_ordering.domain.rules import accept_replacement, is_repeated_replacement
from stock_ordering.domain.wishes import ReplaceOrder
from stock_ordering.ports import Deps, Unit


def replace_order(deps: Deps, wish: ReplaceOrder) -> Order:
    """Accept a replacement durably and return it, pending; a repeat gets the first one. Raises Refused by name."""
    with deps.transaction() as unit:
        old = unit.lock_orders([wish.order_id]).get(wish.order_id)
        if old is None or old.account_id != wish.account_id:
            raise Refused(Refusal.ORDER_NOT_FOUND)
        if known := _first_of_its_name(unit, old, wish):
            return known
        if unit.pending_replacement(old.id):
            raise Refused(Refusal.REPLACE_PENDING)
        replacement = _judge(deps, old, wish)
        if unit.add_orders([replacement]):
            unit.announce([replace_requested(replacement, old.id)])
            return replacement
    raise Refused(Refusal.DUPLICATE_CLIENT_ORDER_ID)


def _judge(deps: Deps, old: Order, wish: ReplaceOrder) -> Order:
    instrument = deps.instruments.get(old.symbol)
    if instrument is None:
        raise Refused(Refusal.UNKNOWN_SYMBOL)
    now_us = deps.clock.now_us()
    return accept_replacement(old, wish, instrument, uuid7(now_us // 1_000), now_us, deps.day_ends_minute)


def _first_of_its_name(unit: Unit, old: Order, wish: ReplaceOrder) -> Order | None:
    if wish.client_order_id is None:
        return None
    key = (wish.account_id, wish.client_order_id)
    known = unit.orders_by_client_id([key]).get(key)
    if known is not None and not is_repeated_replacement(wish, old, known):
        raise Refused(Refusal.DUPLICATE_CLIENT_ORDER_ID)
    return known
