"""Invariants of orders and of what every trade leaves behind in the services."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import chain
from typing import LiteralString

from contracts.ids import earliest_uuid7
from contracts.orders import OrderStatus
from standalone.audit.finding import Finding
from standalone.audit.merging import Row, merged
from standalone.audit.replayed import MATCHING, OPEN, Replayed
from standalone.audit.snapshot import Snapshot
from standalone.broker_letters import FOREIGN, broker_letters

ORDERING = "stock_ordering"
_TRADED = {OrderStatus.PARTIALLY_FILLED, OrderStatus.FILLED}

_MAKERS: LiteralString = (
    "select order_id, number, at_us - expires_at_us from trades join orders on order_id = maker_order_id"
)
_TAKERS: LiteralString = (
    "select order_id, number, at_us - expires_at_us from trades join orders on order_id = taker_order_id"
)


def checks(replayed: Replayed) -> list[tuple[str, Callable[[Snapshot], Finding]]]:
    """The invariants that need the replayed journals, by name."""
    return [
        ("every accepted order is open or over, as its book says", partial(orders_are_what_the_book_says, replayed))
    ]


def nothing_is_filled_beyond_its_quantity(snapshot: Snapshot) -> Finding:
    """And what an order shows as filled is the sum of its fills."""
    orders = snapshot.stream(
        ORDERING,
        "select id, quantity, filled_quantity, filled_notional, carried_quantity, carried_notional from orders "
        "order by id",
    )
    fills = snapshot.stream(
        ORDERING,
        "select order_id, sum(quantity), sum(quantity * price::numeric) from fills group by order_id order by order_id",
    )
    return Finding.of(_filled(order, *rows) for order, rows in merged(orders, fills))


def _filled(order: str, orders: list[Row], fills: list[Row]) -> str | None:
    if not orders:
        return f"order {order}: has fills, and is not there"
    quantity, filled, notional, carried, carried_notional = orders[0]
    added, added_notional = carried + sum(row[0] for row in fills), carried_notional + sum(row[1] for row in fills)
    if 0 <= filled <= quantity and filled == added and notional == added_notional:
        return None
    return f"order {order}: {filled} of {quantity} filled for {notional}; its fills: {added} for {added_notional}"


def nothing_is_filled_at_or_after_its_end(snapshot: Snapshot) -> Finding:
    """Neither by the book's own tables, as maker or as taker, nor by what the order's owner is shown."""
    fills = (
        *(snapshot.stream(MATCHING, query) for query in (_MAKERS, _TAKERS)),
        snapshot.stream(ORDERING, "select id, trade_id, at_us - expires_at_us from fills join orders on id = order_id"),
    )
    return Finding.of(_in_time(*fill) for fill in chain(*fills))


def _in_time(order: str, trade: object, late_us: int | None) -> str | None:
    if late_us is None or late_us < 0:
        return None
    return f"order {order} traded {late_us / 1_000_000:.6f} s after its end, trade {trade}"


def every_trade_left_its_traces(snapshot: Snapshot) -> Finding:
    """Two fills of orders, two settled sides with cash and shares, one print on the tape, all at one price."""
    return Finding.of(
        _traces(trade, *rows)
        for trade, rows in merged(
            snapshot.stream(MATCHING, "select trade_id, symbol, number, price, quantity from trades order by trade_id"),
            snapshot.stream(ORDERING, "select trade_id, price, quantity from fills order by trade_id"),
            snapshot.stream(
                "user_portfolio",
                "select trade_id, price, abs(share_change), abs(cash_change) from activities where kind = 'FILL' "
                "order by trade_id",
            ),
            snapshot.stream(
                "stock_data", "select trade_id, symbol, number, price, quantity from trades order by trade_id"
            ),
        )
    )


def _traces(trade: str, trades: list[Row], fills: list[Row], settled: list[Row], tape: list[Row]) -> str | None:
    if len(trades) != 1:
        return f"trade {trade}: {len(trades)} in the book, with {fills}, {settled} and {tape}"
    _, _, price, quantity = trades[0]
    for trace, found, expected in (
        ("fills of orders", fills, [(price, quantity)] * 2),
        ("settled sides", settled, [(price, quantity, price * quantity)] * 2),
        ("on the tape", tape, trades),
    ):
        if found != expected:
            return f"trade {trade}: {trace}: {found}, expected {expected}"
    return None


def every_settled_side_has_its_legs(snapshot: Snapshot) -> Finding:
    """A settlement moves its cash and its shares between the account and clearing, and nothing else."""
    rows = snapshot.stream(
        "user_portfolio",
        "select number, count(account), bool_and("
        "  (account = account_id::text and amount = case asset when 'USD' then cash_change else share_change end) or"
        "  (account = 'clearing' and amount = -case asset when 'USD' then cash_change else share_change end)) "
        "from activities left join ledger_entries on activity = number where kind = 'FILL' group by number",
    )
    return Finding.of(
        None if legs == 4 and fitting else f"activity {number}: {legs} legs" for number, legs, fitting in rows
    )


def orders_are_what_the_book_says(replayed: Replayed, snapshot: Snapshot) -> Finding:
    """Every accepted order: not in its book only if refused before; otherwise with the same status and rest."""
    accepted = snapshot.stream(ORDERING, "select id, status, quantity - filled_quantity from orders order by id")
    forgotten = earliest_uuid7(snapshot.rows(ORDERING, "select before_us / 1000 from pruned")[0][0])
    return Finding.of(_as_its_book(forgotten, order, *rows) for order, rows in merged(accepted, replayed.spool.lives()))


def _as_its_book(forgotten: str, order: str, accepted: list[Row], life: list[Row]) -> str | None:
    """An order placed before `forgotten` that is over and never traded may have been pruned."""
    if not accepted:
        if order < forgotten and {status for status, _ in life}.isdisjoint(_TRADED) and life[-1][0] not in OPEN:
            return None
        return f"order {order} is in a book but nobody placed it"
    (status, rest), (expected, remaining) = accepted[0], life[-1] if life else (OrderStatus.REJECTED, 0)
    if status != expected:
        return f"order {order} is {status}, its book says {expected}"
    if status in (OrderStatus.NEW, OrderStatus.PARTIALLY_FILLED) and rest != remaining:
        return f"order {order}: {rest} left to fill, its book says {remaining}"
    return None


def nobody_gave_up_on_a_fact(snapshot: Snapshot) -> Finding:
    """No dead letters anywhere; what the broker refused as foreign never was a fact."""
    rows = [
        (service, name, reason)
        for service in snapshot.connections
        for name, reason in snapshot.rows(service, "select fact_name, reason from dead_letters")
    ]
    if snapshot.broker_url:
        given_up = [letter for letter in broker_letters(snapshot.broker_url) if letter.end != FOREIGN]
        rows += [("the broker", letter.fact_name, letter.reason) for letter in given_up]
    heard = sum(snapshot.rows(service, "select count(*) from inbox")[0][0] for service in snapshot.connections)
    return Finding.among(heard, [f"{service} set aside {name}: {reason}" for service, name, reason in rows])
