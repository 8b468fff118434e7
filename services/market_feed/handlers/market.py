"""The market turn by turn: everybody comes in, makers and takers share the orders, nobody leaves an order behind."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from market_feed.domain.chance import pick
from market_feed.domain.market import View
from market_feed.handlers.floor import SECOND_US, Floor, Trader
from market_feed.handlers.joining import Joiner, come_in
from market_feed.handlers.turns import MAKERS, TAKERS, most_needed, open_books, take, visit
from market_feed.ports import Away, Deps, Hasty, Unknown

_log = structlog.get_logger()

_IDLE = 1
"""What a turn without an order counts, so that nobody spins."""

_FURTHEST_AHEAD = 20
"""Orders that makers or takers may make up for when they could not place any for a while."""

_PAUSE_OUTSIDE_S = 1.0
_FIRST = ("maker-1", "maker-2", "noise-1")
"""With these in there are prices; the others come in while they trade."""


class Market:
    """All resident traders. What goes wrong in one turn is made good in a later one."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        self._dice = deps.dice("decisions")
        self._floor = Floor(deps)
        self._outside = [Joiner(role) for role in sorted((*MAKERS, *TAKERS), key=lambda role: role not in _FIRST)]
        self._inside: dict[str, Trader] = {}
        self._makers_ahead = 0
        self._lets_in = False

    @property
    def is_complete(self) -> bool:
        """Whether everybody has come in."""
        return not self._outside

    def turn(self) -> int:
        """Do the next thing; how many orders to count for it. Raises Away when the exchange is."""
        now_us = self._deps.clock.now_us()
        joiner = next((each for each in self._outside if each.not_before_us <= now_us), None)
        self._lets_in = joiner is not None and not self._lets_in
        try:
            if joiner is not None and self._lets_in:
                self._let_in(joiner)
                return 0
            return self._trade(now_us)
        except Away:
            self._floor.forget()
            for trader in self._inside.values():
                trader.looked_at_us = 0
            raise

    def leave(self) -> None:
        """Cancel every order. Raises Away when the exchange is: then they stay until the next start."""
        for trader in self._inside.values():
            try:
                trader.desk.cancel_all()
            except (Hasty, Unknown) as refused:
                _log.warning("orders_left_behind", role=trader.role, reason=str(refused))

    def _let_in(self, joiner: Joiner) -> None:
        try:
            trader = come_in(self._deps, joiner)
            if trader is None:
                return
            self._outside.remove(joiner)
            self._inside[trader.role] = trader
            if trader.role in MAKERS:
                view = self._floor.look(trader.desk, self._inside.values())
                open_books(self._dice, trader, view, self._deps.clock.now_us())
        except Hasty as hasty:
            joiner.not_before_us = self._later(hasty.pause_s)
        except Unknown:
            self._send_out(joiner.role)

    def _trade(self, now_us: int) -> int:
        awake = [trader for trader in self._inside.values() if trader.rests_until_us <= now_us]
        if not awake:
            return _IDLE
        acting = awake[0]
        try:
            view = self._floor.look(acting.desk, self._inside.values())
            acting, symbol = self._next(awake, view, now_us)
            if symbol:
                return self._count(visit(self._dice, self._floor, acting, symbol, view, now_us), 1)
            return self._count(take(self._dice, self._floor, acting, view), -1)
        except Hasty as hasty:
            acting.rests_until_us = self._later(hasty.pause_s)
        except Unknown:
            self._send_out(acting.role)
        return _IDLE

    def _next(self, awake: Sequence[Trader], view: View, now_us: int) -> tuple[Trader, str]:
        """Whose turn it is, and which book a maker is to look after: "" for a taker."""
        makers = [trader for trader in awake if trader.role in MAKERS]
        takers = [trader for trader in awake if trader.role in TAKERS]
        if makers and view.instruments and (self._makers_ahead <= 0 or not takers):
            return most_needed(makers, view, now_us)
        return pick(self._dice, takers or makers), ""

    def _count(self, placed: int, direction: int) -> int:
        counted = max(placed, _IDLE)
        self._makers_ahead = max(-_FURTHEST_AHEAD, min(_FURTHEST_AHEAD, self._makers_ahead + direction * counted))
        return counted

    def _send_out(self, role: str) -> None:
        _log.warning("account_unknown", role=role)
        self._inside.pop(role, None)
        self._outside = [each for each in self._outside if each.role != role]
        self._outside.append(Joiner(role, self._later(_PAUSE_OUTSIDE_S)))

    def _later(self, seconds: float) -> int:
        return self._deps.clock.now_us() + int(seconds * SECOND_US)
