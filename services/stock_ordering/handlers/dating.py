"""Dates orders: the later order of an account has the later time, whoever placed it and whatever its clock said."""

from __future__ import annotations

from collections.abc import Sequence

from stock_ordering.domain.order import Order
from stock_ordering.ports import Unit


class AccountBusy(Exception):
    """Another transaction is placing orders of the account; what else is in this one does not wait for it."""


def date_in_turn(unit: Unit, orders: Sequence[Order], now_us: int) -> set[str]:
    """Give each order its time, a microsecond apart and after every order of its account that is committed.

    Until this transaction ends nobody else dates orders of these accounts: whoever has seen an order's time and asks
    for what came after it misses nothing. Returns the accounts that are busy elsewhere; theirs are not dated.
    """
    if not orders:
        return set()
    accounts = {order.account_id for order in orders}
    first_us = unit.take_times(accounts, now_us, len(orders))
    for position, order in enumerate(orders):
        if order.account_id in first_us:
            order.created_at_us = order.updated_at_us = first_us[order.account_id] + position
    return accounts - first_us.keys()
