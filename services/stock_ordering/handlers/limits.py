"""So many open orders for an account and so many new ones a day, by what is committed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from contracts.refusals import Refusal, Refused
from stock_ordering.domain.order import Order
from stock_ordering.domain.trading_day import next_end_us
from stock_ordering.ports import OrderLimits, Placement, Unit


class Allowance:
    """What the accounts of these orders may still place today; nobody else counts for them before the transaction ends.

    All orders are counted at first, for that locks their accounts; what then is not saved is given back.
    """

    def __init__(self, unit: Unit, limits: OrderLimits, orders: Sequence[Order], now_us: int) -> None:
        self._unit = unit
        self._limits = limits
        self._day_ends_us = next_end_us(now_us, limits.day_ends_minute)
        self._asked = Counter(order.account_id for order in orders)
        self._today: Counter[str] = Counter()
        self._open: Counter[str] = Counter()
        if limits.are_set and self._asked:
            counted = unit.count_orders(self._asked, self._day_ends_us)
            self._today.update({account_id: counted[account_id] - asked for account_id, asked in self._asked.items()})
            self._open.update(unit.count_open_orders(self._asked, limits.open_orders) if limits.open_orders else {})

    def take(self, order: Order) -> None:
        """Let one more order in; Refused by the name of the limit that is reached."""
        limits, account_id = self._limits, order.account_id
        if limits.orders_a_day and self._today[account_id] >= limits.orders_a_day:
            message = f"This account has placed the {limits.orders_a_day:,} orders that it may place a day."
            raise Refused(Refusal.TOO_MANY_ORDERS_TODAY, message, limit=limits.orders_a_day)
        if limits.open_orders and order.replaces is None:
            if self._open[account_id] >= limits.open_orders:
                message = f"This account has the {limits.open_orders:,} open orders that it may. Cancel some first."
                raise Refused(Refusal.TOO_MANY_OPEN_ORDERS, message, limit=limits.open_orders)
            self._open[account_id] += 1
        self._today[account_id] += 1

    def settle(self, saved: Iterable[Order]) -> None:
        """Count what was saved and nothing else."""
        unsaved = Counter(self._asked)
        unsaved.subtract(order.account_id for order in saved)
        if self._limits.are_set and any(unsaved.values()):
            changes = {account_id: -count for account_id, count in unsaved.items() if count}
            self._unit.count_orders(changes, self._day_ends_us)


def within_limits(placements: Sequence[Placement], allowance: Allowance) -> list[Placement]:
    """The same placements, those refused that would go beyond a limit. A repeat of a name in them counts once."""
    outcomes: dict[tuple[str, str], Refused | None] = {}
    judged = []
    for placement in placements:
        order = placement.judged
        if isinstance(order, Order):
            key = (order.account_id, order.client_order_id)
            if key not in outcomes:
                outcomes[key] = _refusal(allowance, order)
            placement = replace(placement, judged=outcomes[key] or order)
        judged.append(placement)
    return judged


def _refusal(allowance: Allowance, order: Order) -> Refused | None:
    try:
        allowance.take(order)
    except Refused as refused:
        return refused
    return None
