"""Every book played again from its journal, and what became of every order on the way."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from contracts.orders import OrderStatus, Side
from order_matching.domain import reports
from order_matching.domain.book import Book, SelfTrade
from order_matching.domain.commands import ReplaceOrder, SubmitOrder, from_entry
from standalone.audit.snapshot import Snapshot
from standalone.audit.witness import Entering, Witness

MATCHING = "order_matching"


@dataclass(slots=True)
class Replayed:
    """All books as their journals make them. `status` and `remaining` are what each order came to."""

    books: dict[str, Book] = field(default_factory=dict)
    witnesses: dict[str, Witness] = field(default_factory=dict)
    status: dict[str, OrderStatus] = field(default_factory=dict)
    remaining: dict[str, int] = field(default_factory=dict)
    fills: int = 0
    revived: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)

    def note(self, report: Sequence[Any]) -> None:
        """Follow what one report does to its orders."""
        match report[0]:
            case reports.TRADED:
                for order_id, left in ((report[6], report[8]), (report[9], report[11])):
                    self._become(order_id, OrderStatus.PARTIALLY_FILLED if left else OrderStatus.FILLED, left)
                self.fills += 2
            case reports.RESTED:
                self._become(report[2], self.status.get(report[2], OrderStatus.NEW), report[4])
            case reports.CANCELED:
                self._become(report[2], OrderStatus.CANCELED, report[6])
            case reports.EXPIRED:
                self._become(report[2], OrderStatus.EXPIRED, report[4])
            case reports.REFUSED | reports.REPLACE_REFUSED:
                self._become(report[2], OrderStatus.REJECTED, 0)
            case reports.REPLACED:
                carried = self.status.get(report[3]) is OrderStatus.PARTIALLY_FILLED
                self._become(report[3], OrderStatus.REPLACED, 0)
                self._become(report[2], OrderStatus.PARTIALLY_FILLED if carried else OrderStatus.NEW, report[5])

    def _become(self, order_id: str, status: OrderStatus, remaining: int) -> None:
        before = self.status.get(order_id)
        if before in (OrderStatus.FILLED, OrderStatus.CANCELED, OrderStatus.EXPIRED, OrderStatus.REPLACED):
            self.revived.append(f"order {order_id} was {before} and became {status}")
        self.status[order_id] = status
        self.remaining[order_id] = remaining


def replay_journals(snapshot: Snapshot) -> Replayed:
    """Play every journal from its first command, watched by a witness."""
    replayed = Replayed()
    rows = snapshot.stream(
        MATCHING,
        "select symbol, first_sequence, last_sequence, self_trade, commands from journal "
        "order by symbol, first_sequence",
    )
    for symbol, batches in groupby(rows, key=lambda row: str(row[0])):
        book, witness = Book(), Witness(symbol)
        replayed.books[symbol], replayed.witnesses[symbol] = book, witness
        for _, first, last, self_trade, commands in batches:
            if first != book.sequence + 1:
                replayed.gaps.append(f"{symbol}: the journal goes from {book.sequence} to {first}")
                book.sequence = first - 1
            book.self_trade = SelfTrade(self_trade)
            _play(replayed, book, witness, json.loads(commands))
            if book.sequence != last:
                replayed.gaps.append(f"{symbol}: the batch from {first} should end at {last}, not {book.sequence}")
    return replayed


def _play(replayed: Replayed, book: Book, witness: Witness, entries: Sequence[Sequence[Any]]) -> None:
    for entry in entries:
        command = from_entry(entry)
        command.give_to(book)
        told = book.take_reports()
        entering = None
        if isinstance(command, SubmitOrder | ReplaceOrder):
            entering = Entering(Side(command.side), command.price)
        witness.follow(entering, told)
        for report in told:
            replayed.note(report)
