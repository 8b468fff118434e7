"""Invariants of cash and shares: the ledger, the balances, the holds."""

from __future__ import annotations

from itertools import chain

from contracts.money import dollars
from standalone.audit.finding import Finding
from standalone.audit.merging import Row, merged
from standalone.audit.snapshot import Snapshot

PORTFOLIO = "user_portfolio"


def ledger_sums_to_zero(snapshot: Snapshot) -> Finding:
    """Over all accounts, per asset."""
    rows = snapshot.rows(PORTFOLIO, "select asset, sum(amount) from ledger_entries group by asset")
    return Finding.of(f"{asset} sums to {total}" if total else None for asset, total in rows)


def each_movement_sums_to_zero(snapshot: Snapshot) -> Finding:
    """Per activity and asset."""
    rows = snapshot.rows(
        PORTFOLIO,
        "select count(*), count(*) filter (where total <> 0), min(activity) filter (where total <> 0) from "
        "(select activity, asset, sum(amount) as total from ledger_entries group by activity, asset) as movements",
    )
    checked, wrong, first = rows[0]
    return Finding(checked, wrong, [f"{wrong} movements do not, the first is activity {first}"] if wrong else [])


def clearing_is_empty(snapshot: Snapshot) -> Finding:
    """Both sides of every trade are in."""
    rows = snapshot.rows(
        PORTFOLIO, "select asset, sum(amount) from ledger_entries where account = 'clearing' group by asset"
    )
    return Finding.of(f"{asset}: {total} left in clearing" if total else None for asset, total in rows)


def nothing_is_negative(snapshot: Snapshot) -> Finding:
    """No balance, no holding, no hold; and nobody holds more than there is."""
    accounts = snapshot.stream(PORTFOLIO, "select account_id, cash, cash_held from accounts")
    positions = snapshot.stream(PORTFOLIO, "select account_id, symbol, quantity, held from positions")
    return Finding.of(
        chain(
            (
                None if 0 <= held <= cash else f"account {account}: cash {dollars(cash)}, held {dollars(held)}"
                for account, cash, held in accounts
            ),
            (
                None if 0 <= held <= quantity else f"account {account}: {quantity} {symbol}, held {held}"
                for account, symbol, quantity, held in positions
            ),
        )
    )


def balances_are_what_the_ledger_says(snapshot: Snapshot) -> Finding:
    """Cash and shares of every account equal the sum of its ledger legs."""
    rows = snapshot.stream(
        PORTFOLIO,
        "select account, asset, sum(shown), sum(added), bool_or(is_there) from ("
        "select account_id::text as account, 'USD' as asset, cash as shown, 0 as added, true as is_there from accounts "
        "union all select account_id::text, symbol, quantity, 0, true from positions "
        "union all select account, asset, 0, amount, false from ledger_entries "
        "where account not in ('clearing', 'issuer')) as both_sides group by account, asset",
    )
    return Finding.of(
        None if shown == added else f"account {account}: balance of {asset} is {shown}, its ledger says {added}"
        for account, asset, shown, added, is_there in rows
        if is_there or added
    )


def held_is_the_sum_of_the_holds(snapshot: Snapshot) -> Finding:
    """What an account shows as held is what its holds add up to."""
    rows = snapshot.stream(
        PORTFOLIO,
        "select account_id, asset, sum(shown), sum(added) from ("
        "select account_id, 'USD' as asset, cash_held as shown, 0 as added from accounts union all "
        "select account_id, symbol, held, 0 from positions union all "
        "select account_id, case side when 'buy' then 'USD' else symbol end, 0, held from holds where held > 0"
        ") as both_sides group by account_id, asset",
    )
    return Finding.of(
        None if shown == added else f"account {account}: shows {shown} {asset} held, its holds add up to {added}"
        for account, asset, shown, added in rows
    )


def holds_are_what_open_orders_can_cost(snapshot: Snapshot) -> Finding:
    """An open order holds what is left of it at its price; an order that is over holds nothing."""
    open_orders = snapshot.stream(
        "stock_ordering",
        "select id, side, price, quantity - filled_quantity from orders where ended_at_us is null order by id",
    )
    holds = snapshot.stream(PORTFOLIO, "select order_id, held from holds where held > 0 order by order_id")
    return Finding.of(_held(order, *rows) for order, rows in merged(open_orders, holds))


def _held(order: str, standing: list[Row], holds: list[Row]) -> str | None:
    needed = sum(remaining * price if side == "buy" else remaining for side, price, remaining in standing)
    held = sum(row[0] for row in holds)
    return None if held == needed else f"order {order}: {held} held, {needed} can still be needed"
