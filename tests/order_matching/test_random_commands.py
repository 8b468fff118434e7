"""Random commands to the book and to a naive one: not a single difference, in either self-trade mode."""

from __future__ import annotations

import os
import random
import secrets
from collections.abc import Iterator
from typing import Any

import pytest

from order_matching.domain import ladder
from order_matching.domain.book import Book, SelfTrade
from order_matching.domain.commands import (
    CancelOrder,
    Command,
    ExpireOrders,
    HaltTrading,
    ReplaceOrder,
    ResumeTrading,
    SubmitOrder,
    from_entry,
    replay,
    to_entry,
)
from tests.order_matching.builders import BUY, DAY, FOK, GTC, IOC, SELL, assert_valid, levels
from tests.order_matching.naive_book import FAR_FUTURE, Entry, NaiveBook

COMMANDS = 50_000
"""For each of the two self-trade modes."""
SEED = int(os.environ.get("BOOK_SEED") or secrets.randbits(32))

ENDS = ("refused", "canceled", "cancel_refused", "replace_refused", "replaced", "expired")
ENDS_OF_BOTH_MODES = {
    ("refused", "symbol_halted"),
    ("canceled", "requested"),
    ("canceled", "nothing_to_match"),
    ("canceled", "cannot_fill_completely"),
    ("canceled", "too_late_to_enter"),
    ("cancel_refused", "order_not_open"),
    ("replace_refused", "order_not_open"),
    ("replace_refused", "already_filled"),
    ("replace_refused", "symbol_halted"),
    ("replaced", "True"),
    ("replaced", "False"),
    ("expired", ""),
}
ENDS_OF_MODE = {
    SelfTrade.REFUSE: {("refused", "self_trade"), ("replace_refused", "self_trade")},
    SelfTrade.CANCEL_NEWEST: {("canceled", "self_trade")},
}

ACCOUNTS = [f"account {number}" for number in range(6)]
COLLAR = 40


