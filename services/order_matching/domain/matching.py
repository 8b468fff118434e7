"""How orders meet in a book: they enter, trade, stand, leave. The commands that lead to it are in book.py."""

from __future__ import annotations

from typing import Final

from contracts.facts import Reason
from contracts.orders import Side, TimeInForce
from order_matching.domain import reports
from order_matching.domain.ladder import Ladder
from order_matching.domain.orders import Order, OrderId
from order_matching.domain.reports import Report

# Looking a member up in its enum each time would cost a tenth of a command.
BUY: Final = Side.BUY
IOC: Final = TimeInForce.IOC
FOK: Final = TimeInForce.FOK
SELF_TRADE: Final = Reason.SELF_TRADE

NEVER_US: Final = 2**63
"""Later than any end: the first end of a book in which nothing ends."""


class Matching:
    """Both sides of one book, and the rules by which orders meet.

    `_first_end_us` is never later than the first end of a standing order: orders that leave do not move it, for
    looking for the next would cost a walk each time. So a walk is made once for each end that comes.
    """

    def __init__(self) -> None:
        self.sequence = 0
        self.trades = 0
        self._bids = Ladder(Side.BUY)
        self._asks = Ladder(Side.SELL)
        self._resting: dict[OrderId, Order] = {}
        self._first_end_us = NEVER_US
        self._reports: list[Report] = []

    def _enter(self, order: Order) -> None:
        own, opposite = (self._bids, self._asks) if order.side is BUY else (self._asks, self._bids)
        stopped_by = None
        if opposite.best <= order.price * opposite.sign:
            stopped_by = self._match(order, opposite)
        if not order.remaining:
            return
        if stopped_by is None and order.time_in_force is not IOC and order.time_in_force is not FOK:
            order.priority = self.sequence
            own.rest(order)
            self._resting[order.order_id] = order
            if order.expires_at_us is not None:
                self._note_end(order.expires_at_us)
            self._reports.append((reports.RESTED, self.sequence, order.order_id, order.account_id, order.remaining))
        elif order.time_in_force is FOK:
            self._report_canceled(order, stopped_by or Reason.CANNOT_FILL_COMPLETELY)
        else:
            self._report_canceled(order, stopped_by or Reason.NOTHING_TO_MATCH)

    def _match(self, taker: Order, opposite: Ladder) -> Reason | None:
        """Trade with what stands first until the taker is filled, its limit is reached or a rule stops it."""
        limit = taker.price * opposite.sign
        if taker.time_in_force is FOK:
            obstacle = opposite.obstacle(taker, limit)
            if obstacle is not None:
                return obstacle
        while taker.remaining and opposite.best <= limit:
            maker = opposite.first()
            if maker.account_id == taker.account_id:
                return SELF_TRADE
            self._trade(taker, maker, opposite)
        return None

    def _trade(self, taker: Order, maker: Order, opposite: Ladder) -> None:
        quantity = min(taker.remaining, maker.remaining)
        taker.remaining -= quantity
        opposite.reduce(maker, quantity)
        if not maker.remaining:
            del self._resting[maker.order_id]
        self.trades += 1
        self._reports.append(
            (reports.TRADED, self.sequence, self.trades, maker.price, quantity, taker.side,
             taker.order_id, taker.account_id, taker.remaining,
             maker.order_id, maker.account_id, maker.remaining)
        )  # fmt: skip

    def _leave(self, order: Order) -> None:
        del self._resting[order.order_id]
        (self._bids if order.side is BUY else self._asks).reduce(order, order.remaining)

    def _is_too_late(self, order: Order, now_us: int) -> bool:
        """End what stands and is over at this moment; and whether the order that comes is over itself."""
        if self._first_end_us <= now_us:
            self._end_what_is_over(now_us)
        return order.expires_at_us is not None and order.expires_at_us <= now_us

    def _end_what_is_over(self, now_us: int) -> None:
        """End every resting order whose time is over, in the order in which they were queued."""
        due = [o for o in self._resting.values() if o.expires_at_us is not None and o.expires_at_us <= now_us]
        for order in sorted(due, key=priority_of):
            self._reports.append((reports.EXPIRED, self.sequence, order.order_id, order.account_id, order.remaining))
            self._leave(order)
        ends = (order.expires_at_us for order in self._resting.values() if order.expires_at_us is not None)
        self._first_end_us = min(ends, default=NEVER_US)

    def _end_at_the_door(self, order: Order) -> None:
        """End an order that came at or after its end: it never stood and trades with nobody."""
        if order.time_in_force is IOC or order.time_in_force is FOK:
            self._report_canceled(order, Reason.TOO_LATE_TO_ENTER)
        else:
            self._reports.append((reports.EXPIRED, self.sequence, order.order_id, order.account_id, order.remaining))

    def _note_end(self, expires_at_us: int | None) -> None:
        if expires_at_us is not None and expires_at_us < self._first_end_us:
            self._first_end_us = expires_at_us

    def _report_canceled(self, order: Order, reason: Reason) -> None:
        self._reports.append(
            (reports.CANCELED, self.sequence, order.order_id, order.account_id,
             order.side, order.price, order.remaining, reason)
        )  # fmt: skip


def obstacle_on_the_way(order: Order, opposite: Ladder) -> bool:
    """Whether an order of the same account stands among those the order would trade with."""
    limit = order.price * opposite.sign
    return opposite.best <= limit and opposite.obstacle(order, limit) is SELF_TRADE


def priority_of(order: Order) -> int:
    return order.priority
