"""Watches a book's reports as a suspicious outsider: only the first in the queue may trade, at its own price.

It keeps the standing orders in a way of its own (a heap per side, entries that are over thrown away when they
surface), so that a mistake in the book's queues cannot hide in the check.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from typing import Any

from contracts.orders import Side
from order_matching.domain import reports

MOST_OBJECTIONS = 1_000


@dataclass(slots=True)
class Standing:
    """A resting order as the witness remembers it."""

    side: Side
    price: int
    turn: int
    remaining: int


@dataclass(slots=True)
class Entering:
    """What an entering order may do: its side and the worst price it may trade at."""

    side: Side
    price: int


@dataclass(slots=True)
class Witness:
    """Follows one symbol. `objections` says in words what was not as it must be."""

    symbol: str
    saw_trade: Callable[[str, int, int, int], None]
    """Called with symbol, number, price and quantity of every trade seen."""
    objections: list[str] = field(default_factory=list)
    """As far as `MOST_OBJECTIONS`; more say nothing new."""

    _standing: dict[str, Standing] = field(default_factory=dict)
    _queues: dict[Side, list[tuple[int, int, str]]] = field(default_factory=lambda: {Side.BUY: [], Side.SELL: []})
    _turn: int = 0

    def follow(self, entering: Entering | None, told: Sequence[Any]) -> None:
        """Take in what one command led to, in order."""
        for report in told:
            match report[0]:
                case reports.TRADED:
                    self._traded(entering, *report[1:])
                case reports.RESTED if entering is not None:
                    self._rested(report[2], entering, report[4])
                case reports.CANCELED | reports.EXPIRED:
                    self._standing.pop(report[2], None)
                case reports.REPLACED:
                    self._replaced(*report[2:])
        self._look_for_a_cross()

    def _rested(self, order_id: str, entering: Entering, remaining: int) -> None:
        self._turn += 1
        self._standing[order_id] = Standing(entering.side, entering.price, self._turn, remaining)
        rank = -entering.price if entering.side is Side.BUY else entering.price
        self._queue(entering.side, rank, self._turn, order_id)

    def _replaced(
        self, order_id: str, replaces: str, account_id: str, remaining: int, price: int, kept_place: bool
    ) -> None:
        old = self._standing.pop(replaces, None)
        if not kept_place:
            return
        if old is None or remaining > old.remaining or price != old.price:
            self._object(f"{self.symbol}: {order_id} kept a place in the queue that it has no right to")
            return
        self._standing[order_id] = Standing(old.side, old.price, old.turn, remaining)
        rank = -old.price if old.side is Side.BUY else old.price
        self._queue(old.side, rank, old.turn, order_id)

    def _traded(
        self, entering: Entering | None, sequence: int, number: int, price: int, quantity: int, taker_side: Side,
        taker: str, taker_account: str, taker_left: int, maker: str, maker_account: str, maker_left: int,
    ) -> None:  # fmt: skip
        self.saw_trade(self.symbol, number, price, quantity)
        maker_side = Side.SELL if taker_side is Side.BUY else Side.BUY
        first = self._first(maker_side)
        where = f"{self.symbol} trade {number}"
        if maker != first:
            self._object(f"{where}: {maker} traded although {first} stood before it")
        stood = self._standing.get(maker)
        if stood is None:
            self._object(f"{where}: {maker} traded although it did not stand in the book")
            return
        if (
            price != stood.price
            or entering is None
            or (price - entering.price) * (1 if taker_side is Side.BUY else -1) > 0
        ):
            self._object(f"{where}: the price {price} is not the standing order's, or beyond the taker's limit")
        if taker_account == maker_account:
            self._object(f"{where}: account {taker_account} traded with itself")
        stood.remaining -= quantity
        if stood.remaining != maker_left:
            self._object(f"{where}: {maker_left} left of {maker}, it should be {stood.remaining}")
        if stood.remaining <= 0:
            del self._standing[maker]

    def _queue(self, side: Side, rank: int, turn: int, order_id: str) -> None:
        """Stand in line; entries that are over are cleared away before they are the most."""
        queue = self._queues[side]
        heappush(queue, (rank, turn, order_id))
        if len(queue) > 1_024 + 4 * len(self._standing):
            queue[:] = [entry for entry in queue if self._is_standing(entry[2], entry[1])]
            heapify(queue)

    def _is_standing(self, order_id: str, turn: int) -> bool:
        standing = self._standing.get(order_id)
        return standing is not None and standing.turn == turn

    def _object(self, objection: str) -> None:
        if len(self.objections) < MOST_OBJECTIONS:
            self.objections.append(objection)

    def _first(self, side: Side) -> str | None:
        queue = self._queues[side]
        while queue:
            _, turn, order_id = queue[0]
            if self._is_standing(order_id, turn):
                return order_id
            heappop(queue)
        return None

    def _look_for_a_cross(self) -> None:
        bid, ask = self._first(Side.BUY), self._first(Side.SELL)
        if bid is not None and ask is not None and self._standing[bid].price >= self._standing[ask].price:
            self._object(f"{self.symbol}: the book stands crossed, {bid} against {ask}")
