"""Who was told "canceled" or "filled" finds cash, shares, positions and prices so in the next request."""

from __future__ import annotations

from tests.standalone.conftest import TraderMaker
from tests.standalone.own_writes import old_after_fills, refused_after_cancels


def test_after_a_waited_cancel_the_cash_is_there_for_the_next_order(trader: TraderMaker, symbol: str) -> None:
    assert refused_after_cancels(trader(), symbol) == []


def test_after_a_waited_fill_everything_that_follows_from_it_is_shown(trader: TraderMaker, symbol: str) -> None:
    assert old_after_fills(trader(), trader(), symbol) == []