class Crowd:
    """Thinks of commands: most near the touch, many about orders that stand, some about ones long gone."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.born = 0
        self.open: list[str] = []
        self.gone: list[str] = ["never"]
        self.now_us = 0
        self.middle = 1_000

    def commands(self, count: int) -> Iterator[Command]:
        for number in range(count):
            self.now_us = max(1, number + self.random.choice((0, 0, 0, 0, -300, 300)))
            self.middle = max(100, self.middle + self.random.choice((-1, 0, 0, 1)))
            yield self.command()

    def command(self) -> Command:
        dice = self.random.random()
        if dice < 0.60:
            return self.order()
        if dice < 0.75:
            return CancelOrder(self.somebody(), self.random.choice(ACCOUNTS))
        if dice < 0.985:
            return self.replacement()
        if dice < 0.995:
            return ExpireOrders(self.now_us)
        return HaltTrading() if self.random.random() < 0.1 else ResumeTrading()

    def order(self) -> SubmitOrder:
        side = self.random.choice((BUY, SELL))
        tif = self.random.choices((DAY, GTC, IOC, FOK), (40, 30, 15, 15))[0]
        is_market = tif in (IOC, FOK) and self.random.random() < 0.5
        away = COLLAR if is_market else round(self.random.gauss(-4, 4))
        price = self.middle + (away if side is BUY else -away)
        return SubmitOrder(
            self.name(),
            self.account(),
            side,
            price,
            self.quantity(),
            tif,
            self.until(tif),
            self.random.random() < 0.01,
            self.now_us,
        )

    def replacement(self) -> ReplaceOrder:
        return ReplaceOrder(
            self.name(), self.somebody(), self.account(), BUY, 1, self.quantity(), DAY, self.until(DAY),
            self.random.random() < 0.02, self.now_us,
        )  # fmt: skip

    def like(self, command: ReplaceOrder, old: Entry) -> ReplaceOrder:
        """The replacement of an order that stands: same side and account, a price and quantity near its own."""
        price = old.price + self.random.choice((0, 0, 0, 1, -1, 3, -3))
        quantity = max(1, old.quantity + self.random.choice((0, 0, -1, -2, -5, 1, 5)))
        return command._replace(account_id=old.account, side=BUY if old.side == "buy" else SELL, price=price,
                                quantity=quantity)  # fmt: skip

    def name(self) -> str:
        self.born += 1
        return f"order {self.born}"

    def account(self) -> str:
        return self.random.choice(ACCOUNTS)

    def quantity(self) -> int:
        return self.random.choice((1, 2, 3, 5, 10, 10, 10, 40, 200))

    def until(self, tif: str) -> int | None:
        """Some are over when they come; the clock goes back at times, and what has ended stays so."""
        return None if tif == GTC else self.now_us + self.random.randrange(-20, 2_000)

    def somebody(self) -> str:
        return self.random.choice(self.open if self.open and self.random.random() < 0.85 else self.gone)


def give(naive: NaiveBook, command: Command) -> None:
    match command:
        case SubmitOrder(name, account, side, price, quantity, tif, until, canceled, now_us):
            entry = Entry(name, account, side, price, quantity, quantity, until or FAR_FUTURE, 0)
            naive.submit(entry, tif, canceled, now_us)
        case ReplaceOrder(name, replaces, account, side, price, quantity, tif, until, canceled, now_us):
            entry = Entry(name, account, side, price, quantity, quantity, until or FAR_FUTURE, 0)
            naive.replace(replaces, entry, tif, canceled, now_us)
        case CancelOrder(name, account):
            naive.cancel(name, account)
        case ExpireOrders(now_us):
            naive.expire(now_us)
        case HaltTrading():
            naive.halt()
        case ResumeTrading():
            naive.resume()


def compare(book: Book, naive: NaiveBook, command: Command, ends: Ends) -> set[tuple[str, str]]:
    """Assert that both say the same and stand the same; the ends of orders they told, with reasons."""
    assert levels(book.depth(BUY)) == naive.depth("buy"), command
    assert levels(book.depth(SELL)) == naive.depth("sell"), command
    assert (book.sequence, book.trades, book.halted) == (naive.sequence, naive.trades, naive.halted)
    expected, naive.told = naive.told, []
    assert book.take_reports() == expected, command
    ends.watch(command, expected)
    return {(r[0], "" if r[0] == "expired" else str(r[-1])) for r in expected if r[0] in ENDS}


class Mirror:
    """Depth as somebody sees it who only hears what has changed."""

    def __init__(self) -> None:
        self.levels: dict[tuple[str, int], tuple[int, int]] = {}

    def hear(self, book: Book) -> None:
        for level in book.take_changes():
            place, total = (level.side, level.price), (level.quantity, level.orders)
            assert self.levels.get(place, (0, 0)) != total, "a level was told that had not changed"
            self.levels[place] = total
            if total == (0, 0):
                del self.levels[place]

    def sees(self, naive: NaiveBook) -> bool:
        shown = {(side, price): (q, n) for side in ("buy", "sell") for price, q, n in naive.depth(side)}
        return self.levels == shown


class Ends:
    """Watches that no fill comes at or after the end of either order."""

    def __init__(self) -> None:
        self.of: dict[str, int | None] = {}

    def watch(self, command: Command, told: list[tuple[Any, ...]]) -> None:
        if isinstance(command, SubmitOrder | ReplaceOrder):
            self.of[command.order_id] = command.expires_at_us
            for report in told:
                if report[0] == "traded":
                    for name in (report[6], report[9]):
                        end = self.of[name]
                        assert end is None or command.at_us < end, f"{name} traded at or after its end"


def rebuilt(book: Book) -> Book:
    return Book(book.self_trade, resting=book.resting(), sequence=book.sequence, trades=book.trades, halted=book.halted)


@pytest.mark.parametrize("mode", list(SelfTrade))
def test_orders_that_look_far_decide_like_the_naive_book(mode: SelfTrade, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where only the first order is looked at by itself, totals and places decide about all others."""
    print(f"BOOK_SEED={SEED} repeats this run")
    monkeypatch.setattr(ladder, "LOOKED_AT_ONE_BY_ONE", 1)
    monkeypatch.setattr(ladder, "FEWEST_QUEUES_BEFORE_SWEEP", 4)
    crowd, book, naive, ends = Crowd(SEED), Book(mode), NaiveBook(mode is SelfTrade.REFUSE), Ends()
    for thought in crowd.commands(COMMANDS // 10):
        old = naive.find(thought.replaces) if isinstance(thought, ReplaceOrder) else None
        command = crowd.like(thought, old) if old is not None and isinstance(thought, ReplaceOrder) else thought

        command.give_to(book)
        give(naive, command)

        compare(book, naive, command, ends)
        crowd.open = [entry.order for entry in naive.entries]
        if crowd.random.random() < 0.05:
            book.take_changes()


@pytest.mark.parametrize("mode", list(SelfTrade))
def test_whatever_traders_do_the_book_does_what_a_naive_book_does(mode: SelfTrade) -> None:
    print(f"BOOK_SEED={SEED} repeats this run")
    crowd, book, naive, mirror = Crowd(SEED), Book(mode), NaiveBook(mode is SelfTrade.REFUSE), Mirror()
    journal, seen, ends = [], set(), Ends()
    for number, thought in enumerate(crowd.commands(COMMANDS)):
        old = naive.find(thought.replaces) if isinstance(thought, ReplaceOrder) else None
        command = crowd.like(thought, old) if old is not None and isinstance(thought, ReplaceOrder) else thought
        journal.append(to_entry(command))

        command.give_to(book)
        give(naive, command)

        seen |= compare(book, naive, command, ends)
        crowd.open = [entry.order for entry in naive.entries]
        crowd.gone = [*crowd.gone[-50:], f"order {max(1, crowd.born - 5)}"]
        if crowd.random.random() < 0.05:
            mirror.hear(book)
            assert mirror.sees(naive), command
        if number % 500 == 0:
            assert_valid(book)
            mirror.hear(book)
            again = rebuilt(book)
            assert again.state() == book.state(), "a rebuilt book is not the book"
            book = again
    replayed = Book(mode)
    replay(replayed, map(from_entry, journal))
    assert replayed.state() == book.state(), "the journal does not make the book"
    assert seen == ENDS_OF_BOTH_MODES | ENDS_OF_MODE[mode], "something never happened, or should not have"
    assert book.trades > COMMANDS / 10, "too little traded for this to be a test"
