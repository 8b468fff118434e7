"""A minute of trading while services, relays, consumers, the broker and the database are killed in turn."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from loadtest.chaos import SETTINGS, report, run
from loadtest.stack_process import stack_on
from tests.stack.conftest import skip_where_servers_are_missing

SECONDS = float(os.environ.get("CHAOS_SECONDS", "60"))
RATE = 30.0


@pytest.mark.timeout(SECONDS + 600)
def test_whoever_is_killed_no_accepted_order_is_lost_and_none_is_doubled(tmp_path: Path) -> None:
    skip_where_servers_are_missing()
    seed = int(os.environ.get("CHAOS_SEED", str(time.time_ns() % 1_000_000)))
    print(f"\nCHAOS_SEED={seed} CHAOS_SECONDS={SECONDS:.0f}")
    with stack_on(tmp_path / "stack", SETTINGS) as stack:
        outcome = run(stack, SECONDS, RATE, seed)
        report(outcome)
        audit = stack.audit()

    assert (outcome.lost, outcome.doubled) == ([], [])
    assert outcome.acknowledged > 0, "nothing was traded: the minute proved nothing"
    assert outcome.kills, "nobody was killed: the minute proved nothing"
    assert audit.returncode == 0, audit.stdout + audit.stderr
