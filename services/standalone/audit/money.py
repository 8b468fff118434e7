"""Invariants of cash and shares: the ledger, the balances, the holds."""

from __future__ import annotations

from contracts.money import dollars
from standalone.audit.finding import Finding
from standalone.audit.snapshot import Snapshot

PORTFOLIO = "user_portfolio"


def ledger_sums_to_zero(snapshot: Snapshot) -> Finding:
    """Over all accounts, per asset."""
    rows = snapshot.rows(PORTFOLIO, "select asset, sum(amount) from ledger_entries group by asset")
    return Finding(len(rows), [f"{asset} sums to {total}" for asset, total in rows if total])


def each_movement_sums_to_zero(snapshot: Snapshot) -> Finding:
    """Per activity and asset."""
    rows = snapshot.rows(
        PORTFOLIO,
        "select count(*), count(*) filter (where total <> 0), min(activity) filter (where total <> 0) from "
        "(select activity, asset, sum(amount) as total from ledger_entries group by activity, asset) as movements",
    )
    checked, wrong, first = rows[0]
    return Finding(checked, [f"{wrong} movements do not, the first is activity {first}"] if wrong else [])


def clearing_is_empty(snapshot: Snapshot) -> Finding:
    """Both sides of every trade are in."""
    rows = snapshot.rows(
        PORTFOLIO, "select asset, sum(amount) from ledger_entries where account = 'clearing' group by asset"
    )
    return Finding(len(rows), [f"{asset}: {total} left in clearing" for asset, total in rows if total])


def nothing_is_negative(snapshot: Snapshot) -> Finding:
    """No balance, no holding, no hold; and nobody holds more than there is."""
    accounts = snapshot.rows(PORTFOLIO, "select account_id, cash, cash_held from accounts")
    positions = snapshot.rows(PORTFOLIO, "select account_id, symbol, quantity, held from positions")
    wrong = [
        f"account {account}: cash {dollars(cash)}, held {dollars(held)}"
        for account, cash, held in accounts
        if not 0 <= held <= cash
    ] + [
        f"account {account}: {quantity} {symbol}, held {held}"
        for account, symbol, quantity, held in positions
        if not 0 <= held <= quantity
    ]
    return Finding(len(accounts) + len(positions), wrong)


def balances_are_what_the_ledger_says(snapshot: Snapshot) -> Finding:
    """Cash and shares of every account equal the sum of its ledger legs."""
    legs = {
        (account, asset): int(total)
        for account, asset, total in snapshot.rows(
            PORTFOLIO,
            "select account, asset, sum(amount) from ledger_entries "
            "where account not in ('clearing', 'issuer') group by account, asset",
        )
    }
    balances = {
        (account, "USD"): cash for account, cash in snapshot.rows(PORTFOLIO, "select account_id, cash from accounts")
    } | {
        (account, symbol): quantity
        for account, symbol, quantity in snapshot.rows(PORTFOLIO, "select account_id, symbol, quantity from positions")
    }
    return Finding(
        len(balances),
        [
            f"account {account}: balance of {asset} is {balances.get((account, asset), 0)}, "
            f"its ledger says {legs.get((account, asset), 0)}"
            for account, asset in sorted(legs.keys() | balances.keys())
            if legs.get((account, asset), 0) != balances.get((account, asset), 0)
        ],
    )


def held_is_the_sum_of_the_holds(snapshot: Snapshot) -> Finding:
    """What an account shows as held is what its holds add up to."""
    rows = snapshot.rows(
        PORTFOLIO,
        "select account_id, asset, sum(shown), sum(added) from ("
        "select account_id, 'USD' as asset, cash_held as shown, 0 as added from accounts union all "
        "select account_id, symbol, held, 0 from positions union all "
        "select account_id, case side when 'buy' then 'USD' else symbol end, 0, held from holds"
        ") as both_sides group by account_id, asset",
    )
    return Finding(
        len(rows),
        [
            f"account {account}: shows {shown} {asset} held, its holds add up to {added}"
            for account, asset, shown, added in rows
            if shown != added
        ],
    )


def holds_are_what_open_orders_can_cost(snapshot: Snapshot) -> Finding:
    """An open order holds what is left of it at its price; an order that is over holds nothing."""
    open_orders = {
        order: (remaining * price if side == "buy" else remaining)
        for order, side, price, remaining in snapshot.rows(
            "stock_ordering",
            "select id, side, price, quantity - filled_quantity from orders where ended_at_us is null",
        )
    }
    holds = dict(snapshot.rows(PORTFOLIO, "select order_id, held from holds where held > 0"))
    return Finding(
        len(open_orders),
        [
            f"order {order}: {holds.get(order, 0)} held, {open_orders.get(order, 0)} can still be needed"
            for order in sorted(open_orders.keys() | holds.keys())
            if open_orders.get(order, 0) != holds.get(order, 0)
        ],
    )
