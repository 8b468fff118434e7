"""What order_matching's handlers ask for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from chassis.clock import Clock
from contracts.facts import CancelRequested, TradeExecuted
from order_matching.domain.book import Book, SelfTrade
from order_matching.domain.commands import Command, ReplaceOrder, SubmitOrder
from order_matching.domain.orders import Order, OrderId


@dataclass(frozen=True, slots=True)
class BookRow:
    """What is written about a book as a whole: the table's `books` row."""

    symbol: str
    sequence: int
    trades: int
    halted: bool
    told_sequence: int
    switched_sequence: int
    """The number of the newest halt or resume; 0 before the first that has one."""
    switched_at_us: int
    """When the newest halt or resume was told; 0 before the first."""


@dataclass(frozen=True, slots=True)
class OrderChange:
    """How an order stands after a batch. `remaining` None says: as it was; `priority` counts while it is open."""

    order_id: OrderId
    remaining: int | None
    is_open: bool
    priority: int


@dataclass(frozen=True, slots=True)
class Turn:
    """All that one batch made true for one symbol."""

    before: BookRow
    after: BookRow
    self_trade: SelfTrade
    commands: Sequence[Command]
    entered: Sequence[tuple[SubmitOrder | ReplaceOrder, OrderChange]]
    changed: Sequence[OrderChange]
    trades: Sequence[TradeExecuted]
    at_us: int


class Unit(Protocol):
    """One transaction's worth of changes: true all at once or not at all."""

    def lock_books(self, symbols: Collection[str]) -> list[BookRow]:
        """The books of these symbols, made if there are none, nobody else's until the transaction ends."""

    def resting(self, symbols: Collection[str]) -> dict[str, list[Order]]:
        """The open orders of each symbol, lowest priority number first."""

    def seen(self, order_ids: Collection[OrderId]) -> set[OrderId]:
        """Those of these orders that a book has seen, open or over."""

    def early_cancels(self, order_ids: Collection[OrderId]) -> set[OrderId]:
        """Those of these orders whose cancel came before them."""

    def remember_cancels(self, cancels: Collection[CancelRequested]) -> None: ...

    def forget_cancels(self, order_ids: Collection[OrderId]) -> None: ...

    def due(self, now_us: int) -> list[str]:
        """Symbols with an open order whose time is over."""

    def save(self, turns: Sequence[Turn]) -> None: ...

    def announce(self, facts: Sequence[object]) -> None:
        """Tell these facts when the transaction commits."""

    def after_commit(self, action: Callable[[], None]) -> None:
        """Do this when the transaction has committed."""


class Pictures:
    """The books in memory. One is taken out to be changed and put back when the change is committed.

    So a transaction that fails takes its picture with it, and only what has been true is ever kept.
    """

    def __init__(self) -> None:
        self._books: dict[str, Book] = {}

    def take(self, symbol: str, sequence: int) -> Book | None:
        """Take out the picture of a book, if there is one and it is at this sequence."""
        book = self._books.pop(symbol, None)
        return book if book is not None and book.sequence == sequence else None

    def put_back(self, symbol: str, book: Book) -> None:
        self._books[symbol] = book


@dataclass(frozen=True, slots=True)
class Deps:
    """What handlers are given."""

    clock: Clock
    pictures: Pictures
    self_trade: SelfTrade
    transaction: Callable[[], AbstractContextManager[Unit]]
