"""A running order_matching for the tests: its way in for facts, what it has told, and what it has written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString
from uuid import UUID, uuid5

import order_matching.main
from chassis import outbox
from chassis.bus import Message
from chassis.cache import LocalCache
from chassis.clock import FixedClock
from chassis.codec import decode_facts
from chassis.consumer import Consumer
from chassis.database import Database
from chassis.metrics import Metrics
from chassis.questions import LocalQuestions
from chassis.service import Parts, Service, migrate_service
from contracts.facts import (
    CancelRequested,
    InstrumentHalted,
    InstrumentListed,
    InstrumentResumed,
    OrderHeld,
    ReplaceHeld,
)
from contracts.orders import OrderType, Side, TimeInForce
from order_matching.domain.book import Book, SelfTrade
from order_matching.domain.commands import from_entry, replay
from order_matching.domain.orders import Order
from order_matching.settings import Settings
from order_matching.store import Store

NAMES = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
NOW_US = FixedClock().now_us()
ANN, BOB, CAROL = (str(uuid5(NAMES, name)) for name in ("ann", "bob", "carol"))


def id_of(name: str) -> str:
    """The UUID of an order the test calls by a name."""
    return str(uuid5(NAMES, name))


def held(name: str, side: Side, qty: int = 10, at: int = 100, **about: Any) -> OrderHeld:
    """An order that is paid for and on its way to the book."""
    return OrderHeld(
        order_id=id_of(name),
        account_id=about.get("account", ANN if side is Side.BUY else BOB),
        symbol=about.get("symbol", "AAPL"),
        side=side,
        type=about.get("type", OrderType.LIMIT),
        time_in_force=about.get("tif", TimeInForce.DAY),
        quantity=qty,
        price=at,
        expires_at_us=about.get("until"),
        at_us=NOW_US,
    )


def buy(name: str, qty: int = 10, at: int = 100, **about: Any) -> OrderHeld:
    return held(name, Side.BUY, qty, at, **about)


def sell(name: str, qty: int = 10, at: int = 100, **about: Any) -> OrderHeld:
    return held(name, Side.SELL, qty, at, **about)


def replacement(name: str, of: OrderHeld | ReplaceHeld, qty: int, at: int, **about: Any) -> ReplaceHeld:
    return ReplaceHeld(
        order_id=id_of(name),
        replaces=of.order_id,
        account_id=of.account_id,
        symbol=of.symbol,
        side=of.side,
        time_in_force=of.time_in_force,
        quantity=qty,
        price=at,
        expires_at_us=about.get("until", of.expires_at_us),
        at_us=NOW_US,
    )


def cancel(name: str, account: str = ANN, symbol: str = "AAPL") -> CancelRequested:
    return CancelRequested(order_id=id_of(name), account_id=account, symbol=symbol, at_us=NOW_US)


def listed(symbol: str = "AAPL") -> InstrumentListed:
    return InstrumentListed(
        symbol=symbol, asset_id=id_of(symbol), name=symbol, tick=1, lot=1, reference_price=100, at_us=NOW_US
    )


def halted(symbol: str = "AAPL") -> InstrumentHalted:
    return InstrumentHalted(symbol=symbol, at_us=NOW_US)


def resumed(symbol: str = "AAPL") -> InstrumentResumed:
    return InstrumentResumed(symbol=symbol, at_us=NOW_US)


@dataclass(frozen=True)
class Rig:
    """One replica of order_matching on a database that others may share."""

    service: Service
    consumer: Consumer
    database: Database
    clock: FixedClock

    def hear(self, *facts: object) -> list[Message]:
        """Let the facts arrive as the bus brings them; returns the messages, so that they can be repeated."""
        messages = outbox.pack(facts, self.clock.now_us())
        self.consumer.receive(messages)
        return messages

    def told(self, *kinds: type) -> list[Any]:
        """Every fact told so far, of these kinds if any are named."""
        with self.database.reading() as reading:
            waiting = outbox.waiting(reading.connection, 1_000_000)
        facts = [fact for _, message in waiting for fact in decode_facts(message.body)]
        return [fact for fact in facts if not kinds or type(fact) in kinds]

    def rows(self, query: LiteralString) -> list[tuple[Any, ...]]:
        with self.database.reading() as reading:
            return reading.rows(query)

    def open_orders(self, symbol: str = "AAPL") -> list[Order]:
        """The book as the tables say it."""
        with self.database.reading() as reading:
            return Store(reading).resting([symbol]).get(symbol, [])

    def dead_letters(self) -> int:
        return int(self.rows("select count(*) from dead_letters")[0][0])

    def tick(self) -> None:
        """Let every ticker tick once."""
        for ticker in self.service.tickers:
            ticker.tick()

    def rebuilt(self, symbol: str = "AAPL") -> Book:
        """The book made of the open orders."""
        ((sequence, trades, is_halted),) = self.rows_of("select sequence, trades, halted from books", symbol)
        return Book(resting=self.open_orders(symbol), sequence=sequence, trades=trades, halted=is_halted)

    def replayed(self, symbol: str = "AAPL") -> Book:
        """The book made of the journal, by the domain alone; asserts that the journal has no gap."""
        book = Book()
        entries = self.rows_of("select first_sequence, last_sequence, self_trade, commands from journal", symbol)
        for first, last, self_trade, commands in sorted(entries):
            assert first == book.sequence + 1, "the journal has a gap"
            book.self_trade = SelfTrade(self_trade)
            replay(book, map(from_entry, json.loads(commands)))
            assert book.sequence == last, "a row of the journal holds other commands than it says"
        return book

    def rows_of(self, query: str, symbol: str) -> Sequence[tuple[Any, ...]]:
        with self.database.reading() as reading:
            return reading.connection.execute(f"{query} where symbol = %s".encode(), (symbol,)).fetchall()


def build_rig(database_url: str, **settings: Any) -> Rig:
    migrate_service(database_url, Path(order_matching.main.__file__).parent)
    clock, metrics = FixedClock(), Metrics()
    database = Database(database_url, clock, connections=4)
    database.open()
    parts = Parts(database, LocalCache(), LocalQuestions(), clock, metrics)
    service = order_matching.main.build(parts, Settings(**settings))
    assert service.hearing is not None
    consumer = Consumer(service.hearing.group, database, service.hearing.handle, metrics)
    return Rig(service, consumer, database, clock)
