"""Invariants of orders and of what every trade leaves behind in the services."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial

from contracts.orders import OrderStatus
from standalone.audit.finding import Finding
from standalone.audit.replayed import MATCHING, Replayed
from standalone.audit.snapshot import Snapshot
from standalone.broker_letters import FOREIGN, broker_letters

ORDERING = "stock_ordering"


def checks(replayed: Replayed) -> list[tuple[str, Callable[[Snapshot], Finding]]]:
    """The invariants that need the replayed journals, by name."""
    return [
        ("every accepted order is open or over, as its book says", partial(orders_are_what_the_book_says, replayed))
    ]


def nothing_is_filled_beyond_its_quantity(snapshot: Snapshot) -> Finding:
    """And what an order shows as filled is the sum of its fills."""
    rows = snapshot.rows(
        ORDERING,
        "select id, quantity, filled_quantity, filled_notional, carried_quantity + coalesce(sum_quantity, 0), "
        "carried_notional + coalesce(sum_notional, 0) from orders left join (select order_id, "
        "sum(quantity) as sum_quantity, sum(quantity * price::numeric) as sum_notional from fills group by order_id"
        ") as added on order_id = id",
    )
    return Finding(
        len(rows),
        [
            f"order {order}: {filled} of {quantity} filled for {notional}; its fills: {added} for {added_notional}"
            for order, quantity, filled, notional, added, added_notional in rows
            if not 0 <= filled <= quantity or filled != added or notional != added_notional
        ],
    )


def every_trade_left_its_traces(snapshot: Snapshot) -> Finding:
    """Two fills of orders, two settled sides with cash and shares, one print on the tape, all at one price."""
    trades = {
        trade: (symbol, number, price, quantity)
        for trade, symbol, number, price, quantity in snapshot.rows(
            MATCHING, "select trade_id, symbol, number, price, quantity from trades"
        )
    }
    fills = Counter(
        snapshot.rows(ORDERING, "select trade_id, price, quantity from fills"),
    )
    settled = Counter(
        snapshot.rows(
            "user_portfolio",
            "select trade_id, price, abs(share_change), abs(cash_change) from activities where kind = 'FILL'",
        )
    )
    tape = {
        trade: (symbol, number, price, quantity)
        for trade, symbol, number, price, quantity in snapshot.rows(
            "stock_data", "select trade_id, symbol, number, price, quantity from trades"
        )
    }
    differences = [
        f"trade {trade}: {trace} {count}"
        for trade, (symbol, number, price, quantity) in trades.items()
        for trace, count, expected in (
            ("fills of orders:", fills.pop((trade, price, quantity), 0), 2),
            ("settled sides:", settled.pop((trade, price, quantity, price * quantity), 0), 2),
            ("on the tape as", tape.pop(trade, None), (symbol, number, price, quantity)),
        )
        if count != expected
    ]
    left_over = [f"no trade has made {trace}" for trace in (*fills, *settled, *tape)]
    return Finding(len(trades), differences + left_over)


def every_settled_side_has_its_legs(snapshot: Snapshot) -> Finding:
    """A settlement moves its cash and its shares between the account and clearing, and nothing else."""
    rows = snapshot.rows(
        "user_portfolio",
        "select number, count(account), bool_and("
        "  (account = account_id::text and amount = case asset when 'USD' then cash_change else share_change end) or"
        "  (account = 'clearing' and amount = -case asset when 'USD' then cash_change else share_change end)) "
        "from activities left join ledger_entries on activity = number where kind = 'FILL' group by number",
    )
    return Finding(
        len(rows), [f"activity {number}: {legs} legs" for number, legs, fitting in rows if legs != 4 or not fitting]
    )


def orders_are_what_the_book_says(replayed: Replayed, snapshot: Snapshot) -> Finding:
    """Every accepted order: not in its book only if refused before; otherwise with the same status and rest."""
    rows = snapshot.rows(ORDERING, "select id, status, quantity - filled_quantity from orders")
    differences = []
    for order, status, rest in rows:
        expected = replayed.status.get(order, OrderStatus.REJECTED)
        if status != expected:
            differences.append(f"order {order} is {status}, its book says {expected}")
        elif status in (OrderStatus.NEW, OrderStatus.PARTIALLY_FILLED) and rest != replayed.remaining[order]:
            differences.append(f"order {order}: {rest} left to fill, its book says {replayed.remaining[order]}")
    known = {order for order, _, _ in rows}
    strangers = [f"order {order} is in a book but nobody placed it" for order in replayed.status if order not in known]
    return Finding(len(rows), differences + strangers)


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
    return Finding(heard, [f"{service} set aside {name}: {reason}" for service, name, reason in rows])
