"""SQL that changes something: each call one statement, however many orders it concerns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import LiteralString

from contracts.facts import InstrumentHalted, InstrumentListed, InstrumentResumed
from stock_ordering.domain.order import Fill, Order
from stock_ordering.ports import Place
from stock_ordering.store.reader import COLUMNS, OPEN, SqlReader, order_of

_TYPES: LiteralString = (
    "%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::bigint[], "
    "%s::bigint[], %s::bigint[], %s::bigint[], %s::uuid[], %s::bigint[], %s::bigint[], %s::text[], %s::boolean[], "
    "%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::uuid[], %s::bigint[], "
    "%s::bigint[]"
)
"""Of COLUMNS."""

_CHANGED: LiteralString = (
    "id, status, resting, sequence, filled_quantity, filled_notional, carried_quantity, carried_notional, "
    "reason, replaced_by, cancel_requested_at_us, updated_at_us, ended_at_us"
)
"""What can change of a saved order."""

_ADD_ORDERS: LiteralString = f"""
insert into orders ({COLUMNS})
select * from unnest({_TYPES}) as added ({COLUMNS})
order by account_id, client_order_id
on conflict on constraint one_order_per_client_order_id do nothing
returning id
"""
"""Sorted, so that two processes that save the same orders wait for each other in the same order."""

_TAKE_TIMES: LiteralString = """
with free as materialized (
    select account_id from (select unnest(%(accounts)s::uuid[]) as account_id) as asked
    where pg_try_advisory_xact_lock(hashtextextended(account_id::text, 0))
)
insert into order_times as known (account_id, newest_us)
select account_id, least(%(now_us)s, (extract(epoch from clock_timestamp()) * 1000000)::bigint) + %(count)s - 1
from free order by account_id
on conflict (account_id) do update set newest_us = greatest(excluded.newest_us, known.newest_us + %(count)s)
returning account_id, newest_us - %(count)s + 1
"""
"""Never later than the database's clock: a process that is ahead must not date what others place after it."""

_WAIT_FOR_TURN: LiteralString = "select pg_advisory_xact_lock(hashtextextended(%s, 0))"

_COUNT_ORDERS: LiteralString = """
insert into orders_of_the_day as known (account_id, day_ends_us, orders)
select * from unnest(%s::uuid[], %s::bigint[], %s::bigint[]) as counted (account_id, day_ends_us, orders)
order by account_id
on conflict (account_id) do update set
    orders = excluded.orders + case when known.day_ends_us < excluded.day_ends_us then 0 else known.orders end,
    day_ends_us = greatest(known.day_ends_us, excluded.day_ends_us)
returning account_id, orders
"""
"""Sorted for the same reason, and done before orders are added, so that nobody waits for the other's."""

_OPEN_ORDERS: LiteralString = f"""
select account_id, (select count(*) from (
    select from orders where orders.account_id = asked.account_id and {OPEN} limit %s
) as counted)
from unnest(%s::uuid[]) as asked (account_id)
"""

_LOCK_ORDERS: LiteralString = f"select {COLUMNS} from orders where id = any(%s) order by id for update"

_LOCK_UNDER_WAY: LiteralString = f"""
select {COLUMNS} from orders where id in (
    select unnest(%(ids)s::uuid[])
    union select replaces from orders where id = any(%(ids)s) and replaces is not null and status = 'pending_new'
    union select id from orders where replaces = any(%(ids)s) and status = 'pending_new'
)
order by id for update
"""

_LOCK_NEW_REPLACEMENTS: LiteralString = f"""
select {COLUMNS} from orders
where replaces = any(%(ids)s) and status = 'pending_new' and id <> all(%(ids)s)
order by id for update
"""
"""Those that were committed while the first statement waited for the orders they replace."""

_CANCELABLE: LiteralString = f"""
from orders where account_id = %s and {OPEN} and cancel_requested_at_us is null
"""
_BETWEEN: LiteralString = "and (created_at_us, id) > (%s, %s) and (created_at_us, id) <= (%s, %s)"

_SAVE_ORDERS: LiteralString = f"""
update orders set
    status = changed.status, resting = changed.resting, sequence = changed.sequence,
    filled_quantity = changed.filled_quantity, filled_notional = changed.filled_notional,
    carried_quantity = changed.carried_quantity, carried_notional = changed.carried_notional,
    reason = changed.reason, replaced_by = changed.replaced_by,
    cancel_requested_at_us = changed.cancel_requested_at_us,
    updated_at_us = changed.updated_at_us, ended_at_us = changed.ended_at_us
from unnest(
    %s::uuid[], %s::text[], %s::boolean[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],
    %s::text[], %s::uuid[], %s::bigint[], %s::bigint[], %s::bigint[]
) as changed ({_CHANGED})
where orders.id = changed.id
"""

_ADD_FILLS: LiteralString = """
insert into fills (order_id, trade_id, quantity, price, remaining, is_maker, at_us)
select * from unnest(
    %s::uuid[], %s::uuid[], %s::bigint[], %s::bigint[], %s::bigint[], %s::boolean[], %s::bigint[]
)
on conflict do nothing
"""

