"""All SQL of order_matching: a batch of any size is a constant handful of statements."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from typing import LiteralString

from chassis.database import Database, Transaction
from chassis.pruning import cautious_now_us, prune
from contracts.facts import CancelRequested
from contracts.ids import earliest_uuid7
from contracts.orders import Side, TimeInForce
from order_matching.domain.commands import to_entry
from order_matching.domain.orders import Order, OrderId
from order_matching.ports import BookRow, OrderChange, Turn

_LOCK_BOOKS = """
select symbol, sequence, trades, halted, told_sequence, switched_sequence, switched_at_us from books
where symbol = any(%s) order by symbol for no key update
"""

_RESTING = """
select symbol, side, time_in_force, order_id, account_id, price, quantity, remaining, expires_at_us, priority
from orders where symbol = any(%s) and is_open order by symbol, priority
"""

_REMEMBER_CANCELS = """
insert into early_cancels (order_id, account_id, symbol, at_us)
select * from unnest(%s::uuid[], %s::uuid[], %s::text[], %s::bigint[]) on conflict do nothing
"""

_CHANGE_ORDERS = """
update orders set
    remaining = coalesce(change.remaining, orders.remaining),
    is_open = change.is_open,
    priority = case when change.is_open then change.priority else orders.priority end
from unnest(%s::uuid[], %s::bigint[], %s::boolean[], %s::bigint[]) as change (order_id, remaining, is_open, priority)
where orders.order_id = change.order_id
"""

_INSERT_ORDERS = """
insert into orders (order_id, account_id, symbol, side, price, quantity, time_in_force, expires_at_us,
    remaining, is_open, priority)
select order_id, account_id, symbol, side, price, quantity, time_in_force, expires_at_us,
    coalesce(remaining, quantity), is_open, priority
from unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::text[], %s::bigint[],
    %s::bigint[], %s::boolean[], %s::bigint[])
    as entered (order_id, account_id, symbol, side, price, quantity, time_in_force, expires_at_us,
        remaining, is_open, priority)
"""

_INSERT_TRADES = """
insert into trades (symbol, number, trade_id, price, quantity, taker_side, maker_order_id, taker_order_id,
    sequence, at_us)
select * from unnest(%s::text[], %s::bigint[], %s::uuid[], %s::bigint[], %s::bigint[], %s::text[], %s::uuid[],
    %s::uuid[], %s::bigint[], %s::bigint[])
"""

_INSERT_JOURNAL = """
insert into journal (symbol, first_sequence, last_sequence, self_trade, at_us, commands)
select * from unnest(%s::text[], %s::bigint[], %s::bigint[], %s::text[], %s::bigint[], %s::text[])
"""

_UPDATE_BOOKS = """
update books set sequence = after.sequence, trades = after.trades, halted = after.halted,
    told_sequence = after.told_sequence, switched_sequence = after.switched_sequence,
    switched_at_us = after.switched_at_us
from unnest(%s::text[], %s::bigint[], %s::bigint[], %s::boolean[], %s::bigint[], %s::bigint[], %s::bigint[])
    as after (symbol, sequence, trades, halted, told_sequence, switched_sequence, switched_at_us)
