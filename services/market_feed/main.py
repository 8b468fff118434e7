"""Puts market_feed together, and trades until told to stop."""

from __future__ import annotations

import os
import random
import select
import signal
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import structlog

from chassis.backoff import jitter
from chassis.clock import SteadyClock
from chassis.logs import log_from
from chassis.parent import stop_with_parent
from chassis.settings import SettingsError, read_settings
from market_feed.clients.exchange import HttpExchange
from market_feed.clients.line import Line
from market_feed.handlers.market import Market
from market_feed.ports import Away, Deps
from market_feed.settings import Settings
from market_feed.store import CredentialFile

_log = structlog.get_logger()

_SHORTEST_PAUSE_S = 0.2
_LONGEST_PAUSE_S = 10.0
_LEAVING_LIMIT_S = 1.8
_LEAVING_ANSWER_S = 0.5
_ORDERS_PER_STEP = 6
_DEFECT = os.EX_SOFTWARE


class Leaving:
    """Whether SIGTERM or SIGINT has come. From then on the process has 1.8 seconds, whatever it waits for."""

    def __init__(self) -> None:
        self.told = False
        self._heard, self._say = os.pipe()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._take_note)
        signal.signal(signal.SIGALRM, self._leave_now)

    def wait(self, seconds: float) -> None:
        """Wait that long, or until it has come."""
        if not self.told and seconds > 0:
            select.select([self._heard], [], [], seconds)

    def _take_note(self, *_: object) -> None:
        if not self.told:
            self.told = True
            signal.setitimer(signal.ITIMER_REAL, _LEAVING_LIMIT_S)
            os.write(self._say, b"!")

    def _leave_now(self, *_: object) -> NoReturn:
        os._exit(0)


def trade(environment: Mapping[str, str]) -> None:
    """Trade until told to stop. Raises SettingsError."""
    settings = read_settings(Settings, environment)
    log_from(settings.log_level)
    if settings.market == "off":
        print("The resident market is switched off (MARKET=off).", file=sys.stderr)  # noqa: T201  # for a person
        return
    if settings.stop_with_parent:
        stop_with_parent()
    leaving = Leaving()
    line = Line(settings.exchange_url)
    market = compose(settings, line)
    _take_turns(market, settings, leaving)
    line.hurry(_LEAVING_ANSWER_S)
    try:
        market.leave()
    except Away as away:
        _log.warning("orders_left_behind", reason=str(away))


def compose(settings: Settings, line: Line) -> Market:
    """The market on a line to its exchange. Raises SettingsError."""
    clock = SteadyClock()
    return Market(
        Deps(
            exchange=HttpExchange(line, clock),
            credentials=CredentialFile(Path(settings.market_folder)),
            clock=clock,
            dice=lambda purpose: random.Random(f"{settings.market_seed} {purpose}"),  # noqa: S311  # no secret
            step_us=step_us(settings.market_pace),
        )
    )


def step_us(pace: float) -> int:
    """How often prices move at that many orders per second: no faster than the makers can follow."""
    return int(max(_ORDERS_PER_STEP / pace, 1) * 1_000_000)


def _take_turns(market: Market, settings: Settings, leaving: Leaving) -> None:
    pause_s, is_told_ready = 0.0, settings.ready_fd < 0
    while not leaving.told:
        try:
            counted = market.turn()
        except Away as away:
            pause_s = min(max(pause_s * 2, _SHORTEST_PAUSE_S), _LONGEST_PAUSE_S)
            _log.info("exchange_away", reason=str(away), pause_s=pause_s)
            leaving.wait(max(pause_s * jitter(), away.pause_s))
            continue
        pause_s = 0.0
        if market.is_complete and not is_told_ready:
            is_told_ready = _tell_ready(settings.ready_fd)
        leaving.wait(counted / settings.market_pace)


def _tell_ready(ready_fd: int) -> bool:
    with os.fdopen(ready_fd, "w") as pipe:
        pipe.write("ready\n")
    return True


def main(words: Sequence[str], environment: Mapping[str, str]) -> None:
    """Open the one door there is; exits with 1 and one sentence when it cannot, with 70 after a defect."""
    if list(words) != ["trade"]:
        sys.exit("usage: python -m market_feed.main trade")
    try:
        trade(environment)
    except SettingsError as refused:
        sys.exit(f"market_feed trade did not start. {refused}")
    except Exception:  # noqa: BLE001  # told in full; Python's own 1 would say that a new start is of no use
        traceback.print_exc()
        sys.exit(_DEFECT)


if __name__ == "__main__":
    main(sys.argv[1:], os.environ)
