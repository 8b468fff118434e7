"""Random facts to the whole service, which is restarted, doubled and broken meanwhile: the naive book says the same."""

from __future__ import annotations

import os
import random
import secrets
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from chassis import outbox
from chassis.codec import decode_facts
from contracts.facts import (
    CancelRefused,
    CancelRequested,
    OrderCanceled,
    OrderExpired,
    OrderFilled,
    OrderHeld,
    OrderRefused,
    OrderReplaced,
    OrderRested,
    ReplaceHeld,
    ReplaceRefused,
    TradeExecuted,
)
from contracts.orders import TimeInForce
from order_matching.store import Store
from tests.order_matching.builders import BUY, SELL
from tests.order_matching.naive_book import FAR_FUTURE, Entry, NaiveBook
from tests.order_matching.rig import Rig, cancel, held, id_of, replacement

SEED = int(os.environ.get("BOOK_SEED") or secrets.randbits(32))
BATCHES = 60
SYMBOLS = ("AAPL", "MSFT")

Told = tuple[Any, ...]


class NaiveService:
    """What should be told: a naive book per symbol, orders seen, cancels that came too early."""

    def __init__(self) -> None:
        self.books = {symbol: NaiveBook(refuses_self_trades=True) for symbol in SYMBOLS}
        self.seen: set[str] = set()
        self.early: set[str] = set()

    def hear(self, fact: OrderHeld | ReplaceHeld | CancelRequested, now_us: int) -> None:
        book, name = self.books[fact.symbol], fact.order_id
        if isinstance(fact, CancelRequested):
            if name in self.seen:
                book.cancel(name, fact.account_id)
            else:
                self.early.add(name)
        elif name not in self.seen:
            self.seen.add(name)
            was_canceled = name in self.early
            self.early.discard(name)
            until = fact.expires_at_us or FAR_FUTURE
            entry = Entry(name, fact.account_id, fact.side, fact.price, fact.quantity, fact.quantity, until, 0)
            if isinstance(fact, OrderHeld):
                book.submit(entry, fact.time_in_force, was_canceled, now_us)
            else:
                book.replace(fact.replaces, entry, fact.time_in_force, was_canceled, now_us)

    def expire(self, now_us: int) -> None:
        for book in self.books.values():
            if any(entry.expires_at_us <= now_us for entry in book.entries):
                book.expire(now_us)

    def told(self, symbol: str) -> list[Told]:
        """Trades twice, as the two sides hear of them, less what only the public hears."""
        found: list[Told] = []
        for kind, sequence, *about in self.books[symbol].told:
            if kind == "traded":
                _, price, quantity, _, taker, _, taker_left, maker, _, maker_left = about
                found.append(("filled", sequence, maker, price, quantity, maker_left, True))
                found.append(("filled", sequence, taker, price, quantity, taker_left, False))
            elif kind == "canceled":
                name, _, _, _, remaining, reason = about
                found.append((kind, sequence, name, remaining, reason))
            else:
                found.append((kind, sequence, about[0], *about[2 if kind[:4] != "repl" else 3 :]))
        return found


def as_told(fact: Any) -> Told:
    """A fact in the words of the naive service."""
    match fact:
        case OrderFilled():
            about = (fact.price, fact.quantity, fact.remaining, fact.is_maker)
            return ("filled", fact.sequence, fact.order_id, *about)
        case OrderRested():
            return ("rested", fact.sequence, fact.order_id, fact.remaining)
        case OrderCanceled():
            return ("canceled", fact.sequence, fact.order_id, fact.remaining, fact.reason)
        case OrderExpired():
            return ("expired", fact.sequence, fact.order_id, fact.remaining)
        case OrderRefused():
            return ("refused", fact.sequence, fact.order_id, fact.reason)
        case CancelRefused():
            return ("cancel_refused", fact.sequence, fact.order_id, fact.reason)
        case OrderReplaced():
            return ("replaced", fact.sequence, fact.order_id, fact.remaining, fact.price, fact.kept_place)
        case ReplaceRefused():
            return ("replace_refused", fact.sequence, fact.order_id, fact.reason)
    raise AssertionError(f"{fact} is nothing a trader hears")


