"""Every process is replaced by a new one while people trade, and nobody has to ask more than twice."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from loadtest.chaos import SETTINGS, Outcome, Trader, count_orders
from loadtest.stack_process import stack_on
from tests.stack.conftest import skip_where_servers_are_missing

ORDERS_PER_S = 100.0
TRADERS = 10


@pytest.mark.timeout(600)
def test_a_rolling_restart_at_a_hundred_orders_a_second_costs_nobody_more_than_one_retry(tmp_path: Path) -> None:
    skip_where_servers_are_missing()
    dice = random.Random(7)
    with stack_on(tmp_path / "stack", SETTINGS) as stack:
        tokens = [stack.sign_up(f"trader-{number}") for number in range(TRADERS)]
        stack.wait_until_settled()
        before = stack.children()
        traders = [
            Trader(stack, number, token, TRADERS / ORDERS_PER_S, dice.random()) for number, token in enumerate(tokens)
        ]

        stack.replace_all()

        for trader in traders:
            trader.stop()
        stack.wait_until_settled()
        after, outcome = stack.children(), Outcome()
        for trader in traders:
            count_orders(stack, trader, outcome)
        audit = stack.audit()

    replaced = [name for name, child in before.items() if child.kind in {"web", "consumer", "relay"}]
    assert len(replaced) == 16
    assert all(after[name].pid != before[name].pid for name in replaced)
    print(f"\nsent={outcome.sent} acknowledged={outcome.acknowledged} repeats={outcome.repeats}")
    assert outcome.acknowledged > 0
    assert (outcome.lost, outcome.doubled, outcome.gave_up) == ([], [], 0)
    assert max(trader.line.most_repeats for trader in traders) <= 1
    assert audit.returncode == 0, audit.stdout + audit.stderr
