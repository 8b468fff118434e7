"""The commands a book takes, as values the journal can keep and play again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from contracts.orders import Side, TimeInForce
from order_matching.domain.book import Book
from order_matching.domain.orders import AccountId, Order, OrderId


class SubmitOrder(NamedTuple):
    """Enter a new order; `canceled` says that its cancel came before it.

    `at_us` is the moment at which it came to its book, for what is over by then trades no more. Entries written before
    there was such a rule have none, and play as they did.
    """

    order_id: OrderId
    account_id: AccountId
    side: Side
    price: int
    quantity: int
    time_in_force: TimeInForce
    expires_at_us: int | None
    canceled: bool = False
    at_us: int = 0

    def give_to(self, book: Book) -> None:
        order = Order(
            self.order_id, self.account_id, Side(self.side), self.price, self.quantity, self.quantity,
            TimeInForce(self.time_in_force), self.expires_at_us,
        )  # fmt: skip
        if self.canceled:
            book.submit_canceled(order)
        else:
            book.submit(order, self.at_us)


class ReplaceOrder(NamedTuple):
    """Let `order_id` stand in for `replaces`; `quantity` is the total, what has filled included. `at_us` as above."""

    order_id: OrderId
    replaces: OrderId
    account_id: AccountId
    side: Side
    price: int
    quantity: int
    time_in_force: TimeInForce
    expires_at_us: int | None
    canceled: bool = False
    at_us: int = 0

    def give_to(self, book: Book) -> None:
        order = Order(
            self.order_id, self.account_id, Side(self.side), self.price, self.quantity, self.quantity,
            TimeInForce(self.time_in_force), self.expires_at_us,
        )  # fmt: skip
        if self.canceled:
            book.replace_canceled(self.replaces, order, self.at_us)
        else:
            book.replace(self.replaces, order, self.at_us)


class CancelOrder(NamedTuple):
    order_id: OrderId
    account_id: AccountId

    def give_to(self, book: Book) -> None:
        book.cancel(self.order_id, self.account_id)


class ExpireOrders(NamedTuple):
    now_us: int

    def give_to(self, book: Book) -> None:
        book.expire(self.now_us)


class HaltTrading(NamedTuple):
    def give_to(self, book: Book) -> None:
        book.halt()


class ResumeTrading(NamedTuple):
    def give_to(self, book: Book) -> None:
        book.resume()


Command = SubmitOrder | ReplaceOrder | CancelOrder | ExpireOrders | HaltTrading | ResumeTrading

_BY_NAME: dict[str, type[Command]] = {
    "submit": SubmitOrder,
    "replace": ReplaceOrder,
    "cancel": CancelOrder,
    "expire": ExpireOrders,
    "halt": HaltTrading,
    "resume": ResumeTrading,
}
_NAMES = {kind: name for name, kind in _BY_NAME.items()}


def to_entry(command: Command) -> tuple[Any, ...]:
    """Write a command as a journal entry: its name and its fields, all of them plain JSON values."""
    return (_NAMES[type(command)], *command)


def from_entry(entry: Sequence[Any]) -> Command:
    """Read a journal entry back; KeyError for a name that no command has."""
    return _BY_NAME[entry[0]](*entry[1:])


def replay(book: Book, commands: Iterable[Command]) -> None:
    """Give the book all commands, in this order."""
    for command in commands:
        command.give_to(book)
