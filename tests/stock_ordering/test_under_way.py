"""Every pair of commands on one order, with all that can come between: nothing that was acknowledged is lost.

Orders and replacements reach the book by way of their hold, cancels go straight to it; what the book says comes back
later still. So all ways to deliver the three are tried: after each the order is as the answers promised.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from contracts.facts import CancelRequested, OrderHeld, OrderPlaced, Reason, ReplaceHeld, ReplaceRefused
from contracts.orders import OrderStatus
from contracts.refusals import Refused
from order_matching.domain.book import Book
from order_matching.domain.intake import Intake
from order_matching.handlers.telling import Telling
from order_matching.ports import BookRow
from stock_ordering.consumers import OUTCOMES
from stock_ordering.domain.wishes import ReplaceOrder
from stock_ordering.handlers.canceling import cancel, cancel_all
from stock_ordering.handlers.outcomes import take_outcomes
from stock_ordering.handlers.placing import place
from stock_ordering.handlers.replacing import replace_order
from stock_ordering.ports import CancelOrder
from tests.stock_ordering.books import compose_around
from tests.stock_ordering.builders import ALICE, NOW_US, an_order, placement, uid
from tests.stock_ordering.fakes import FakeOrders

FIRST = uid(1)
QUEUES = ("entry", "held", "cancels", "outcomes")


@dataclass
class World:
    """Order entry, a hold that grants or not, and a book; facts wait in queues until they are delivered.

    A cancel and a hold travel on queues of their own, so either may overtake the other.
    """

    holds: bool
    halted: bool
    orders: FakeOrders = field(default_factory=FakeOrders)
    book: Book = field(default_factory=Book)
    queues: dict[str, deque[Any]] = field(default_factory=lambda: {name: deque() for name in QUEUES})
    answers: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.deps = compose_around(self.orders.transaction)
        self.intake = Intake((), (), {}, NOW_US)

    def collect(self) -> None:
        """Put what order entry has told on its way."""
        for fact in self.orders.told():
            self.queues["cancels" if isinstance(fact, CancelRequested) else "entry"].append(fact)

    def deliver(self, name: str) -> None:
        getattr(self, name)(self.queues[name].popleft())

    def entry(self, fact: Any) -> None:
        """The hold: what it grants goes on to the book."""
        about = {key: getattr(fact, key) for key in fact.__slots__}
        if isinstance(fact, OrderPlaced):
            self.queues["held"].append(OrderHeld(**about))
        elif self.holds:
            self.queues["held"].append(ReplaceHeld(**about))
        else:
            names = ("order_id", "replaces", "account_id", "symbol", "at_us")
            reason = Reason.INSUFFICIENT_BUYING_POWER
            refused = ReplaceRefused(**{name: about[name] for name in names}, reason=reason)
            self.queues["outcomes"].append(refused)

    def held(self, fact: Any) -> None:
        self.match(fact)

    def cancels(self, fact: CancelRequested) -> None:
        self.match(fact)

    def match(self, fact: Any) -> None:
        command = self.intake.command_for(fact)
        if command is not None:
            before = BookRow("AAPL", self.book.sequence, self.book.trades, self.book.halted, 0, 0, 0)
            command.give_to(self.book)
            told = Telling(before, self.book, [command], NOW_US).facts
            self.queues["outcomes"].extend(fact for fact in told if type(fact) in OUTCOMES)

    def outcomes(self, fact: Any) -> None:
        with self.orders.transaction() as unit:
            take_outcomes(unit, [fact], OUTCOMES)

    def settle(self) -> None:
        """Deliver all that is left."""
        while waiting := [name for name, queue in self.queues.items() if queue]:
            self.deliver(waiting[0])

    def standing(self) -> list[str]:
        """Open orders, of order entry and of the book: the two must agree."""
        open_here = sorted(order.id for order in self.orders.saved.values() if order.is_open)
        assert open_here == sorted(order.order_id for order in self.book.resting())
        return open_here


def patch(name: str) -> Callable[[World], str]:
    def command(world: World) -> str:
        with suppress(Refused):
            replace_order(world.deps, ReplaceOrder(ALICE, id_of(world, name), quantity=20))
            return "replacing"
        return "refused"

    command.__name__ = f"PATCH {name}"
    return command


def delete(name: str) -> Callable[[World], str]:
    def command(world: World) -> str:
        with world.orders.transaction() as unit:
            (outcome,) = cancel(unit, world.deps.clock, [CancelOrder(ALICE, id_of(world, name))])
        return "refused" if isinstance(outcome, Refused) else "canceling"

    command.__name__ = f"DELETE {name}"
    return command


def delete_all(world: World) -> str:
    return "canceling" if cancel_all(world.deps, ALICE).asked else "nothing to cancel"


def id_of(world: World, name: str) -> str:
    """Of the first order, or of its replacement."""
    return FIRST if name == "old" else next(order_id for order_id in world.orders.saved if order_id != FIRST)


PAIRS = [
    (patch("old"), delete("old")),
    (patch("old"), delete("new")),
    (patch("old"), delete_all),
    (patch("old"), patch("old")),
    (patch("old"), patch("new")),
    (delete("old"), patch("old")),
    (delete("old"), delete("old")),
    (delete("old"), delete_all),
    (delete_all, patch("old")),
    (delete_all, delete("old")),
]


def ways(world_of: Callable[[], World], first: Any, second: Any) -> Iterator[World]:
    """A world for each way to deliver, and for each moment at which the second command can come between."""
    paths: list[tuple[int, ...]] = [()]
    while paths:
        path = paths.pop()
        world = world_of()
        world.answers.append(first(world))
        world.collect()
        asked = False
        for taken, digit in enumerate((*path, *[0] * 64)):
            waiting = [name for name in QUEUES if world.queues[name]]
            choices = len(waiting) + (not asked)
            if not choices:
                break
            if taken >= len(path):
                paths += [(*path, *[0] * (taken - len(path)), other) for other in range(1, choices)]
            if digit == len(waiting):
                world.answers.append(second(world))
                world.collect()
                asked = True
            else:
                world.deliver(waiting[digit])
        yield world


@pytest.mark.parametrize("at_the_book", [True, False], ids=["open", "pending_new"])
@pytest.mark.parametrize("holds", [True, False], ids=["held", "hold refused"])
@pytest.mark.parametrize("halted", [False, True], ids=["trading", "halted"])
@pytest.mark.parametrize(("first", "second"), PAIRS, ids=[f"{one.__name__}, {two.__name__}" for one, two in PAIRS])
def test_whatever_overtakes_what_an_acknowledged_cancel_ends_the_order(
    first: Any, second: Any, at_the_book: bool, holds: bool, halted: bool
) -> None:
    def world_of() -> World:
        world = World(holds, halted)
        with world.orders.transaction() as unit:
            place(unit, world.deps.clock, world.deps.ends, [placement(an_order(1))])
        world.collect()
        if at_the_book:
            world.settle()
            if halted:
                world.book.halt()
        return world

    count = 0
    for world in ways(world_of, first, second):
        count += 1
        standing = world.standing()
        if "canceling" in world.answers:
            assert standing == [], world.answers
        else:
            assert len(standing) <= 1
        for order in world.orders.saved.values():
            assert order.status is not OrderStatus.PENDING_NEW or order.id in standing
    assert count > 1, "nothing was tried"
