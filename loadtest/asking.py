"""An exchange behind any http or https address, asked with the standard library alone and with patience.

What the cluster's own test uses, so it comes with nothing: a load generator wants `http_client` instead.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

JSON = dict[str, Any]
NO_HEADERS: Mapping[str, str] = MappingProxyType({})

_BUSY = frozenset({429, 502, 503, 504})
_PAUSE_S = 0.2
_LONGEST_ANSWER_S = 35.0
"""A little more than the longest `Prefer: wait`."""


class Wrong(Exception):
    """Something is not as it should be; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the exchange. Numbers in JSON become Decimal or int: a price is never a float."""

    status: int
    body: bytes
    retry_after_s: float = 0.0

    def json(self) -> Any:
        try:
            return json.loads(self.body, parse_float=Decimal)
        except ValueError:
            raise Wrong(f"Instead of JSON came {self.body[:80]!r}.") from None

    def sentence(self) -> str:
        """The exchange's own words for a refusal."""
        try:
            return str(json.loads(self.body)["message"])
        except (ValueError, KeyError, TypeError):
            return self.body[:120].decode(errors="replace")


class Exchange:
    """An exchange at a URL. What is busy, or not there yet, is asked again until `patience_s` after the start."""

    def __init__(self, url: str, patience_s: float) -> None:
        self.url = url.rstrip("/")
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Wrong(f"{url!r} is not an address like http://localhost:8080.")
        self._open = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._host, self._port, self._path = parts.hostname, parts.port, parts.path
        self._patience_s = patience_s
        self._deadline_s = time.monotonic() + patience_s

    def ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] = NO_HEADERS,
        body: Callable[[], JSON | None] = lambda: None,
    ) -> Answer:
        """The first answer that is not about being busy; Wrong when there is none in time.

        `body` is called for each try: what must not be sent twice says so by what it makes.
        """
        while True:
            rest_s = _PAUSE_S
            try:
                answer = self._ask_once(method, path, headers, body())
                if answer.status not in _BUSY:
                    return answer
                reason = f"{answer.status}: {answer.sentence()}"
                rest_s = max(answer.retry_after_s, _PAUSE_S)
            except (OSError, HTTPException) as error:
                reason = str(error) or repr(error)
            self.pause(f"{self.url} did not answer {method} {path}", reason, rest_s)

    def get(self, path: str, headers: Mapping[str, str] = NO_HEADERS) -> Any:
        """The JSON of a 200; Wrong for any other answer."""
        return expect(200, self.ask("GET", path, headers), f"GET {path}").json()

    def pause(self, what: str, reason: str, rest_s: float = _PAUSE_S) -> None:
        """Rest a little before the next try; Wrong when the time is over."""
        if time.monotonic() > self._deadline_s:
            raise Wrong(f"{what} within {self._patience_s:.0f} s (last: {reason}).")
        time.sleep(min(rest_s, max(self._deadline_s - time.monotonic(), _PAUSE_S)))

    def _ask_once(self, method: str, path: str, headers: Mapping[str, str], body: JSON | None) -> Answer:
        left_s = max(1.0, self._deadline_s - time.monotonic())
        content = None if body is None else json.dumps(body)
        told = {"Content-Type": "application/json"} if content else {}
        with closing(self._open(self._host, self._port, timeout=min(left_s, _LONGEST_ANSWER_S))) as connection:
            connection.request(method, self._path + path, content, {**told, **headers})
            response = connection.getresponse()
            told_s = response.headers.get("Retry-After", "")
            return Answer(response.status, response.read(), float(told_s) if told_s.isdecimal() else 0.0)


def expect(status: int, answer: Answer, what: str) -> Answer:
    """The answer, if it has the status; otherwise Wrong with what the exchange says."""
    if answer.status != status:
        raise Wrong(f"{what} was answered {answer.status} instead of {status}: {answer.sentence()}")
    return answer
