"""Says what a book has reported: as facts to announce, and as rows to save."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from contracts.facts import (
    BookChanged,
    CancelRefused,
    Fact,
    OrderCanceled,
    OrderExpired,
    OrderFilled,
    OrderRefused,
    OrderReplaced,
    OrderRested,
    Reason,
    ReplaceRefused,
    TradeExecuted,
)
from contracts.ids import uuid7
from contracts.orders import Side
from order_matching.domain import reports
from order_matching.domain.book import Book
from order_matching.domain.commands import Command, ReplaceOrder, SubmitOrder
from order_matching.ports import BookRow, OrderChange, Turn


class Telling:
    """What one batch of commands did to one book: `facts` for everyone, `turn` for the store."""

    def __init__(self, before: BookRow, book: Book, commands: Sequence[Command], at_us: int) -> None:
        self.facts: list[Fact] = []
        self._symbol = before.symbol
        self._at_us = at_us
        self._trades: list[TradeExecuted] = []
        self._remaining: dict[str, int | None] = {}
        for report in book.take_reports():
            self._TELL[report[0]](self, *report[1:])
        after = self._tell_levels(before, book)
        changes = {order_id: self._change(book, order_id) for order_id in self._remaining}
        entered = [
            (command, changes.pop(command.order_id))
            for command in commands
            if isinstance(command, SubmitOrder | ReplaceOrder)
        ]
        self.turn = Turn(before, after, book.self_trade, commands, entered, list(changes.values()), self._trades, at_us)

    def _tell_levels(self, before: BookRow, book: Book) -> BookRow:
        levels = book.take_changes()
        if levels:
            self.facts.append(
                BookChanged(
                    symbol=self._symbol,
                    levels=levels,
                    previous_sequence=before.told_sequence,
                    sequence=book.sequence,
                    at_us=self._at_us,
                )
            )
        told_sequence = book.sequence if levels else before.told_sequence
        return replace(
            before, sequence=book.sequence, trades=book.trades, halted=book.halted, told_sequence=told_sequence
        )

    def _change(self, book: Book, order_id: str) -> OrderChange:
        standing = book.find(order_id)
        if standing is None:
            return OrderChange(order_id, self._remaining[order_id], is_open=False, priority=0)
        return OrderChange(order_id, standing.remaining, is_open=True, priority=standing.priority)

    def _refused(self, sequence: int, order_id: str, account_id: str, reason: Reason) -> None:
        self._remaining[order_id] = None
        self._tell(OrderRefused, sequence, order_id, account_id, reason=reason)

    def _rested(self, sequence: int, order_id: str, account_id: str, remaining: int) -> None:
        self._remaining[order_id] = remaining
        self._tell(OrderRested, sequence, order_id, account_id, remaining=remaining)

    def _traded(
        self, sequence: int, number: int, price: int, quantity: int, taker_side: Side,
        taker_id: str, taker_account: str, taker_remaining: int,
        maker_id: str, maker_account: str, maker_remaining: int,
    ) -> None:  # fmt: skip
        trade = TradeExecuted(
            trade_id=uuid7(self._at_us // 1_000),
            symbol=self._symbol,
            number=number,
            price=price,
            quantity=quantity,
            taker_side=taker_side,
            maker_order_id=maker_id,
            taker_order_id=taker_id,
            sequence=sequence,
            at_us=self._at_us,
        )
        self._trades.append(trade)
        self.facts.append(trade)
        maker_side = Side.SELL if taker_side is Side.BUY else Side.BUY
        self._filled(trade, maker_id, maker_account, maker_remaining, maker_side, is_maker=True)
        self._filled(trade, taker_id, taker_account, taker_remaining, taker_side, is_maker=False)

    def _filled(
        self, trade: TradeExecuted, order_id: str, account_id: str, remaining: int, side: Side, *, is_maker: bool
    ) -> None:
        self._remaining[order_id] = remaining
        self._tell(
            OrderFilled,
            trade.sequence,
            order_id,
            account_id,
            side=side,
            trade_id=trade.trade_id,
            quantity=trade.quantity,
            price=trade.price,
            remaining=remaining,
            is_maker=is_maker,
        )

    def _canceled(
        self, sequence: int, order_id: str, account_id: str, _side: Side, _price: int, remaining: int, reason: Reason
    ) -> None:
        self._remaining[order_id] = remaining
        self._tell(OrderCanceled, sequence, order_id, account_id, remaining=remaining, reason=reason)

    def _expired(self, sequence: int, order_id: str, account_id: str, remaining: int) -> None:
        self._remaining[order_id] = remaining
        self._tell(OrderExpired, sequence, order_id, account_id, remaining=remaining)

    def _cancel_refused(self, sequence: int, order_id: str, account_id: str, reason: Reason) -> None:
        self._tell(CancelRefused, sequence, order_id, account_id, reason=reason)

    def _replaced(
        self, sequence: int, order_id: str, replaces: str, account_id: str,
        remaining: int, price: int, kept_place: bool,
    ) -> None:  # fmt: skip
        self._remaining.setdefault(replaces, None)
        self._remaining[order_id] = remaining
        about = {"replaces": replaces, "remaining": remaining, "price": price, "kept_place": kept_place}
        self._tell(OrderReplaced, sequence, order_id, account_id, **about)

    def _replace_refused(self, sequence: int, order_id: str, replaces: str, account_id: str, reason: Reason) -> None:
        self._remaining[order_id] = None
        self._tell(ReplaceRefused, sequence, order_id, account_id, replaces=replaces, reason=reason)

    def _tell(self, kind: Callable[..., Fact], sequence: int, order_id: str, account_id: str, **about: object) -> None:
        self.facts.append(
            kind(
                order_id=order_id,
                account_id=account_id,
                symbol=self._symbol,
                sequence=sequence,
                at_us=self._at_us,
                **about,
            )
        )

    _TELL: ClassVar[Mapping[str, Callable[..., None]]] = {
        reports.REFUSED: _refused,
        reports.RESTED: _rested,
        reports.TRADED: _traded,
        reports.CANCELED: _canceled,
        reports.CANCEL_REFUSED: _cancel_refused,
        reports.REPLACED: _replaced,
        reports.REPLACE_REFUSED: _replace_refused,
        reports.EXPIRED: _expired,
    }
