"""One keep-alive connection to the exchange that tells what to wait for from what was answered."""

from __future__ import annotations

import json
from decimal import Decimal
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from market_feed.ports import Away, Hasty

_LONGEST_PAUSE_S = 120.0


class Answer(NamedTuple):
    """What the exchange said; numbers with a point are exact decimals, no body is None."""

    status: int
    body: Any


class Line:
    """Asks one thing at a time; not for use by two threads. `timeout_s` is how long an answer may take."""

    def __init__(self, url: str, timeout_s: float = 10.0) -> None:
        address = urlsplit(url)
        kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
        self._connection = kind(address.hostname or "", address.port, timeout=timeout_s)
        self._prefix = address.path.rstrip("/")

    def ask(self, method: str, path: str, body: object = None, token: str = "") -> Answer:
        """The answer, a refusal too. Raises Away if there is none or the exchange is not able to, Hasty for a 429.

        A connection that has broken since it was last used is made anew and asked once more: what is sent here may
        arrive twice.
        """
        was_open = self._connection.sock is not None
        try:
            return self._asked_once(method, path, body, token)
        except TimeoutError as late:
            self.close()
            raise Away(f"{method} {path} was not answered in time") from late
        except (OSError, HTTPException, ValueError) as broken:
            self.close()
            if not was_open:
                raise Away(f"{method} {path}: {broken!r}") from broken
        return self.ask(method, path, body, token)

    def hurry(self, timeout_s: float) -> None:
        """Wait no longer than this for answers from now on, on a connection that owes none."""
        self.close()
        self._connection.timeout = timeout_s

    def close(self) -> None:
        self._connection.close()

    def _asked_once(self, method: str, path: str, body: object, token: str) -> Answer:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        content = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(body).encode()
        self._connection.request(method, self._prefix + path, content, headers)
        response = self._connection.getresponse()
        text = response.read()
        pause_s = _seconds(response.headers.get("Retry-After", ""))
        if response.status == 429:
            raise Hasty(pause_s or 1.0)
        if response.status >= 500:
            raise Away(f"{method} {path} was answered {response.status}", pause_s)
        return Answer(response.status, json.loads(text, parse_float=Decimal) if text else None)


def _seconds(text: str) -> float:
    return min(float(text), _LONGEST_PAUSE_S) if text.isdecimal() else 0.0
