"""Decides what to send to an exchange so that its book goes through the steps of a recorded one.

A recording shows only the best levels. What stood there unseen has to be put in when its level comes into sight,
and what went while out of sight has to be taken out: `Mirror` keeps its own picture of the orders it has placed and
repairs the far edge by it. It never looks at the exchange, and it repairs no level that was in sight before: a
mistake of the exchange is never mended, it shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from contracts.orders import Side
from loadtest.lobster import DELETED, EXECUTED, NEW, REDUCED, Message, Visible

UNKNOWN = 0
"""The recorded id of an order of which the recording only shows that it was there."""


@dataclass(frozen=True, slots=True)
class Place:
    """Place an order that rests; `key` is its name from now on."""

    key: int
    side: Side
    price: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Take:
    """Send an order that takes what it can at this price and does not rest. `side` is the taker's."""

    side: Side
    price: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Shrink:
    """Make an order smaller: `total` counts what has filled of it, as in a replace."""

    key: int
    total: int


@dataclass(frozen=True, slots=True)
class Cancel:
    key: int


Action = Place | Take | Shrink | Cancel


@dataclass(slots=True)
class Resting:
    """An order of ours in the book, standing for the recorded order `order_id`."""

    key: int
    order_id: int
    remaining: int
    filled: int = 0


@dataclass(slots=True)
class Future:
    """What the rest of the recording tells about orders: in which row each begins and how much of it is to come."""

    begins: dict[int, int] = field(default_factory=dict)
    to_come: dict[int, int] = field(default_factory=dict)
    at_price: dict[tuple[Side, int], list[int]] = field(default_factory=dict)

    def standing(self, side: Side, price: int, row: int) -> Iterator[tuple[int, int]]:
        """(id, shares to come) of orders at a price that may stand there by now, those in front first."""
        for order_id in self.at_price.get((side, price), ()):
            if self.to_come[order_id] > 0 and self.begins[order_id] <= row:
                yield order_id, self.to_come[order_id]


def look_ahead(messages: Sequence[Message]) -> Future:
    """Read the whole recording. An id grows with time, so the order of ids is the order of the queue."""
    future = Future()
    places: dict[tuple[Side, int], set[int]] = {}
    for row, message in enumerate(messages):
        if message.kind == NEW:
            future.begins.setdefault(message.order_id, row)
        elif message.kind in (REDUCED, DELETED, EXECUTED):
            future.begins.setdefault(message.order_id, -1)
            future.to_come[message.order_id] = future.to_come.get(message.order_id, 0) + message.size
            places.setdefault((message.side, message.price), set()).add(message.order_id)
    future.at_price = {place: sorted(order_ids) for place, order_ids in places.items()}
    return future


class Mirror:
    """The orders we have in the book, by side and price, those in front first."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self.makers_as_recorded = 0
        self.executions = 0
        self._future = look_ahead(messages)
        self._queues: dict[Side, dict[int, list[Resting]]] = {Side.BUY: {}, Side.SELL: {}}
        self._in_sight: dict[Side, set[int]] = {Side.BUY: set(), Side.SELL: set()}
        self._row = -1
        self._last_key = 0

    def step(self, message: Message, after: Visible) -> list[Action]:
        """What to send so that the book becomes `after`. The first row's message has happened: it is only looked at."""
        self._row += 1
        actions = list(self._follow(message)) if self._row else []
        if message.kind in (REDUCED, DELETED, EXECUTED):
            self._future.to_come[message.order_id] -= message.size
        for side in Side:
            actions += self._repair(side, after)
            self._in_sight[side] = {price for price, _ in after.of(side)}
        return actions

    def _follow(self, message: Message) -> Iterator[Action]:
        queue = self._queues[message.side].get(message.price, [])
        if message.kind == NEW:
            yield self._place(message.side, message.price, message.order_id, message.size)
        elif message.kind in (REDUCED, DELETED):
            yield from self._take_out(message.side, message.price, message.size, message.order_id)
        elif message.kind == EXECUTED:
            self.executions += 1
            self.makers_as_recorded += bool(queue) and queue[0].order_id == message.order_id
            self._fill(message)
            yield Take(Side.SELL if message.side is Side.BUY else Side.BUY, message.price, message.size)

    def _fill(self, message: Message) -> None:
        """The exchange will fill whoever stands in front."""
        queue, left = self._queues[message.side].get(message.price, []), message.size
        while queue and left:
            filled = min(left, queue[0].remaining)
            queue[0].remaining -= filled
            queue[0].filled += filled
            left -= filled
            if not queue[0].remaining:
                queue.pop(0)
        self._forget_if_empty(message.side, message.price)

    def _repair(self, side: Side, after: Visible) -> Iterator[Action]:
        """Drop what stands unseen among the levels in sight; bring levels that come into sight to their size."""
        shown = dict(after.of(side))
        for price in sorted(self._queues[side]):
            if price not in shown and price not in self._in_sight[side] and _would_be_seen(side, price, after):
                yield from self._take_out(side, price, self._standing(side, price), UNKNOWN)
        for price, size in shown.items():
            if price not in self._in_sight[side]:
                yield from self._bring_to(side, price, size)

    def _bring_to(self, side: Side, price: int, size: int) -> Iterator[Action]:
        missing = size - self._standing(side, price)
        if missing < 0:
            yield from self._take_out(side, price, -missing, UNKNOWN)
        for order_id, to_come in self._future.standing(side, price, self._row):
            there = sum(each.remaining for each in self._queues[side].get(price, ()) if each.order_id == order_id)
            quantity = min(to_come - there, missing)
            if quantity > 0:
                missing -= quantity
                yield self._place(side, price, order_id, quantity)
        if missing > 0:
            yield self._place(side, price, UNKNOWN, missing)

    def _place(self, side: Side, price: int, order_id: int, quantity: int) -> Place:
        self._last_key += 1
        self._queues[side].setdefault(price, []).append(Resting(self._last_key, order_id, quantity))
        return Place(self._last_key, side, price, quantity)

    def _take_out(self, side: Side, price: int, size: int, order_id: int) -> Iterator[Action]:
        """Take shares out of a level: of this order first, then of those that nothing more is heard of."""
        queue, left = self._queues[side].get(price, []), size
        last_in_line = reversed(queue)
        by_need = sorted(last_in_line, key=lambda each: (each.order_id != order_id, self._is_needed(each)))
        for resting in by_need:
            taken = min(left, resting.remaining)
            left -= taken
            resting.remaining -= taken
            if not resting.remaining:
                queue.remove(resting)
                yield Cancel(resting.key)
            elif taken:
                yield Shrink(resting.key, resting.filled + resting.remaining)
        self._forget_if_empty(side, price)

    def _is_needed(self, resting: Resting) -> bool:
        return self._future.to_come.get(resting.order_id, 0) >= resting.remaining

    def _standing(self, side: Side, price: int) -> int:
        return sum(resting.remaining for resting in self._queues[side].get(price, ()))

    def _forget_if_empty(self, side: Side, price: int) -> None:
        if not self._queues[side].get(price, True):
            del self._queues[side][price]


def _would_be_seen(side: Side, price: int, after: Visible) -> bool:
    """Whether a level of this price would be among those in sight."""
    shown = after.of(side)
    if len(shown) < after.depth:
        return True
    worst = shown[-1][0]
    return price > worst if side is Side.BUY else price < worst