_LIST_INSTRUMENTS: LiteralString = """
insert into instruments (symbol, asset_id, tick, lot, reference_price, changed_at_us)
select * from unnest(%s::text[], %s::uuid[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
on conflict do nothing
"""

_SET_HALTED: LiteralString = """
update instruments set
    halted = %(halted)s, changed_at_us = %(at_us)s, halt_sequence = greatest(halt_sequence, %(sequence)s)
where symbol = %(symbol)s
  and case when %(sequence)s > 0 then halt_sequence < %(sequence)s else changed_at_us <= %(at_us)s end
"""
"""A fact without a number is one of the version before; those only have their time to be told apart by."""

_order_values = attrgetter(*COLUMNS.split(", "))
_changed_values = attrgetter(*_CHANGED.split(", "))
_fill_values = attrgetter(*["order_id", "trade_id", "quantity", "price", "remaining", "is_maker", "at_us"])
_listed_values = attrgetter(*["symbol", "asset_id", "tick", "lot", "reference_price", "at_us"])


class SqlUnit(SqlReader):
    """`ports.Unit` on PostgreSQL."""

    def add_orders(self, orders: Sequence[Order]) -> set[str]:
        if not orders:
            return set()
        rows = self._transaction.rows(_ADD_ORDERS, _columns(map(_order_values, orders)))
        return {row[0] for row in rows}

    def wait_for_turn(self, account_id: str) -> None:
        self._transaction.execute(_WAIT_FOR_TURN, (account_id,))

    def take_times(self, account_ids: Iterable[str], now_us: int, count: int) -> dict[str, int]:
        about = {"accounts": sorted(account_ids), "now_us": now_us, "count": count}
        return dict(self._transaction.rows(_TAKE_TIMES, about))

    def count_orders(self, orders: Mapping[str, int], day_ends_us: int) -> dict[str, int]:
        rows = [(account_id, day_ends_us, count) for account_id, count in orders.items()]
        return dict(self._transaction.rows(_COUNT_ORDERS, _columns(rows)))

    def count_open_orders(self, account_ids: Iterable[str], most: int) -> dict[str, int]:
        return dict(self._transaction.rows(_OPEN_ORDERS, (most, list(account_ids))))

    def lock_orders(self, order_ids: Iterable[str]) -> dict[str, Order]:
        rows = self._transaction.rows(_LOCK_ORDERS, (list(order_ids),))
        return {row[0]: order_of(row) for row in rows}

    def lock_under_way(self, order_ids: Iterable[str]) -> dict[str, Order]:
        found: dict[str, Order] = {}
        ids = list(order_ids)
        for query in (_LOCK_UNDER_WAY, _LOCK_NEW_REPLACEMENTS):
            rows = self._transaction.rows(query, {"ids": ids}) if ids else ()
            found.update({row[0]: order_of(row) for row in rows})
            ids = list(found)
        return found

    def last_cancelable(self, account_id: str) -> Place | None:
        query: LiteralString = f"select created_at_us, id {_CANCELABLE} order by created_at_us desc, id desc limit 1"
        return self._transaction.row(query, (account_id,))

    def cancelable(self, account_id: str, after: Place, until: Place, limit: int) -> list[Place]:
        query: LiteralString = f"select created_at_us, id {_CANCELABLE} {_BETWEEN} order by created_at_us, id limit %s"
        rows = self._transaction.rows(query, (account_id, *after, *until, limit))
        return [(row[0], row[1]) for row in rows]

    def count_cancelable(self, account_id: str, after: Place, until: Place) -> int:
        query: LiteralString = f"select count(*) {_CANCELABLE} {_BETWEEN}"
        (row,) = self._transaction.rows(query, (account_id, *after, *until))
        return int(row[0])

    def save_orders(self, orders: Sequence[Order]) -> None:
        if orders:
            self._transaction.execute(_SAVE_ORDERS, _columns(map(_changed_values, orders)))

    def add_fills(self, fills: Sequence[Fill]) -> None:
        if fills:
            self._transaction.execute(_ADD_FILLS, _columns(map(_fill_values, fills)))

    def list_instruments(self, listed: Sequence[InstrumentListed]) -> None:
        if listed:
            self._transaction.execute(_LIST_INSTRUMENTS, _columns(map(_listed_values, listed)))

    def set_halted(self, fact: InstrumentHalted | InstrumentResumed) -> None:
        halted = isinstance(fact, InstrumentHalted)
        about = {"symbol": fact.symbol, "halted": halted, "at_us": fact.at_us, "sequence": fact.sequence}
        self._transaction.execute(_SET_HALTED, about)

    def announce(self, facts: Sequence[object]) -> None:
        self._transaction.announce(facts)

    def after_commit(self, action: Callable[[], None]) -> None:
        self._transaction.after_commit(action)

    def happened(self, order_ids: Iterable[str]) -> None:
        self._transaction.happened(order_ids)


def _columns(rows: Iterable[tuple[object, ...]]) -> list[list[object]]:
    """Rows turned on their side: one array per column, as unnest wants them."""
    return [list(column) for column in zip(*rows, strict=True)]
