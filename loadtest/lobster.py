"""Reads LOBSTER's order flow: a file of messages and the file of the book after each of them (lobsterdata.com)."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from contracts.orders import Side

NEW, REDUCED, DELETED, EXECUTED = 1, 2, 3, 4
"""The kinds of message that change the visible book; 5 (hidden execution), 6 (cross) and 7 (halt) do not."""

_KINDS = range(1, 8)
_FURTHEST = 9_999_999_999
_SIDES = {"1": Side.BUY, "-1": Side.SELL}


class BadFile(Exception):
    """A file is not what it should be; the text is one sentence that says where."""


@dataclass(frozen=True, slots=True)
class Message:
    """One event. `side` is that of the resting order; price in 1/10000 dollar, size in shares."""

    kind: int
    order_id: int
    size: int
    price: int
    side: Side


@dataclass(frozen=True, slots=True)
class Visible:
    """The levels in sight, best first, each a (price, size); `depth` is how many could be."""

    depth: int
    bids: tuple[tuple[int, int], ...]
    asks: tuple[tuple[int, int], ...]

    def of(self, side: Side) -> tuple[tuple[int, int], ...]:
        return self.bids if side is Side.BUY else self.asks


def symbol_of(path: Path) -> str | None:
    """The ticker a file of LOBSTER's is named after: AMZN_2012-06-21_..._message_5.csv."""
    first, underscore, _ = path.name.partition("_")
    return first if underscore and first.isascii() and first.isalnum() and first.isupper() else None


def read_messages(path: Path) -> list[Message]:
    """All messages, because what is to come says who stands where nobody has looked yet. Raises BadFile."""
    messages = [_message(path, number, fields) for number, fields in _lines(path)]
    if not messages:
        raise BadFile(f"{path} is empty.")
    return messages


def read_books(path: Path) -> Iterator[Visible]:
    """The book after each message. Raises BadFile."""
    depth = 0
    for number, fields in _lines(path):
        depth = depth or len(fields) // 4
        if not fields or len(fields) != 4 * depth:
            raise BadFile(f"{path}, row {number}: {len(fields)} columns; an order book has four for each level.")
        yield _visible(path, number, fields)


def rows(messages: list[Message], books: Path, most: int | None) -> Iterator[tuple[Message, Visible]]:
    """Each message with the book after it, at most so many. Raises BadFile if the two files do not pair."""
    wanted = messages if most is None else messages[:most]
    for number, (message, book) in enumerate(zip_longest(wanted, read_books(books)), 1):
        if most is not None and number > most:
            return
        if message is None or book is None:
            longer = "order book" if message is None else "messages"
            raise BadFile(f"{books}: from row {number} on only the {longer} file goes on; the two are not a pair.")
        yield message, book


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as file:
            for number, fields in enumerate(csv.reader(file), 1):
                if fields:
                    yield number, fields
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error) as unreadable:
        raise BadFile(f"{path} cannot be read: {unreadable}.") from unreadable


def _message(path: Path, number: int, fields: list[str]) -> Message:
    try:
        _, kind, order_id, size, price, direction = fields[:6]
        message = Message(int(kind), int(order_id), int(size), int(price), _SIDES.get(direction, Side.BUY))
    except ValueError as wrong:
        raise BadFile(f"{path}, row {number}: not a message (time, type, id, size, price, direction).") from wrong
    if message.kind not in _KINDS:
        raise BadFile(f"{path}, row {number}: type {message.kind}; LOBSTER's types are 1 to 7.")
    if message.kind <= EXECUTED and (message.size <= 0 or message.price <= 0 or direction not in _SIDES):
        raise BadFile(f"{path}, row {number}: size and price must be above 0 and the direction 1 or -1.")
    return message


def _visible(path: Path, number: int, fields: list[str]) -> Visible:
    try:
        numbers = [int(field) for field in fields]
    except ValueError as wrong:
        raise BadFile(f"{path}, row {number}: prices and sizes must be whole numbers.") from wrong
    asks = [pair for pair in zip(numbers[0::4], numbers[1::4], strict=True) if pair[0] != _FURTHEST]
    bids = [pair for pair in zip(numbers[2::4], numbers[3::4], strict=True) if pair[0] != -_FURTHEST]
    if any(price <= 0 or size <= 0 for price, size in (*asks, *bids)):
        raise BadFile(f"{path}, row {number}: a level needs a price and a size above 0.")
    if asks != sorted(asks) or bids != sorted(bids, reverse=True):
        raise BadFile(f"{path}, row {number}: the levels are not in the order of their prices.")
    return Visible(len(numbers) // 4, tuple(bids), tuple(asks))
