"""Asks the hold and then the book to put one order in another's place."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from contracts.ids import uuid7
from contracts.refusals import Refusal, Refused
from stock_ordering.domain.announcements import replace_requested
from stock_ordering.domain.funds import Funds, Spending
from stock_ordering.domain.order import Order
from stock_ordering.domain.rules import accept_replacement, cost_beyond, is_repeated_replacement
from stock_ordering.domain.wishes import ReplaceOrder
from stock_ordering.handlers.dating import date_in_turn
from stock_ordering.handlers.judging import confirmed_funds, is_doubtful
from stock_ordering.handlers.limits import Allowance
from stock_ordering.handlers.reading import find_order
from stock_ordering.ports import Deps, Unit

FundsOf = Callable[[str, Sequence[str]], Funds | None]
"""What an account can spend, with its shares of these symbols; None if it is not known."""


def replace_order(deps: Deps, wish: ReplaceOrder) -> Order:
    """Accept a replacement durably and return it, pending; a repeat gets the first one. Raises Refused by name.

    What is cached of the account's funds refuses nobody, as in `judging.judge`: it is a reason to ask.
    """
    try:
        return _replace(deps, wish, deps.cached_funds.funds)
    except Refused as refused:
        if not is_doubtful(refused):
            raise
    symbol = find_order(deps, wish.account_id, wish.order_id).symbol
    confirmed = confirmed_funds(deps, wish.account_id, [symbol])
    return _replace(deps, wish, lambda account_id, symbols: confirmed)


def _replace(deps: Deps, wish: ReplaceOrder, funds_of: FundsOf) -> Order:
    with deps.transaction() as unit:
        old = unit.lock_orders([wish.order_id]).get(wish.order_id)
        if old is None or old.account_id != wish.account_id:
            raise Refused(Refusal.ORDER_NOT_FOUND)
        if known := _first_of_its_name(unit, old, wish):
            return known
        if unit.pending_replacement(old.id):
            raise Refused(Refusal.REPLACE_PENDING)
        replacement = _judge(deps, old, wish)
        _require_funds(old, replacement, funds_of)
        unit.wait_for_turn(wish.account_id)
        date_in_turn(unit, [replacement], deps.clock.now_us())
        allowance = Allowance(unit, deps.limits, [replacement], replacement.created_at_us)
        allowance.take(replacement)
        if unit.add_orders([replacement]):
            unit.announce([replace_requested(replacement, old.id)])
            return replacement
        allowance.settle([])
    raise Refused(Refusal.DUPLICATE_CLIENT_ORDER_ID)


def _require_funds(old: Order, new: Order, funds_of: FundsOf) -> None:
    spending = Spending(new.id, new.side, new.symbol, cost_beyond(old, new))
    funds = funds_of(new.account_id, [new.symbol]) if spending.amount else None
    if funds is not None:
        funds.spend(spending)


def _judge(deps: Deps, old: Order, wish: ReplaceOrder) -> Order:
    instrument = deps.instruments.get(old.symbol)
    if instrument is None:
        raise Refused(Refusal.UNKNOWN_SYMBOL)
    now_us = deps.clock.now_us()
    return accept_replacement(old, wish, instrument, uuid7(now_us // 1_000), now_us, deps.ends)


def _first_of_its_name(unit: Unit, old: Order, wish: ReplaceOrder) -> Order | None:
    if wish.client_order_id is None:
        return None
    key = (wish.account_id, wish.client_order_id)
    known = unit.orders_by_client_id([key]).get(key)
    if known is not None and not is_repeated_replacement(wish, old, known):
        raise Refused(Refusal.DUPLICATE_CLIENT_ORDER_ID)
    return known
