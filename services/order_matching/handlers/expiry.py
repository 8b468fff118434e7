"""Ends the orders whose day is over."""

from __future__ import annotations

from order_matching.domain.commands import ExpireOrders
from order_matching.handlers.matching import give
from order_matching.ports import Deps


def end_what_is_over(deps: Deps) -> None:
    """Expire every open order whose time has come, through the same path as any other command."""
    now_us = deps.clock.now_us()
    with deps.transaction() as unit:
        due = unit.due(now_us)
        give(deps, unit, {symbol: [ExpireOrders(now_us)] for symbol in due})
