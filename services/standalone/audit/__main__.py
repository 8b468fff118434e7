"""`make audit`: every invariant on a running exchange, a line each; exit status 1 on any difference."""

from __future__ import annotations

import argparse
import sys

import psycopg

from standalone.audit.invariants import findings
from standalone.audit.snapshot import NotQuiet, Snapshot, quiet_snapshot
from standalone.broker_letters import BrokerAway
from standalone.databases import SERVICES, broker_url, data_folder, url_of
from standalone.embedded_postgres import PostgresRefused


def main() -> int:
    """0 when all holds, 1 when something does not, 2 when the exchange could not be looked at."""
    parser = argparse.ArgumentParser(prog="make audit", description=__doc__)
    parser.add_argument("--patience", type=float, default=30.0, help="seconds to wait for a quiet moment")
    arguments = parser.parse_args()
    try:
        with quiet_snapshot(url_of, SERVICES, arguments.patience, broker_url()) as snapshot:
            wrong = report(snapshot)
    except (NotQuiet, PostgresRefused) as refused:
        print(f"The audit was not made. {refused}", file=sys.stderr)
        return 2
    except BrokerAway as away:
        print(f"The audit was not made: the broker does not answer ({away}).", file=sys.stderr)
        return 2
    except psycopg.OperationalError as error:
        reason = str(error).splitlines()[0]
        print(
            f"The audit was not made: no exchange runs on the data folder {data_folder()} ({reason}); start it with"
            " make run, or name another folder with DATA=.",
            file=sys.stderr,
        )
        return 2
    print(f"audit: {wrong} of the invariants above do not hold" if wrong else "audit: clean")
    return 1 if wrong else 0


def report(snapshot: Snapshot) -> int:
    """Print a line per invariant as it is checked; the number of those that do not hold."""
    wrong = 0
    for invariant, finding in findings(snapshot):
        wrong += bool(finding.wrong)
        print("\n".join(finding.lines(invariant)), flush=True)
    return wrong


if __name__ == "__main__":
    sys.exit(main())
