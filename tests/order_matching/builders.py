"""What the book's tests are told with: orders with little to say, and reports in few words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from contracts.facts import Level
from contracts.orders import Side, TimeInForce
from order_matching.domain import reports
from order_matching.domain.book import Book, SelfTrade
from order_matching.domain.orders import Order

DAY, GTC, IOC, FOK = TimeInForce.DAY, TimeInForce.GTC, TimeInForce.IOC, TimeInForce.FOK
BUY, SELL = Side.BUY, Side.SELL


def order(name: str, side: Side, qty: int, at: int, **about: Any) -> Order:
    """An order named like its account, unless `account` says otherwise."""
    return Order(
        name,
        about.get("account", f"{name}'s account"),
        side,
        at,
        qty,
        about.get("left", qty),
        about.get("tif", DAY),
        about.get("until"),
        about.get("priority", 0),
    )


def buy(name: str, qty: int = 10, at: int = 100, **about: Any) -> Order:
    return order(name, BUY, qty, at, **about)


def sell(name: str, qty: int = 10, at: int = 100, **about: Any) -> Order:
    return order(name, SELL, qty, at, **about)


def book_with(*orders: Order, self_trade: SelfTrade = SelfTrade.REFUSE) -> Book:
    """A book these orders were submitted to; nothing of it is left to report."""
    book = Book(self_trade)
    for each in orders:
        book.submit(each)
    book.take_reports()
    book.take_changes()
    return book


def told(book: Book) -> list[tuple[Any, ...]]:
    """What the book reports since it was last asked, without the sequence."""
    return [(report[0], *report[2:]) for report in book.take_reports()]


def trades(book: Book) -> list[tuple[str, str, int, int]]:
    """The trades since the book was last asked: maker, taker, quantity, price."""
    return [(r[9], r[6], r[4], r[3]) for r in book.take_reports() if r[0] == reports.TRADED]


def endings(book: Book) -> list[tuple[str, str, str]]:
    """What was refused or ended since the book was last asked: kind, order, reason."""
    ends = (reports.REFUSED, reports.CANCELED, reports.CANCEL_REFUSED, reports.REPLACE_REFUSED)
    return [(str(r[0]), str(r[2]), str(r[-1])) for r in book.take_reports() if r[0] in ends]


def standing(book: Book, side: Side) -> list[tuple[str, int]]:
    """The orders of one side in the order in which they trade, with what is left of them."""
    found = [(o.price if side is SELL else -o.price, o.priority, o) for o in book.resting() if o.side is side]
    return [(o.order_id, o.remaining) for _, _, o in sorted(found, key=lambda entry: entry[:2])]


def levels(found: Iterable[Level]) -> list[tuple[int, int, int]]:
    """Levels as price, quantity, orders."""
    return [(level.price, level.quantity, level.orders) for level in found]


def assert_valid(book: Book) -> None:
    """Look inside: the index complete, totals right, the best price the best, no cross, nothing empty or twice."""
    resting = {each.order_id: each for each in book.resting()}
    queued: list[str] = []
    for ladder in (book._bids, book._asks):
        live = {rank: queue for rank, queue in ladder._queues.items() if queue.orders}
        assert sorted(ladder._ranks) == sorted(ladder._queues), "a queue without rank or a rank without queue"
        assert all(ladder._ranks[(place - 1) // 2] <= rank for place, rank in enumerate(ladder._ranks) if place), (
            "the ranks are no heap"
        )
        assert ladder.best == min(live, default=2**63), "the best price is not the best"
        for rank, queue in ladder._queues.items():
            orders = list(queue.orders.values())
            assert queue.quantity == sum(each.remaining for each in orders), "a level's total is wrong"
            assert list(queue.orders) == [each.priority for each in orders], "an order stands under another's number"
            assert list(queue.orders) == sorted(queue.orders), "a queue is out of turn"
            assert all(each.side is ladder.side and each.price * ladder.sign == rank for each in orders)
            assert all(0 < each.remaining <= each.quantity for each in orders)
            queued += [each.order_id for each in orders]
        depth = ladder.depth()
        assert [level.price * ladder.sign for level in depth] == sorted(live), "depth is out of order"
        assert all(level.quantity > 0 and level.orders > 0 for level in depth), "an empty level is shown"
    assert len(queued) == len(set(queued)), "an order stands twice"
    assert set(queued) == set(resting) == set(book._resting), "the index is not what stands"
    assert -book._bids.best < book._asks.best, "the book is crossed"
