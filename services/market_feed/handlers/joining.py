"""How a trader comes in: with an account of its own, and with nothing left in the books from last time."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from market_feed.handlers.floor import SECOND_US, Trader
from market_feed.ports import Deps, Desk

_log = structlog.get_logger()

_LOOK_AGAIN_US = SECOND_US // 10
_LONGEST_CLEARING_US = 3 * SECOND_US


@dataclass(slots=True)
class Joiner:
    """Somebody on the way in, and how far it has come. It is not looked after before `not_before_us`."""

    role: str
    not_before_us: int = 0
    desk: Desk | None = None
    entered_at_us: int = 0
    is_cleared: bool = False


def come_in(deps: Deps, joiner: Joiner) -> Trader | None:
    """Go a step further; the trader when it is in. Raises Away, Hasty or Unknown; the next call goes on from there."""
    if joiner.desk is None:
        joiner.desk, joiner.entered_at_us = _enter(deps, joiner.role), deps.clock.now_us()
    now_us = deps.clock.now_us()
    if not joiner.is_cleared:
        left_behind = joiner.desk.cancel_all()
        joiner.is_cleared = not left_behind and joiner.desk.is_cleared()
    if not joiner.is_cleared and now_us < joiner.entered_at_us + _LONGEST_CLEARING_US:
        joiner.not_before_us = now_us + _LOOK_AGAIN_US  # what the old orders hold is to be free first
        return None
    return Trader(joiner.role, joiner.desk, joiner.desk.holdings(), now_us)


def _enter(deps: Deps, role: str) -> Desk:
    desk = deps.exchange.enter(deps.credentials.of(role))
    while desk is None:
        credential = deps.credentials.under_another_name(role)
        _log.warning("name_taken", role=role, name_now=credential.name)
        desk = deps.exchange.enter(credential)
    return desk
