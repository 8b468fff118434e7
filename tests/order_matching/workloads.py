"""Writes workload files for the conformance tool, message by message."""

from __future__ import annotations

import hashlib
import lzma
from pathlib import Path
from typing import NamedTuple

from loadtest import conformance

BUY, SELL = 0, 1


class Sent(NamedTuple):
    """A message to be written; its sequence number is its place."""

    kind: int
    side: int
    order_id: int
    price: int
    quantity: int
    is_ioc: int = 0


def new(order_id: int, side: int, price: int, quantity: int, *, ioc: bool = False) -> Sent:
    return Sent(conformance.NEW, side, order_id, price, quantity, int(ioc))


def cancel(order_id: int, side: int = BUY) -> Sent:
    return Sent(conformance.CANCEL, side, order_id, 0, 0)


def modify(order_id: int, side: int, price: int, quantity: int) -> Sent:
    return Sent(conformance.MODIFY, side, order_id, price, quantity)


def records(*messages: Sent) -> bytes:
    return b"".join(
        conformance.RECORD.pack(m.kind, m.side, m.is_ioc, 0, m.quantity, place, m.order_id, m.price, 0)
        for place, m in enumerate(messages)
    )


def header(count: int, magic: int = conformance.MAGIC, version: int = conformance.VERSION) -> bytes:
    return conformance.HEADER.pack(magic, version, count)


def write(path: Path, content: bytes, *, packed: bool = False) -> Path:
    path.write_bytes(lzma.compress(content) if packed else content)
    return path


def sha256(*lines: str) -> str:
    """The hash of a report text, written out by hand."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
