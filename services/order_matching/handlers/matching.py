"""Gives the books their commands: open, decide, save, announce."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from contracts.facts import CancelRequested, OrderHeld, ReplaceHeld
from order_matching.domain.book import Book
from order_matching.domain.commands import Command, ExpireOrders, replay
from order_matching.domain.intake import Heard, Intake, Switched
from order_matching.handlers.telling import Telling
from order_matching.ports import BookRow, Deps, Turn, Unit


def match(deps: Deps, unit: Unit, facts: Sequence[Heard]) -> None:
    """Take a batch of facts to their books, in the order in which they came.

    The clock is read once, when the books are ours: orders are judged by that moment, and trades carry it.
    """
    if not facts:
        return
    rows = unit.lock_books({fact.symbol for fact in facts})
    now_us = deps.clock.now_us()
    intake = _open_intake(unit, facts, rows, now_us)
    commands: dict[str, list[Command]] = {row.symbol: [] for row in rows}
    for fact in facts:
        command = intake.command_for(fact)
        if command is not None:
            commands[fact.symbol].append(command)
    unit.remember_cancels(intake.remembered.values())
    unit.forget_cancels(intake.overtaken)
    _run(deps, unit, [_switched(row, intake.switched[row.symbol]) for row in rows], commands, now_us)


def expire(deps: Deps, unit: Unit, symbol: str) -> None:
    """End what is over in a symbol's book."""
    rows = unit.lock_books([symbol])
    now_us = deps.clock.now_us()
    _run(deps, unit, rows, {symbol: [ExpireOrders(now_us)]}, now_us)


def _run(
    deps: Deps, unit: Unit, rows: Iterable[BookRow], commands: Mapping[str, Sequence[Command]], now_us: int
) -> None:
    rows = [row for row in rows if commands[row.symbol]]
    if not rows:
        return
    books = _open_books(deps, unit, rows)
    turns: list[Turn] = []
    facts: list[object] = []
    for row in rows:
        book, given = books[row.symbol], commands[row.symbol]
        replay(book, given)
        telling = Telling(row, book, given, now_us)
        turns.append(telling.turn)
        facts.extend(telling.facts)
    unit.save(turns)
    unit.announce(facts)
    for symbol, book in books.items():
        _put_back_when_committed(deps, unit, symbol, book)


def _open_intake(unit: Unit, facts: Sequence[Heard], rows: Iterable[BookRow], now_us: int) -> Intake:
    """What is known of the orders that come or are to go. Reads after the lock: nobody else adds to it now."""
    order_ids = {fact.order_id for fact in facts if isinstance(fact, OrderHeld | ReplaceHeld | CancelRequested)}
    switched = {row.symbol: Switched(row.halted, row.switched_sequence, row.switched_at_us) for row in rows}
    if not order_ids:
        return Intake((), (), switched, now_us)
    return Intake(unit.seen(order_ids), unit.early_cancels(order_ids), switched, now_us)


def _switched(row: BookRow, newest: Switched) -> BookRow:
    return replace(row, switched_sequence=newest.sequence, switched_at_us=newest.at_us)


def _open_books(deps: Deps, unit: Unit, rows: Sequence[BookRow]) -> dict[str, Book]:
    """The picture of each book, or the book rebuilt where there is no picture of just this state."""
    pictures = {row.symbol: deps.pictures.take(row.symbol, row.sequence) for row in rows}
    missing = [row for row in rows if pictures[row.symbol] is None]
    resting = unit.resting([row.symbol for row in missing]) if missing else {}
    rebuilt = {
        row.symbol: Book(
            deps.self_trade,
            resting=resting.get(row.symbol, ()),
            sequence=row.sequence,
            trades=row.trades,
            halted=row.halted,
        )
        for row in missing
    }
    return rebuilt | {symbol: book for symbol, book in pictures.items() if book is not None}


def _put_back_when_committed(deps: Deps, unit: Unit, symbol: str, book: Book) -> None:
    unit.after_commit(lambda: deps.pictures.put_back(symbol, book))