class Crowd:
    """Thinks of orders, cancels too early and too late, replacements and repeats."""

    def __init__(self, dice: random.Random, now_us: Callable[[], int]) -> None:
        self.dice = dice
        self.now_us = now_us
        self.orders: list[OrderHeld | ReplaceHeld] = []
        self.born = 0

    def batch(self) -> list[Any]:
        return [self.fact() for _ in range(self.dice.randrange(1, 30))]

    def fact(self) -> Any:
        chance = self.dice.random()
        if not self.orders or chance < 0.55:
            return self.remember(self.order())
        old = self.dice.choice(self.orders[-40:])
        if chance < 0.75:
            return CancelRequested(
                order_id=old.order_id, account_id=old.account_id, symbol=old.symbol, at_us=self.now_us()
            )
        if chance < 0.80:
            return cancel(f"order {self.born + self.dice.randrange(1, 4)}", symbol=SYMBOLS[0])
        if chance < 0.85:
            return old
        price = max(1, old.price + self.dice.choice((0, 0, 1, -1)))
        quantity = max(1, old.quantity + self.dice.choice((0, -1, -2, 3)))
        return self.remember(replacement(self.name(), old, quantity, price))

    def order(self) -> OrderHeld:
        tif = self.dice.choices(list(TimeInForce), (6, 3, 1, 1))[0]
        soon = self.now_us() + self.dice.randrange(-1, 40) * 1_000_000
        name = self.name()
        return held(
            name,
            self.dice.choice((BUY, SELL)),
            self.dice.choice((1, 2, 5, 10, 30)),
            100 + round(self.dice.gauss(0, 3)),
            account=id_of(f"account {self.dice.randrange(5)}"),
            symbol=SYMBOLS[0] if self.dice.random() < 0.7 else SYMBOLS[1],
            tif=tif,
            until=None if tif is TimeInForce.GTC else soon,
        )

    def remember(self, fact: OrderHeld | ReplaceHeld) -> OrderHeld | ReplaceHeld:
        self.orders.append(fact)
        return fact

    def name(self) -> str:
        self.born += 1
        return f"order {self.born}"


def break_once(rig: Rig, facts: Sequence[object], step: str) -> None:
    """Let the batch fail at this step as if the process had died there: nothing of it may remain."""

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(Store, step, die)
        with pytest.raises(KeyboardInterrupt):
            rig.hear(*facts)


def as_delivered(facts: Sequence[object]) -> list[Any]:
    """The facts in the order in which their messages bring them: stream by stream and shard by shard."""
    return [fact for message in outbox.pack(facts, 1) for fact in decode_facts(message.body)]


def test_whatever_is_heard_and_whatever_breaks_traders_hear_what_a_naive_book_says(build: Callable[..., Rig]) -> None:
    print(f"BOOK_SEED={SEED} repeats this run")
    dice = random.Random(SEED)
    replicas = [build(), build()]
    crowd = Crowd(dice, replicas[0].clock.now_us)
    naive = NaiveService()
    for _ in range(BATCHES):
        facts = crowd.batch()
        rig = dice.choice(replicas)
        if dice.random() < 0.1:
            break_once(rig, facts, dice.choice(("save", "announce", "seen", "_insert_orders", "_update_books")))
        rig.hear(*facts)
        for fact in as_delivered(facts):
            naive.hear(fact, rig.clock.now_us())
        if dice.random() < 0.2:
            for each in replicas:
                each.clock.advance(dice.choice((10, 10, 10, -10)))
            if dice.random() < 0.5:
                naive.expire(rig.clock.now_us())
                rig.tick()

    assert_told_the_same(replicas[0], naive)


def assert_told_the_same(rig: Rig, naive: NaiveService) -> None:
    kinds = (OrderFilled, OrderRested, OrderCanceled, OrderExpired, OrderRefused, CancelRefused, OrderReplaced)
    facts = rig.told(*kinds, ReplaceRefused)
    assert rig.dead_letters() == 0
    for symbol in SYMBOLS:
        heard = [as_told(fact) for fact in facts if fact.symbol == symbol]
        assert sorted(heard, key=repr) == sorted(naive.told(symbol), key=repr)
        standing = [(order.order_id, order.remaining) for order in rig.open_orders(symbol)]
        expected = sorted(naive.books[symbol].entries, key=lambda entry: entry.arrival)
        assert standing == [(entry.order, entry.remaining) for entry in expected]
        assert rig.rebuilt(symbol).state() == rig.replayed(symbol).state()
        trades = [fact for fact in rig.told(TradeExecuted) if fact.symbol == symbol]
        assert [trade.number for trade in trades] == list(range(1, naive.books[symbol].trades + 1))
