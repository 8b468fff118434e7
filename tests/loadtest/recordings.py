"""Made-up recordings, and an exchange so simple that one sees it is right."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

from contracts.orders import Side
from loadtest.lobster import DELETED, EXECUTED, NEW, REDUCED, Message, Visible
from loadtest.mirror import Action, Cancel, Place, Shrink, Take

Levels = tuple[tuple[int, int], ...]
Step = tuple[Message, Visible]


@dataclass
class Standing:
    name: int
    side: Side
    price: int
    size: int
    filled: int = 0


def better_first(order: Standing) -> tuple[int, int]:
    return (-order.price if order.side is Side.BUY else order.price, order.name)


def totals(orders: list[Standing], side: Side, most: int) -> Levels:
    levels: dict[int, int] = {}
    for order in sorted((order for order in orders if order.side is side), key=better_first):
        levels[order.price] = levels.get(order.price, 0) + order.size
    return tuple(levels.items())[:most]


@dataclass
class NaiveExchange:
    """A list of orders. `names` of orders grow, so a name is also a place in the queue."""

    orders: list[Standing] = field(default_factory=list)
    trades: int = 0
    done: list[Action] = field(default_factory=list)

    def do(self, action: Action) -> None:
        self.done.append(action)
        match action:
            case Place(key, side, price, quantity):
                assert not self.against(side, price), f"{action} would trade"
                self.orders.append(Standing(key, side, price, quantity))
            case Take(side, price, quantity):
                self.take(side, price, quantity)
            case Shrink(key, total):
                order = self.named(key)
                assert order.filled < total < order.filled + order.size, f"{action} of {order}"
                order.size = total - order.filled
            case Cancel(key):
                self.orders.remove(self.named(key))

    def take(self, side: Side, price: int, quantity: int) -> None:
        for order in sorted(self.against(side, price), key=better_first):
            filled = min(quantity, order.size)
            order.size -= filled
            order.filled += filled
            quantity -= filled
            self.trades += bool(filled)
        self.orders = [order for order in self.orders if order.size]
        assert quantity == 0, f"{quantity} shares found nobody"

    def against(self, side: Side, price: int) -> list[Standing]:
        """The orders that one of this side and price would meet."""
        if side is Side.BUY:
            return [order for order in self.orders if order.side is Side.SELL and order.price <= price]
        return [order for order in self.orders if order.side is Side.BUY and order.price >= price]

    def named(self, key: int) -> Standing:
        [order] = [order for order in self.orders if order.name == key]
        return order

    def depth(self, levels: int) -> tuple[Levels, Levels]:
        return totals(self.orders, Side.BUY, levels), totals(self.orders, Side.SELL, levels)


class Street:
    """A market of which only the best `depth` levels, and what happens in them, are recorded."""

    def __init__(self, seed: int, depth: int) -> None:
        self.random = random.Random(seed)
        self.depth = depth
        self.orders: list[Standing] = []
        self.last_name = 0
        for _ in range(60):
            self.add()

    def recording(self, rows: int) -> list[Step]:
        steps: list[Step] = []
        while len(steps) < rows:
            before = self.visible()
            message = self.random.choice([self.add, self.add, self.reduce, self.delete, self.execute])()
            if self.is_in_sight(message, before) or self.is_in_sight(message, self.visible()):
                steps.append((message, self.visible()))
        return steps

    def visible(self) -> Visible:
        return Visible(
            self.depth, totals(self.orders, Side.BUY, self.depth), totals(self.orders, Side.SELL, self.depth)
        )

    def is_in_sight(self, message: Message, book: Visible) -> bool:
        return message.price in [price for price, _ in book.of(message.side)]

    def add(self) -> Message:
        """A new order that does not cross: the middle wanders, so levels come into sight and go."""
        side = self.random.choice(list(Side))
        best = {each: totals(self.orders, each, 1) for each in Side}
        if side is Side.BUY:
            highest = best[Side.SELL][0][0] - 100 if best[Side.SELL] else 1_000_000
            price = highest - 100 * self.random.choice([0, 0, 1, 2, 3, 5, 8, 13])
        else:
            lowest = best[Side.BUY][0][0] + 100 if best[Side.BUY] else 1_000_000
            price = lowest + 100 * self.random.choice([0, 0, 1, 2, 3, 5, 8, 13])
        self.last_name += 1
        self.orders.append(Standing(self.last_name, side, price, self.random.randint(1, 300)))
        return self.told(NEW, self.orders[-1], self.orders[-1].size)

    def reduce(self) -> Message:
        order = self.anybody()
        if order.size == 1:
            return self.add()
        taken = self.random.randint(1, order.size - 1)
        order.size -= taken
        return self.told(REDUCED, order, taken)

    def delete(self) -> Message:
        order = self.anybody()
        self.orders.remove(order)
        return self.told(DELETED, order, order.size)

    def execute(self) -> Message:
        """A taker's order meets the one in front."""
        side = self.anybody().side
        order = min((order for order in self.orders if order.side is side), key=better_first)
        filled = self.random.choice([order.size, self.random.randint(1, order.size)])
        order.size -= filled
        self.orders = [each for each in self.orders if each.size]
        return self.told(EXECUTED, order, filled)

    def anybody(self) -> Standing:
        if not self.orders:
            self.add()
        return self.random.choice(self.orders)

    def told(self, kind: int, order: Standing, size: int) -> Message:
        return Message(kind, order.name, size, order.price, order.side)


def write(folder: Path, steps: list[Step], name: str = "TEST_2026-01-02_{}_2.csv") -> tuple[Path, Path]:
    """The two files of a recording as LOBSTER writes them."""
    messages, books = folder / name.format("message"), folder / name.format("orderbook")
    messages.write_text("".join(message_line(number, message) for number, (message, _) in enumerate(steps)))
    books.write_text("".join(book_line(book) for _, book in steps))
    return messages, books


def message_line(number: int, message: Message) -> str:
    direction = 1 if message.side is Side.BUY else -1
    return f"34200.{number:09d},{message.kind},{message.order_id},{message.size},{message.price},{direction}\n"


def book_line(book: Visible) -> str:
    columns: list[int] = []
    for level in range(book.depth):
        ask = book.asks[level] if level < len(book.asks) else (9_999_999_999, 0)
        bid = book.bids[level] if level < len(book.bids) else (-9_999_999_999, 0)
        columns += [*ask, *bid]
    return ",".join(map(str, columns)) + "\n"
