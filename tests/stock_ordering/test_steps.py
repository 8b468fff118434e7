"""Batches share the orders that are placed at once, and no step is too small to be worth its transaction."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from stock_ordering.handlers.steps import BatchSteps


@pytest.mark.parametrize(
    ("most", "batches", "left", "step"),
    [
        (100, 1, 1_000, 100),
        (100, 2, 1_000, 50),
        (100, 10, 1_000, 25),
        (100, 10, 7, 7),
        (10, 1, 1_000, 10),
        (10, 3, 1_000, 10),
        (0, 5, 1_000, 1_000),
    ],
)
def test_the_next_step(most: int, batches: int, left: int, step: int) -> None:
    steps = BatchSteps(most)
    with ExitStack() as under_way:
        for _ in range(batches):
            under_way.enter_context(steps.batch())

        assert steps.next_step(left) == step

    assert steps.next_step(1_000) == (most or 1_000), "the batches that have ended still count"
