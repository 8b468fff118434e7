"""Ends the orders whose day is over.

Nothing depends on it: matching itself lets nothing trade at or after its end. Where nobody trades, this tells people.
"""

from __future__ import annotations

from order_matching.handlers.matching import expire
from order_matching.ports import Deps


def end_what_is_over(deps: Deps) -> None:
    """Expire every open order whose time has come, through the same path as any other command, book by book."""
    now_us = deps.clock.now_us()
    with deps.transaction() as unit:
        due = unit.due(now_us)
    for symbol in due:
        with deps.transaction() as unit:
            expire(deps, unit, symbol)
