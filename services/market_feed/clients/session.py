"""An account that came in: asks in its name, and keeps its tokens fresh."""

from __future__ import annotations

from chassis.clock import Clock
from market_feed.clients.line import Answer, Line
from market_feed.ports import Away, Credential, Unknown

_FRESH_PERCENT = 80
"""A token is renewed after this part of its life: it must not end under way."""


class Session:
    """One account's session, begun with the `entered` answer of a sign-up or a login."""

    def __init__(self, line: Line, clock: Clock, credential: Credential, entered: Answer) -> None:
        self._line = line
        self._clock = clock
        self._credential = credential
        self._take(entered)

    def ask(self, method: str, path: str, body: object = None) -> Answer:
        """As Line.ask says; Unknown if the account cannot be entered any more."""
        if self._clock.now_us() >= self._renew_at_us:
            self._renew()
        answer = self._line.ask(method, path, body, self._access_token)
        if answer.status == 401:
            self._log_in()
            answer = self._line.ask(method, path, body, self._access_token)
        return answer

    def _renew(self) -> None:
        answer = self._line.ask("POST", "/v2/auth/refresh", {"refresh_token": self._refresh_token})
        if answer.status == 200:
            self._take(answer)
        else:
            self._log_in()

    def _log_in(self) -> None:
        form = {"name": self._credential.name, "password": self._credential.password}
        answer = self._line.ask("POST", "/v2/auth/login", form)
        if answer.status == 401:
            raise Unknown
        self._take(answer)

    def _take(self, answer: Answer) -> None:
        if answer.status not in (200, 201):
            raise Away(f"{self._credential.name} was not let in: {answer.status} {answer.body}")
        self._access_token: str = answer.body["access_token"]
        self._refresh_token: str = answer.body["refresh_token"]
        self._renew_at_us = self._clock.now_us() + answer.body["expires_in"] * 10_000 * _FRESH_PERCENT
