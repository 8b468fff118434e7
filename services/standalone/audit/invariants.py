"""Every invariant of the exchange, by the name it is reported under."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

from standalone.audit import books, money, orders
from standalone.audit.finding import Finding
from standalone.audit.replayed import replay_journals
from standalone.audit.snapshot import Snapshot
from standalone.audit.spool import Spool

CHECKS: dict[str, Callable[[Snapshot], Finding]] = {
    "the ledger sums to zero per currency and symbol": money.ledger_sums_to_zero,
    "every movement of the ledger sums to zero": money.each_movement_sums_to_zero,
    "clearing is empty": money.clearing_is_empty,
    "no balance, holding or hold is negative": money.nothing_is_negative,
    "balances and holdings are what the ledger says": money.balances_are_what_the_ledger_says,
    "what accounts show as held is the sum of their holds": money.held_is_the_sum_of_the_holds,
    "holds are what open orders can still cost": money.holds_are_what_open_orders_can_cost,
    "filled is at most the quantity, and the sum of the fills": orders.nothing_is_filled_beyond_its_quantity,
    "no fill at or after its order's end": orders.nothing_is_filled_at_or_after_its_end,
    "every trade has two fills, two settled sides, one print on the tape": orders.every_trade_left_its_traces,
    "every settled side has its cash and share legs": orders.every_settled_side_has_its_legs,
    "no fact was given up": orders.nobody_gave_up_on_a_fact,
}


def findings(snapshot: Snapshot) -> Iterator[tuple[str, Finding]]:
    """Check every invariant, one after the other; those of the journals come last, for they take longest."""
    for invariant, check in CHECKS.items():
        yield invariant, check(snapshot)
    with closing(Spool()) as spool:
        replayed = replay_journals(snapshot, spool)
        for invariant, check in (*books.checks(replayed), *orders.checks(replayed)):
            yield invariant, check(snapshot)
