"""The order book of one symbol: price, then time, then trade at the price of the order that stood first."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from enum import StrEnum
from typing import Final

from contracts.facts import Level, Reason
from contracts.orders import Side, TimeInForce
from order_matching.domain import reports
from order_matching.domain.ladder import Ladder
from order_matching.domain.orders import AccountId, Order, OrderId
from order_matching.domain.reports import Report

# Looking a member up in its enum each time would cost a tenth of a command.
BUY: Final = Side.BUY
IOC: Final = TimeInForce.IOC
FOK: Final = TimeInForce.FOK
REQUESTED: Final = Reason.REQUESTED
SELF_TRADE: Final = Reason.SELF_TRADE


class SelfTrade(StrEnum):
    """What happens to an order that would trade with a standing order of its own account."""

    REFUSE = "refuse"
    """It is refused whole, before any trade."""

    CANCEL_NEWEST = "cancel_newest"
    """It trades up to there; what is left of it is canceled."""


class Book:
    """One symbol's standing orders and the commands that change them.

    Every command takes the next `sequence` and adds to the reports; `trades` numbers the trades from 1.
    The book owns the orders it is given and changes them. It knows no clock and leaves nothing to chance:
    the same commands make the same book. A ValueError says that the caller broke a promise; the book is then
    as it was.
    """

    def __init__(
        self,
        self_trade: SelfTrade = SelfTrade.REFUSE,
        *,
        resting: Iterable[Order] = (),
        sequence: int = 0,
        trades: int = 0,
        halted: bool = False,
    ) -> None:
        """Open an empty book, or rebuild one from its `resting` orders, lowest priority number first.

        ValueError if they cannot have stood together: a corrupt book is worse than none.
        """
        self.self_trade = self_trade
        self.sequence = sequence
        self.trades = trades
        self.halted = halted
        self._bids = Ladder(Side.BUY)
        self._asks = Ladder(Side.SELL)
        self._resting: dict[OrderId, Order] = {}
        self._reports: list[Report] = []
        self._rebuild(resting)

    def submit(self, order: Order) -> None:
        """Enter an order: it trades as far as its limit allows; the rest stands (DAY, GTC) or is canceled."""
        if order.order_id in self._resting:
            raise ValueError(f"order {order.order_id} stands in the book already")
        self.sequence += 1
        reason = self._why_not_enter(order)
        if reason is None:
            self._enter(order)
        else:
            self._reports.append((reports.REFUSED, self.sequence, order.order_id, order.account_id, reason))

    def cancel(self, order_id: OrderId, account_id: AccountId) -> None:
        """Take an order out of the book, or report that it does not stand there."""
        self.sequence += 1
        order = self._resting.get(order_id)
        if order is None:
            self._reports.append((reports.CANCEL_REFUSED, self.sequence, order_id, account_id, Reason.ORDER_NOT_OPEN))
        else:
            self._report_canceled(order, REQUESTED)
            self._leave(order)

    def replace(self, replaces: OrderId, order: Order) -> None:
        """Let `order` stand in for a resting one; its quantity is the total, what has filled included.

        With the same price and no more left to fill it keeps the place in the queue; otherwise it enters as
        new. When it is refused the old order is as it was.
        """
        old = self._open_replace(replaces, order)
        if old is None:
            return
        if order.price == old.price and order.remaining <= old.remaining:
            del self._resting[replaces]
            (self._bids if order.side is BUY else self._asks).hand_over(old, order)
            self._resting[order.order_id] = order
            self._report_replaced(replaces, order, kept_place=True)
        else:
            self._leave(old)
            self._report_replaced(replaces, order, kept_place=False)
            self._enter(order)

    def reinsert(self, order: Order) -> None:
        """Cancel the resting order of the same id and enter `order` as new, in one step; its place is lost."""
        self.sequence += 1
        old = self._resting.get(order.order_id)
        reason = self._why_not_replace(old, order)
        if old is None or reason is not None:
            self._refuse_replace(order.order_id, order, reason or Reason.ORDER_NOT_OPEN)
        else:
            self._leave(old)
            self._report_replaced(order.order_id, order, kept_place=False)
            self._enter(order)

    def submit_canceled(self, order: Order) -> None:
        """Take note of an order whose cancel came before it: it ends without having traded."""
        self.sequence += 1
        self._report_canceled(order, REQUESTED)

    def replace_canceled(self, replaces: OrderId, order: Order) -> None:
        """Replace an order by one whose cancel came before it: both end, and nothing trades."""
        old = self._open_replace(replaces, order)
        if old is not None:
            self._leave(old)
            self._report_replaced(replaces, order, kept_place=False)
            self._report_canceled(order, REQUESTED)

    def expire(self, now_us: int) -> None:
        """End every resting order whose time is over, in the order in which they were queued."""
        self.sequence += 1
        due = [o for o in self._resting.values() if o.expires_at_us is not None and o.expires_at_us <= now_us]
        for order in sorted(due, key=_priority):
            self._reports.append((reports.EXPIRED, self.sequence, order.order_id, order.account_id, order.remaining))
            self._leave(order)

    def halt(self) -> None:
        """Refuse what would trade or rest until `resume`; cancels and expiry go on."""
        self.sequence += 1
        self.halted = True

    def resume(self) -> None:
        """Take orders again; nothing trades by this alone, for no halt can cross a book."""
        self.sequence += 1
        self.halted = False

    def take_reports(self) -> list[Report]:
        """All reports since this was last called, in the order in which they happened."""
        taken, self._reports = self._reports, []
        return taken

    def take_changes(self) -> tuple[Level, ...]:
        """The levels that are not as they were when this was last called: bids from the best, then asks."""
        return (*self._bids.take_changes(), *self._asks.take_changes())

    def depth(self, side: Side, levels: int | None = None) -> list[Level]:
        """One side's levels from the best price on, at most `levels` of them."""
        return (self._bids if side is BUY else self._asks).depth(levels)

    def find(self, order_id: OrderId) -> Order | None:
        """The resting order of this id, to be looked at and not changed."""
        return self._resting.get(order_id)

    def resting(self) -> list[Order]:
        """Copies of all resting orders, lowest priority number first: enough to rebuild the book."""
        return [copy(order) for order in sorted(self._resting.values(), key=_priority)]

    def state(self) -> str:
        """All that decides what the book does next, as text: two books with one state are identical."""
        lines = [f"sequence={self.sequence} trades={self.trades} halted={self.halted}"]
        return "\n".join(lines + [repr(order) for order in self.resting()])

    def _why_not_enter(self, order: Order) -> Reason | None:
        if self.halted:
            return Reason.SYMBOL_HALTED
        if self.self_trade is SelfTrade.REFUSE:
            opposite = self._asks if order.side is BUY else self._bids
            if opposite.best <= order.price * opposite.sign and _obstacle(order, opposite) is SELF_TRADE:
                return SELF_TRADE
        return None

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
            self._reports.append((reports.RESTED, self.sequence, order.order_id, order.account_id, order.remaining))
        elif order.time_in_force is FOK:
            self._report_canceled(order, stopped_by or Reason.CANNOT_FILL_COMPLETELY)
        else:
            self._report_canceled(order, stopped_by or Reason.NOTHING_TO_MATCH)

    def _match(self, taker: Order, opposite: Ladder) -> Reason | None:
        """Trade with what stands first until the taker is filled, its limit is reached or a rule stops it."""
        if taker.time_in_force is FOK:
            obstacle = _obstacle(taker, opposite)
            if obstacle is not None:
                return obstacle
        limit = taker.price * opposite.sign
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

    def _open_replace(self, replaces: OrderId, order: Order) -> Order | None:
        """Find the order to replace and set what is left for its successor; or report why it cannot be."""
        old = self._resting.get(replaces)
        if order.order_id in self._resting or (old is not None and old.side is not order.side):
            raise ValueError(f"order {order.order_id} cannot replace {replaces}")
        self.sequence += 1
        order.remaining = order.quantity - (old.quantity - old.remaining) if old else order.quantity
        reason = self._why_not_replace(old, order)
        if reason is not None:
            self._refuse_replace(replaces, order, reason)
            return None
        return old

    def _why_not_replace(self, old: Order | None, order: Order) -> Reason | None:
        if old is None:
            return Reason.ORDER_NOT_OPEN
        if order.remaining <= 0:
            return Reason.ALREADY_FILLED
        return self._why_not_enter(order)

    def _refuse_replace(self, replaces: OrderId, order: Order, reason: Reason) -> None:
        self._reports.append(
            (reports.REPLACE_REFUSED, self.sequence, order.order_id, replaces, order.account_id, reason)
        )

    def _report_replaced(self, replaces: OrderId, order: Order, *, kept_place: bool) -> None:
        self._reports.append(
            (reports.REPLACED, self.sequence, order.order_id, replaces, order.account_id,
             order.remaining, order.price, kept_place)
        )  # fmt: skip

    def _report_canceled(self, order: Order, reason: Reason) -> None:
        self._reports.append(
            (reports.CANCELED, self.sequence, order.order_id, order.account_id,
             order.side, order.price, order.remaining, reason)
        )  # fmt: skip

    def _rebuild(self, resting: Iterable[Order]) -> None:
        last = 0
        for order in resting:
            if order.order_id in self._resting or not last < order.priority <= self.sequence:
                raise ValueError(f"order {order.order_id} does not fit into the book: twice, or out of turn")
            last = order.priority
            self._resting[order.order_id] = order
            (self._bids if order.side is BUY else self._asks).rest(order)
        if -self._bids.best >= self._asks.best:
            raise ValueError("these orders cross: they cannot have stood together")
        self.take_changes()


def _obstacle(order: Order, opposite: Ladder) -> Reason | None:
    """Why an order could not be filled whole now: an order of its own account on the way, or too little."""
    missing = order.remaining
    for maker in opposite.path(order.price * opposite.sign):
        if maker.account_id == order.account_id:
            return SELF_TRADE
        missing -= maker.remaining
        if missing <= 0:
            return None
    return Reason.CANNOT_FILL_COMPLETELY


def _priority(order: Order) -> int:
    return order.priority