where books.symbol = after.symbol
"""

_SIDES = {side.value: side for side in Side}
_TIMES_IN_FORCE = {time_in_force.value: time_in_force for time_in_force in TimeInForce}

_PRUNE_ORDERS: LiteralString = """
delete from orders where order_id in (
    select order_id from orders where order_id < %(before)s::uuid and not is_open
    order by order_id limit %(rows)s for update skip locked
)
"""

_PRUNE_EARLY_CANCELS: LiteralString = """
delete from early_cancels where order_id in (
    select order_id from early_cancels where at_us < %(before_us)s
    order by at_us limit %(rows)s for update skip locked
)
"""

_DAY_US = 86_400 * 1_000_000
_EARLY_CANCELS_KEPT_DAYS = 7
"""As long as a message may be on its way."""


def prune_closed_orders(database: Database, now_us: int, kept_days: int) -> None:
    """Forget orders that are over, days after they were placed (0: never), and cancels whose order never came.

    The journal and the trades say what they were; here they are only known so that none is entered twice.
    """
    now_us = cautious_now_us(database, now_us)
    prune(database, _PRUNE_EARLY_CANCELS, {"before_us": now_us - _EARLY_CANCELS_KEPT_DAYS * _DAY_US})
    if kept_days:
        prune(database, _PRUNE_ORDERS, {"before": earliest_uuid7((now_us - kept_days * _DAY_US) // 1_000)})


class Store:
    """`ports.Unit` on PostgreSQL."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def lock_books(self, symbols: Collection[str]) -> list[BookRow]:
        rows = self._transaction.rows(_LOCK_BOOKS, (sorted(symbols),))
        missing = sorted(set(symbols) - {row[0] for row in rows})
        if missing:
            query = "insert into books (symbol) select unnest(%s::text[]) on conflict do nothing"
            self._transaction.execute(query, (missing,))
            rows = self._transaction.rows(_LOCK_BOOKS, (sorted(symbols),))
        return [BookRow(*row) for row in rows]

    def resting(self, symbols: Collection[str]) -> dict[str, list[Order]]:
        found: dict[str, list[Order]] = {}
        for symbol, side, time_in_force, order_id, account_id, *numbers in self._transaction.rows(
            _RESTING, (list(symbols),)
        ):
            price, quantity, remaining, expires_at_us, priority = numbers
            found.setdefault(symbol, []).append(
                Order(
                    order_id,
                    account_id,
                    _SIDES[side],
                    price,
                    quantity,
                    remaining,
                    _TIMES_IN_FORCE[time_in_force],
                    expires_at_us,
                    priority,
                )
            )
        return found

    def seen(self, order_ids: Collection[OrderId]) -> set[OrderId]:
        rows = self._transaction.rows(
            "select order_id from orders where order_id = any(%s::uuid[])", (list(order_ids),)
        )
        return {row[0] for row in rows}

    def early_cancels(self, order_ids: Collection[OrderId]) -> set[OrderId]:
        rows = self._transaction.rows(
            "select order_id from early_cancels where order_id = any(%s::uuid[])", (list(order_ids),)
        )
        return {row[0] for row in rows}

    def remember_cancels(self, cancels: Collection[CancelRequested]) -> None:
        if cancels:
            columns = (
                [cancel.order_id for cancel in cancels],
                [cancel.account_id for cancel in cancels],
                [cancel.symbol for cancel in cancels],
                [cancel.at_us for cancel in cancels],
            )
            self._transaction.execute(_REMEMBER_CANCELS, columns)

    def forget_cancels(self, order_ids: Collection[OrderId]) -> None:
        if order_ids:
            query = "delete from early_cancels where order_id = any(%s::uuid[])"
            self._transaction.execute(query, (list(order_ids),))

    def due(self, now_us: int) -> list[str]:
        query = "select distinct symbol from orders where is_open and expires_at_us <= %s order by symbol"
        return [row[0] for row in self._transaction.rows(query, (now_us,))]

    def save(self, turns: Sequence[Turn]) -> None:
        # Changes first: an order that kept its place in the queue takes the number of one that ends.
        self._change_orders([change for turn in turns for change in turn.changed])
        self._insert_orders(turns)
        self._insert_trades(turns)
        self._write_journal(turns)
        self._update_books([turn.after for turn in turns])

    def announce(self, facts: Sequence[object]) -> None:
        self._transaction.announce(facts)

    def after_commit(self, action: Callable[[], None]) -> None:
        self._transaction.after_commit(action)

    def _change_orders(self, changes: Sequence[OrderChange]) -> None:
        if changes:
            columns = (
                [change.order_id for change in changes],
                [change.remaining for change in changes],
                [change.is_open for change in changes],
                [change.priority for change in changes],
            )
            self._transaction.execute(_CHANGE_ORDERS, columns)

    def _insert_orders(self, turns: Sequence[Turn]) -> None:
        entered = [(turn.after.symbol, order, change) for turn in turns for order, change in turn.entered]
        if entered:
            columns = (
                [order.order_id for _, order, _ in entered],
                [order.account_id for _, order, _ in entered],
                [symbol for symbol, _, _ in entered],
                [order.side for _, order, _ in entered],
                [order.price for _, order, _ in entered],
                [order.quantity for _, order, _ in entered],
                [order.time_in_force for _, order, _ in entered],
                [order.expires_at_us for _, order, _ in entered],
                [change.remaining for _, _, change in entered],
                [change.is_open for _, _, change in entered],
                [change.priority for _, _, change in entered],
            )
            self._transaction.execute(_INSERT_ORDERS, columns)

    def _insert_trades(self, turns: Sequence[Turn]) -> None:
        trades = [trade for turn in turns for trade in turn.trades]
        if trades:
            columns = (
                [trade.symbol for trade in trades],
                [trade.number for trade in trades],
                [trade.trade_id for trade in trades],
                [trade.price for trade in trades],
                [trade.quantity for trade in trades],
                [trade.taker_side for trade in trades],
                [trade.maker_order_id for trade in trades],
                [trade.taker_order_id for trade in trades],
                [trade.sequence for trade in trades],
                [trade.at_us for trade in trades],
            )
            self._transaction.execute(_INSERT_TRADES, columns)

    def _write_journal(self, turns: Sequence[Turn]) -> None:
        columns = (
            [turn.after.symbol for turn in turns],
            [turn.before.sequence + 1 for turn in turns],
            [turn.after.sequence for turn in turns],
            [turn.self_trade for turn in turns],
            [turn.at_us for turn in turns],
            [json.dumps([to_entry(command) for command in turn.commands]) for turn in turns],
        )
        self._transaction.execute(_INSERT_JOURNAL, columns)

    def _update_books(self, rows: Sequence[BookRow]) -> None:
        columns = (
            [row.symbol for row in rows],
            [row.sequence for row in rows],
            [row.trades for row in rows],
            [row.halted for row in rows],
            [row.told_sequence for row in rows],
            [row.switched_sequence for row in rows],
            [row.switched_at_us for row in rows],
        )
        self._transaction.execute(_UPDATE_BOOKS, columns)
