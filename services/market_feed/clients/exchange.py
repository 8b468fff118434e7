"""The door of the exchange."""

from __future__ import annotations

import itertools

from chassis.clock import Clock
from market_feed.clients.desk import HttpDesk
from market_feed.clients.line import Line
from market_feed.clients.session import Session
from market_feed.ports import Credential


class HttpExchange:
    """All accounts share one line. The order ids we give start with the time of this start, so none comes again."""

    def __init__(self, line: Line, clock: Clock) -> None:
        self._line = line
        self._clock = clock
        self._order_names = (f"{clock.now_us():x}-{number}" for number in itertools.count(1))

    def enter(self, credential: Credential) -> HttpDesk | None:
        """Sign up, or log in if that was done before; None if the name is somebody else's. Raises Away, Hasty."""
        form = {"name": credential.name, "password": credential.password}
        answer = self._line.ask("POST", "/v2/auth/signup", form)
        if answer.status == 409:
            answer = self._line.ask("POST", "/v2/auth/login", form)
        if answer.status == 401:
            return None
        return HttpDesk(Session(self._line, self._clock, credential, answer), self._order_names)
