"""Drive the order book with a workload of published answer: print the hash of its reports and its speed."""

from __future__ import annotations

import gc
import hashlib
import lzma
import struct
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from contracts.orders import Side, TimeInForce
from order_matching.domain import reports
from order_matching.domain.book import Book
from order_matching.domain.orders import Order
from order_matching.domain.reports import Report

HEADER = struct.Struct("<QII")
RECORD = struct.Struct("<BBBBIQQqq")
MAGIC = int.from_bytes(b"MEBW_001", "big")
VERSION = 1
XZ_MAGIC = b"\xfd7zXZ\x00"
SIDES = (Side.BUY, Side.SELL)
TIMES_IN_FORCE = (TimeInForce.GTC, TimeInForce.IOC)
NEW, CANCEL, MODIFY = 0, 1, 2
ACCEPTED_LINE, TRADE_LINE, CANCELED_LINE, MODIFIED_LINE, CANCEL_REFUSED_LINE, MODIFY_REFUSED_LINE = range(6)


BATCH_MESSAGES = 1_000


class UnreadableWorkload(Exception):
    """The file is not a whole workload; the text is one sentence that says why."""


class Message(NamedTuple):
    """One record of a workload file; the price is in the file's own ticks."""

    kind: int
    side: int
    is_ioc: int
    padding: int
    quantity: int
    sequence: int
    order_id: int
    price: int
    reserved: int


Line = tuple[int, ...]
"""A line of the canonical report text before it is written: its kind, the message's sequence number, the rest."""


def read_workload(path: Path) -> bytes:
    """Read the records of a workload, .xz or plain; UnreadableWorkload if anything is missing or odd."""
    try:
        content = path.read_bytes()
        if content.startswith(XZ_MAGIC):
            content = lzma.decompress(content)
    except (OSError, lzma.LZMAError) as error:
        raise UnreadableWorkload(f"{path} cannot be read: {error}.") from error
    if len(content) < HEADER.size:
        raise UnreadableWorkload(f"{path} is too short to be a workload.")
    magic, version, count = HEADER.unpack_from(content)
    if magic != MAGIC or version != VERSION:
        raise UnreadableWorkload(f"{path} is not a workload of version {VERSION}.")
    found = (len(content) - HEADER.size) / RECORD.size
    if found != count:
        raise UnreadableWorkload(f"{path} promises {count} messages and holds {found:g}.")
    records = content[HEADER.size :]
    check(path, records)
    return records


def check(path: Path, records: bytes) -> None:
    """Raise UnreadableWorkload for a message that means nothing or stands out of turn."""
    last = -1
    for kind, side, is_ioc, _, quantity, sequence, _, price, _ in RECORD.iter_unpack(records):
        known = kind <= MODIFY and side < len(SIDES) and is_ioc < len(TIMES_IN_FORCE)
        if not known or (kind != CANCEL and (quantity <= 0 or price <= 0)):
            raise UnreadableWorkload(f"{path} has a message that makes no sense, sequence {sequence}.")
        if sequence <= last:
            raise UnreadableWorkload(f"{path} is out of sequence at {sequence}.")
        last = sequence


def drive(book: Book, messages: Iterable[Message]) -> list[Report]:
    """Give the book every message, each order an account of its own, and collect what it reports."""
    for kind, side, is_ioc, _, quantity, _, order_id, price, _ in messages:
        if kind == CANCEL:
            book.cancel(order_id, order_id)
            continue
        order = Order(order_id, order_id, SIDES[side], price, quantity, quantity, TIMES_IN_FORCE[is_ioc])
        if kind == NEW:
            book.submit(order)
        else:
            book.reinsert(order)
    return book.take_reports()


def run(records: bytes) -> tuple[str, float]:
    """Drive a new book in batches, as the service does: SHA-256 of its reports, CPU seconds of the book."""
    book, digest, seconds, separator = Book(), hashlib.sha256(), 0.0, ""
    batch_size = BATCH_MESSAGES * RECORD.size
    for start in range(0, len(records), batch_size):
        batch = [Message._make(record) for record in RECORD.iter_unpack(records[start : start + batch_size])]
        first_command = book.sequence + 1
        began = time.process_time()
        collected = drive(book, batch)
        seconds += time.process_time() - began
        digest.update((separator + canonical_text(batch, collected, first_command)).encode())
        separator = "\n"
    return digest.hexdigest(), seconds


def canonical_text(batch: list[Message], collected: Iterable[Report], first_command: int) -> str:
    """The reports on a batch as the benchmark writes them."""
    lines: list[Line] = [
        (ACCEPTED_LINE, message.sequence, message.side, message.order_id, message.price, message.quantity)
        for message in batch
        if message.kind == NEW
    ]
    lines += [
        LINES[kind](batch[command - first_command], *about) for kind, command, *about in collected if kind in LINES
    ]
    lines.sort(key=lambda line: (line[1], line[0]))
    return "\n".join([",".join(map(str, line)) for line in lines])


def trade_line(taker: Message, _number: int, price: int, quantity: int, *sides: Any) -> Line:
    _, _, _, _, maker_id, _, _ = sides
    return TRADE_LINE, taker.sequence, price, quantity, maker_id, taker.order_id


def canceled_line(by: Message, order_id: int, _account: int, side: Side, price: int, *_: Any) -> Line:
    return CANCELED_LINE, by.sequence, SIDES.index(side), order_id, price


def modified_line(by: Message, order_id: int, *_: Any) -> Line:
    return MODIFIED_LINE, by.sequence, by.side, order_id, by.price, by.quantity


def cancel_refused_line(by: Message, order_id: int, *_: Any) -> Line:
    return CANCEL_REFUSED_LINE, by.sequence, order_id


def modify_refused_line(by: Message, order_id: int, *_: Any) -> Line:
    return MODIFY_REFUSED_LINE, by.sequence, order_id


LINES: dict[str, Callable[..., Line]] = {
    reports.TRADED: trade_line,
    reports.CANCELED: canceled_line,
    reports.REPLACED: modified_line,
    reports.CANCEL_REFUSED: cancel_refused_line,
    reports.REPLACE_REFUSED: modify_refused_line,
}
"""How each report is written; a resting order has no line of its own."""


def main(arguments: list[str]) -> int:
    """Run one workload; 0 when it ran through, 2 when it could not be read."""
    if len(arguments) != 1:
        print("Say which workload: make conformance WORKLOAD=FILE", file=sys.stderr)
        return 2
    # Neither the book nor its reports make reference cycles: the collector would look and find nothing.
    gc.disable()
    try:
        records = read_workload(Path(arguments[0]))
        sha256, seconds = run(records)
    except UnreadableWorkload as error:
        print(error, file=sys.stderr)
        return 2
    except ValueError as error:
        print(f"{arguments[0]} cannot be played: {error}.", file=sys.stderr)
        return 2
    messages = len(records) // RECORD.size
    print(f"sha256={sha256} messages_per_s={round(messages / seconds) if seconds else 0}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
