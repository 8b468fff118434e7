"""The order book of one symbol: price, then time, then trade at the price of the order that stood first."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from enum import StrEnum
from typing import Final

from contracts.facts import Level, Reason
from contracts.orders import Side
from order_matching.domain import reports
from order_matching.domain.matching import BUY, SELF_TRADE, Matching, obstacle_on_the_way, priority_of
from order_matching.domain.orders import AccountId, Order, OrderId
from order_matching.domain.reports import Report

REQUESTED: Final = Reason.REQUESTED  # looking it up in its enum each time would cost a tenth of a command


class SelfTrade(StrEnum):
    """What happens to an order that would trade with a standing order of its own account."""

    REFUSE = "refuse"
    """It is refused whole, before any trade."""

    CANCEL_NEWEST = "cancel_newest"
    """It trades up to there; what is left of it is canceled."""


class Book(Matching):
    """One symbol's standing orders and the commands that change them.

    Every command takes the next `sequence` and adds to the reports; `trades` numbers the trades from 1.
    The book owns the orders it is given and changes them. It knows no clock and leaves nothing to chance:
    the same commands make the same book. A ValueError says that the caller broke a promise; the book is then
    as it was.

    Commands that let an order in are told the moment, `now_us`: whatever is over by then ends first, so that nothing
    trades at or after its end. Without a moment nothing ends by itself.
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
        super().__init__()
        self.self_trade = self_trade
        self.sequence = sequence
        self.trades = trades
        self.halted = halted
        self._rebuild(resting)

    def submit(self, order: Order, now_us: int = 0) -> None:
        """Enter an order: it trades as far as its limit allows; the rest stands (DAY, GTC) or is canceled."""
        if order.order_id in self._resting:
            raise ValueError(f"order {order.order_id} stands in the book already")
        self.sequence += 1
        if now_us and self._is_too_late(order, now_us):
            self._end_at_the_door(order)
            return
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

    def replace(self, replaces: OrderId, order: Order, now_us: int = 0) -> None:
        """Let `order` stand in for a resting one; its quantity is the total, what has filled included.

        With the same price and no more left to fill it keeps the place in the queue; otherwise it enters as
        new. When it is refused the old order is as it was. When its own end has passed both end.
        """
        old, is_too_late = self._open_replace(replaces, order, now_us)
        if old is None:
            return
        if is_too_late:
            self._leave(old)
            self._report_replaced(replaces, order, kept_place=False)
            self._end_at_the_door(order)
        elif order.price == old.price and order.remaining <= old.remaining:
            del self._resting[replaces]
            (self._bids if order.side is BUY else self._asks).hand_over(old, order)
            self._resting[order.order_id] = order
            self._note_end(order.expires_at_us)
            self._report_replaced(replaces, order, kept_place=True)
        else:
            self._leave(old)
            self._report_replaced(replaces, order, kept_place=False)
            self._enter(order)

    def reinsert(self, order: Order, now_us: int = 0) -> None:
        """Cancel the resting order of the same id and enter `order` as new, in one step; its place is lost."""
        self.sequence += 1
        is_too_late = bool(now_us) and self._is_too_late(order, now_us)
        old = self._resting.get(order.order_id)
        reason = self._why_not_replace(old, order, is_too_late)
        if old is None or reason is not None:
            self._refuse_replace(order.order_id, order, reason or Reason.ORDER_NOT_OPEN)
            return
        self._leave(old)
        self._report_replaced(order.order_id, order, kept_place=False)
        if is_too_late:
            self._end_at_the_door(order)
        else:
            self._enter(order)

    def submit_canceled(self, order: Order) -> None:
        """Take note of an order whose cancel came before it: it ends without having traded."""
        self.sequence += 1
        self._report_canceled(order, REQUESTED)

    def replace_canceled(self, replaces: OrderId, order: Order, now_us: int = 0) -> None:
        """Replace an order by one whose cancel came before it: both end, and nothing trades."""
        old, _ = self._open_replace(replaces, order, now_us)
        if old is not None:
            self._leave(old)
            self._report_replaced(replaces, order, kept_place=False)
            self._report_canceled(order, REQUESTED)

    def expire(self, now_us: int) -> None:
        """End every resting order whose time is over, in the order in which they were queued."""
        self.sequence += 1
        self._end_what_is_over(now_us)

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
        return [copy(order) for order in sorted(self._resting.values(), key=priority_of)]

    def state(self) -> str:
        """All that decides what the book does next, as text: two books with one state are identical."""
        lines = [f"sequence={self.sequence} trades={self.trades} halted={self.halted}"]
        return "\n".join(lines + [repr(order) for order in self.resting()])

    def _why_not_enter(self, order: Order) -> Reason | None:
        if self.halted:
            return Reason.SYMBOL_HALTED
        if self.self_trade is SelfTrade.REFUSE:
            opposite = self._asks if order.side is BUY else self._bids
            if obstacle_on_the_way(order, opposite):
                return SELF_TRADE
        return None

    def _open_replace(self, replaces: OrderId, order: Order, now_us: int) -> tuple[Order | None, bool]:
        """Find the order to replace and set what is left for its successor; or report why it cannot be.

        Also returns whether the successor comes at or after its own end.
        """
        old = self._resting.get(replaces)
        if order.order_id in self._resting or (old is not None and old.side is not order.side):
            raise ValueError(f"order {order.order_id} cannot replace {replaces}")
        self.sequence += 1
        is_too_late = bool(now_us) and self._is_too_late(order, now_us)
        old = self._resting.get(replaces)
        order.remaining = order.quantity - (old.quantity - old.remaining) if old else order.quantity
        reason = self._why_not_replace(old, order, is_too_late)
        if reason is not None:
            self._refuse_replace(replaces, order, reason)
            return None, is_too_late
        return old, is_too_late

    def _why_not_replace(self, old: Order | None, order: Order, is_too_late: bool) -> Reason | None:
        """What is too late trades with nobody: neither a halt nor its own account's orders stand in its way."""
        if old is None:
            return Reason.ORDER_NOT_OPEN
        if order.remaining <= 0:
            return Reason.ALREADY_FILLED
        return None if is_too_late else self._why_not_enter(order)

    def _refuse_replace(self, replaces: OrderId, order: Order, reason: Reason) -> None:
        self._reports.append(
            (reports.REPLACE_REFUSED, self.sequence, order.order_id, replaces, order.account_id, reason)
        )

    def _report_replaced(self, replaces: OrderId, order: Order, *, kept_place: bool) -> None:
        self._reports.append(
            (reports.REPLACED, self.sequence, order.order_id, replaces, order.account_id,
             order.remaining, order.price, kept_place)
        )  # fmt: skip

    def _rebuild(self, resting: Iterable[Order]) -> None:
        last = 0
        for order in resting:
            if order.order_id in self._resting or not last < order.priority <= self.sequence:
                raise ValueError(f"order {order.order_id} does not fit into the book: twice, or out of turn")
            last = order.priority
            self._resting[order.order_id] = order
            (self._bids if order.side is BUY else self._asks).rest(order)
            self._note_end(order.expires_at_us)
        if -self._bids.best >= self._asks.best:
            raise ValueError("these orders cross: they cannot have stood together")
        self.take_changes()
