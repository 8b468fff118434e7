"""`make bench-run`: how many orders a second `make run` takes, settled end to end and audited."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from loadtest.benchmark import batch_sender, measure, send_single
from loadtest.cpu import cpu_seconds
from loadtest.exchange_process import exchange_on

ACCOUNTS = 32
SETTINGS = {"STARTING_CASH": "1000000000", "STARTING_SHARES": "*:1000000"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="length of each phase")
    parser.add_argument("--batch", type=int, default=500, help="orders in one batch request")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, exchange_on(Path(folder) / "data", SETTINGS) as exchange:
        print(f"signing up {ACCOUNTS} accounts", flush=True)
        tokens = [exchange.sign_up(f"trader-{number}") for number in range(ACCOUNTS)]
        exchange.wait_until_settled()
        measure(exchange, tokens, "single", arguments.seconds, send_single)
        measure(exchange, tokens[:4], "batch", arguments.seconds, batch_sender(arguments.batch))
        print(f"exchange_cpu_s={cpu_seconds({'exchange': exchange.process.pid})['exchange']:.1f}")
        audit = exchange.audit()
        print(audit.stdout + audit.stderr, end="")
        print(f"audit={'clean' if audit.returncode == 0 else 'FAILED'}")
    return audit.returncode


if __name__ == "__main__":
    sys.exit(main())
