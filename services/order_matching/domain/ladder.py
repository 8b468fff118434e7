"""One side of a book: its prices from best to worst and the queue that stands at each.

A price's rank is the price itself for sells and its negative for buys: the lower rank is always the better
price, so that both sides are the same code.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from heapq import heappop, heappush, nsmallest
from typing import Final

from contracts.facts import Level, Reason
from contracts.orders import Side
from order_matching.domain.orders import AccountId, Order
from order_matching.domain.totals import Totals

WORST_RANK: Final = 2**63
"""Worse than any price: the best rank of an empty side."""

FEWEST_QUEUES_BEFORE_SWEEP: Final = 128

LOOKED_AT_ONE_BY_ONE: Final = 32
"""Orders and prices; to make totals costs more than to look at so many."""


class Queue:
    """The orders that stand at one price, by priority; first come, first served.

    An OrderedDict and not a dict: a dict walks over all that has left its head before it finds the first.
    """

    __slots__ = ("orders", "quantity")

    def __init__(self) -> None:
        self.orders: OrderedDict[int, Order] = OrderedDict()
        self.quantity = 0


class Ladder:
    """All queues of one side; `best` is the rank of its best price, `WORST_RANK` when nothing stands.

    An emptied queue stays until it surfaces as the best, or until the queues have doubled since the last
    sweep: a new order at the same price may come.

    What only some orders ask for costs the others little. Totals of the levels, and the places of each account's
    orders, are made when first asked for; when asked again they are brought up to date by what was touched and what
    came since. Places that are empty by now go when they surface.
    """

    __slots__ = (
        "_before",
        "_came",
        "_more_places",
        "_owned",
        "_queues",
        "_ranks",
        "_sweep_at",
        "_totals_by_rank",
        "best",
        "side",
        "sign",
    )

    def __init__(self, side: Side) -> None:
        self.side = side
        self.sign = -1 if side is Side.BUY else 1
        self.best = WORST_RANK
        self._queues: dict[int, Queue] = {}
        # The ranks of all queues as a heap: a new price costs the same in a book of any size. The queue of
        # the first is never an empty one.
        self._ranks: list[int] = []
        self._sweep_at = FEWEST_QUEUES_BEFORE_SWEEP
        self._before: dict[int, tuple[int, int]] = {}
        self._totals_by_rank: Totals | None = None
        self._owned: dict[AccountId, list[tuple[int, int]]] = {}
        self._came: list[Order] | None = None
        self._more_places = 0

    def rest(self, order: Order) -> None:
        """Put an order at the end of the queue at its price."""
        rank = order.price * self.sign
        queue = self._queues.get(rank)
        if queue is None:
            queue = self._open(rank)
        if rank not in self._before:
            self._before[rank] = (queue.quantity, len(queue.orders))
        queue.quantity += order.remaining
        queue.orders[order.priority] = order
        if self._came is not None:
            self._note(order, self._came)

    def reduce(self, order: Order, quantity: int) -> None:
        """Take shares off a standing order; with the last one it leaves its queue."""
        rank = order.price * self.sign
        queue = self._queues[rank]
        if rank not in self._before:
            self._before[rank] = (queue.quantity, len(queue.orders))
        queue.quantity -= quantity
        order.remaining -= quantity
        if not order.remaining:
            del queue.orders[order.priority]
            if rank == self.best and not queue.orders:
                self._find_next_best()

    def hand_over(self, old: Order, new: Order) -> None:
        """Put `new` exactly where `old` stands, at the same price."""
        queue = self._queues[old.price * self.sign]
        new.priority = old.priority
        self.reduce(old, old.remaining - new.remaining)
        queue.orders[old.priority] = new

    def first(self) -> Order:
        """The order that trades next; KeyError when nothing stands."""
        return next(iter(self._queues[self.best].orders.values()))

    def obstacle(self, order: Order, limit: int) -> Reason | None:
        """Why an order could not be filled whole down to the rank `limit`: its own account on the way, or too little.

        The first few orders are looked at one by one, which is nearly always enough. Beyond that the cost is that
        of the account's own orders and not of all that stand on the way: who is refused has not paid by trading.
        """
        missing, looked = order.remaining, 0
        for rank in self._ranks_from_best():
            if rank > limit:
                return Reason.CANNOT_FILL_COMPLETELY
            for maker in self._queues[rank].orders.values():
                if maker.account_id == order.account_id:
                    return Reason.SELF_TRADE
                missing -= maker.remaining
                if missing <= 0:
                    return None
                looked += 1
                if looked >= LOOKED_AT_ONE_BY_ONE:
                    break
            looked += 1
            if looked >= LOOKED_AT_ONE_BY_ONE:
                return self._distant_obstacle(order, limit)
        return Reason.CANNOT_FILL_COMPLETELY

    def depth(self, count: int | None = None) -> list[Level]:
        """The levels from the best price on, at most `count` of them."""
        standing = (rank for rank, queue in self._queues.items() if queue.orders)
        ranks = sorted(standing) if count is None else nsmallest(count, standing)
        return [self._level(rank) for rank in ranks]

    def take_changes(self) -> list[Level]:
        """The levels whose totals differ from what they were when this was last called, best price first."""
        if self._totals_by_rank is not None:
            self._up_to_date()
        before, self._before = self._before, {}
        return [self._level(rank) for rank in sorted(before) if before[rank] != self._totals(rank)]

    def _open(self, rank: int) -> Queue:
        if len(self._queues) >= self._sweep_at:
            self._sweep()
        heappush(self._ranks, rank)
        self.best = self._ranks[0]
        queue = self._queues[rank] = Queue()
        return queue

    def _sweep(self) -> None:
        self._queues = {rank: queue for rank, queue in self._queues.items() if queue.orders}
        self._ranks = sorted(self._queues)
        self._sweep_at = max(2 * len(self._queues), FEWEST_QUEUES_BEFORE_SWEEP)

    def _find_next_best(self) -> None:
        ranks, queues = self._ranks, self._queues
        while ranks and not queues[ranks[0]].orders:
            del queues[heappop(ranks)]
        self.best = ranks[0] if ranks else WORST_RANK

    def _ranks_from_best(self) -> Iterator[int]:
        """Walk the heap from its top, opening only as much of it as is asked for."""
        ranks = self._ranks
        ahead = [(ranks[0], 0)] if ranks else []
        while ahead:
            rank, place = heappop(ahead)
            yield rank
            for child in (2 * place + 1, 2 * place + 2):
                if child < len(ranks):
                    heappush(ahead, (ranks[child], child))

    def _up_to_date(self) -> Totals:
        if self._totals_by_rank is None:
            self._totals_by_rank = Totals()
            for rank, queue in self._queues.items():
                self._totals_by_rank.set(rank, queue.quantity)
        for rank in self._before:
            self._totals_by_rank.set(rank, self._totals(rank)[0])
        return self._totals_by_rank

    def _distant_obstacle(self, order: Order, limit: int) -> Reason | None:
        totals, first = self._up_to_date(), self._first_of(order.account_id)
        if first is not None and first[0] <= limit:
            rank, priority = first
            missing = order.remaining - totals.before(rank)
            for ahead in self._queues[rank].orders.values():
                if missing <= 0 or ahead.priority == priority:
                    break
                missing -= ahead.remaining
            if missing > 0:
                return Reason.SELF_TRADE
        return None if totals.before(limit + 1) >= order.remaining else Reason.CANNOT_FILL_COMPLETELY

    def _first_of(self, account_id: AccountId) -> tuple[int, int] | None:
        """The place, by rank and priority, of the account's order that trades first."""
        if self._came is None:
            self._came = [order for queue in self._queues.values() for order in queue.orders.values()]
            self._more_places = max(len(self._came), FEWEST_QUEUES_BEFORE_SWEEP)
        for order in self._came:
            heappush(self._owned.setdefault(order.account_id, []), (order.price * self.sign, order.priority))
        self._came.clear()
        owned = self._owned.get(account_id, [])
        while owned and not self._stands(account_id, *owned[0]):
            heappop(owned)
        return owned[0] if owned else None

    def _note(self, order: Order, came: list[Order]) -> None:
        """Note that an order came; when more have come than stood, most places are empty: better to begin anew."""
        came.append(order)
        self._more_places -= 1
        if not self._more_places:
            self._owned, self._came = {}, None

    def _stands(self, account_id: AccountId, rank: int, priority: int) -> bool:
        queue = self._queues.get(rank)
        order = queue.orders.get(priority) if queue is not None else None
        return order is not None and order.account_id == account_id

    def _totals(self, rank: int) -> tuple[int, int]:
        queue = self._queues.get(rank)
        return (queue.quantity, len(queue.orders)) if queue else (0, 0)

    def _level(self, rank: int) -> Level:
        return Level(self.side, rank * self.sign, *self._totals(rank))
