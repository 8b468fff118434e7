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
from standalone.audit.spool import Spool
from standalone.audit.witness import Entering, Witness

MATCHING = "order_matching"
_BATCHES_AT_A_TIME = 20
"""Each may be hundreds of commands."""
OPEN = (OrderStatus.NEW, OrderStatus.PARTIALLY_FILLED)


@dataclass(slots=True)
class Replayed:
    """All books as their journals make them; what became of every order and trade on the way is in `spool`."""

    spool: Spool
    books: dict[str, Book] = field(default_factory=dict)
    witnesses: dict[str, Witness] = field(default_factory=dict)
    standing: dict[str, OrderStatus] = field(default_factory=dict)
    """Of the orders that are open."""
    trades: int = 0
    gaps: list[str] = field(default_factory=list)

    def note(self, report: Sequence[Any]) -> None:
        """Follow what one report does to its orders."""
        match report[0]:
            case reports.TRADED:
                for order_id, left in ((report[6], report[8]), (report[9], report[11])):
                    self._become(order_id, OrderStatus.PARTIALLY_FILLED if left else OrderStatus.FILLED, left)
                self.trades += 1
            case reports.RESTED:
                self._become(report[2], self.standing.get(report[2], OrderStatus.NEW), report[4])
            case reports.CANCELED:
                self._become(report[2], OrderStatus.CANCELED, report[6])
            case reports.EXPIRED:
                self._become(report[2], OrderStatus.EXPIRED, report[4])
            case reports.REFUSED | reports.REPLACE_REFUSED:
                self._become(report[2], OrderStatus.REJECTED, 0)
            case reports.REPLACED:
                carried = self.standing.get(report[3]) is OrderStatus.PARTIALLY_FILLED
                self._become(report[3], OrderStatus.REPLACED, 0)
                self._become(report[2], OrderStatus.PARTIALLY_FILLED if carried else OrderStatus.NEW, report[5])

    def _become(self, order_id: str, status: OrderStatus, remaining: int) -> None:
        self.spool.became(order_id, status, remaining)
        if status in OPEN:
            self.standing[order_id] = status
        else:
            self.standing.pop(order_id, None)


def replay_journals(snapshot: Snapshot, spool: Spool) -> Replayed:
    """Play every journal from its first command, watched by a witness."""
    replayed = Replayed(spool)
    rows = snapshot.stream(
        MATCHING,
        "select symbol, first_sequence, last_sequence, self_trade, commands from journal "
        'order by symbol collate "C", first_sequence',
        at_a_time=_BATCHES_AT_A_TIME,
    )
    for symbol, batches in groupby(rows, key=lambda row: str(row[0])):
        book, witness = Book(), Witness(symbol, spool.traded)
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
