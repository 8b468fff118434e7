"""`make audit`: every invariant on a running exchange, a line each; exit status 1 on any difference."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

from standalone.audit import books, money, orders
from standalone.audit.finding import Finding
from standalone.audit.replayed import replay_journals
from standalone.audit.snapshot import NotQuiet, Snapshot, quiet_snapshot
from standalone.embedded_postgres import EmbeddedPostgres, PostgresRefused

SERVICES = ("user_accounts", "user_portfolio", "stock_data", "stock_ordering", "order_matching")

CHECKS: dict[str, Callable[[Snapshot], Finding]] = {
    "the ledger sums to zero per currency and symbol": money.ledger_sums_to_zero,
    "every movement of the ledger sums to zero": money.each_movement_sums_to_zero,
    "clearing is empty": money.clearing_is_empty,
    "no balance, holding or hold is negative": money.nothing_is_negative,
    "balances and holdings are what the ledger says": money.balances_are_what_the_ledger_says,
    "what accounts show as held is the sum of their holds": money.held_is_the_sum_of_the_holds,
    "holds are what open orders can still cost": money.holds_are_what_open_orders_can_cost,
    "filled is at most the quantity, and the sum of the fills": orders.nothing_is_filled_beyond_its_quantity,
    "every trade has two fills, two settled sides, one print on the tape": orders.every_trade_left_its_traces,
    "every settled side has its cash and share legs": orders.every_settled_side_has_its_legs,
    "no fact was given up": orders.nobody_gave_up_on_a_fact,
}


def main() -> int:
    """0 when all holds, 1 when something does not, 2 when the exchange could not be looked at."""
    parser = argparse.ArgumentParser(prog="make audit", description=__doc__)
    parser.add_argument("--patience", type=float, default=30.0, help="seconds to wait for a quiet moment")
    arguments = parser.parse_args()
    try:
        with quiet_snapshot(url_of, SERVICES, arguments.patience) as snapshot:
            wrong = report(snapshot)
    except (NotQuiet, PostgresRefused) as refused:
        print(f"The audit was not made. {refused}", file=sys.stderr)
        return 2
    except psycopg.OperationalError as error:
        reason = str(error).splitlines()[0]
        print(
            f"The audit was not made: no exchange runs on the data folder {folder()} ({reason}); start it with"
            " make run, or name another folder with DATA=.",
            file=sys.stderr,
        )
        return 2
    print(f"audit: {wrong} of the invariants above do not hold" if wrong else "audit: clean")
    return 1 if wrong else 0


def folder() -> Path:
    return Path(os.environ.get("DATA", "data")).resolve()


def url_of(service: str) -> str:
    """A service's database: DATABASE_URL_<SERVICE> where it is set, the data folder's otherwise."""
    return os.environ.get(f"DATABASE_URL_{service.upper()}") or EmbeddedPostgres(folder()).url(service)


def report(snapshot: Snapshot) -> int:
    """Print a line per invariant as it is checked; the number of those that do not hold."""
    wrong = 0
    for invariant, check in all_checks(snapshot):
        finding = check(snapshot)
        wrong += bool(finding.differences)
        print("\n".join(finding.lines(invariant)), flush=True)
    return wrong


def all_checks(snapshot: Snapshot) -> Iterator[tuple[str, Callable[[Snapshot], Finding]]]:
    """Every invariant by name; those of the journals come last, for they take longest."""
    yield from CHECKS.items()
    replayed = replay_journals(snapshot)
    yield from books.checks(replayed)
    yield from orders.checks(replayed)


if __name__ == "__main__":
    sys.exit(main())
