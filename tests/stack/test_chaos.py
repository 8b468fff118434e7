"""A minute of trading while everything is killed in turn and the clocks of the services are set forth and back."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from loadtest.chaos import trial
from loadtest.clock_shift import why_not_here
from tests.stack.conftest import skip_where_servers_are_missing

SECONDS = float(os.environ.get("CHAOS_SECONDS", "60"))
RATE = 30.0


@pytest.mark.timeout(SECONDS + 600)
def test_whoever_is_killed_and_whatever_clocks_say_every_promise_is_kept(tmp_path: Path) -> None:
    """No accepted order is lost or doubled, none fills after its end, and assets say truly whether they trade."""
    skip_where_servers_are_missing()
    seed = int(os.environ.get("CHAOS_SEED", str(time.time_ns() % 1_000_000)))
    print(f"\nCHAOS_SEED={seed} CHAOS_SECONDS={SECONDS:.0f}")

    outcome, audit = trial(tmp_path, SECONDS, RATE, seed)

    assert outcome.broken_promises() == []
    assert outcome.acknowledged > 0, "nothing was traded: the minute proved nothing"
    assert outcome.kills, "nobody was killed: the minute proved nothing"
    assert outcome.halts, "nothing was halted: the minute proved nothing"
    assert outcome.day_orders_ended, "no trading day ended: the minute proved nothing"
    assert outcome.clock_steps or why_not_here(), "no clock was set: the minute proved nothing"
    assert audit.returncode == 0, audit.stdout + audit.stderr
