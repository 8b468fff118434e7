"""The harness itself: it sees who is refused, who waits, and nothing where nothing is."""

from __future__ import annotations

import time

import pytest

from loadtest.exchange_process import ExchangeProcess
from loadtest.public_address import PublicAddress
from tests.attacks.trial import ALONE_S, PEOPLE, Figures, Trial, Watch, trial


def test_without_an_attack_nobody_is_harmed(exchange: ExchangeProcess) -> None:
    def nothing(_: PublicAddress, seconds: float, count: int) -> str:
        time.sleep(min(seconds, 2.0))
        return "nothing"

    seen = trial(exchange, nothing, seconds=3, count=0)

    seen.assert_nobody_was_harmed()
    assert seen.attack == "nothing"
    assert seen.before.kinds["livez"].count >= PEOPLE * ALONE_S
    assert min(it.count for it in seen.during.kinds.values()) > 0


@pytest.mark.parametrize(
    ("during", "said"),
    [
        (Watch({"order": Figures.of([0.1], {"503": 1})}), "order 503"),
        (Watch({"livez": Figures.of([0.1] * 50 + [40.0], {})}), "livez"),
        (Watch({}, memory_mb=10_000.0), "memory"),
    ],
)
def test_whoever_is_refused_kept_waiting_or_crowded_out_is_seen(during: Watch, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        Trial("an attack", Watch({}), during, None).assert_nobody_was_harmed()
