"""A client as a careful bot has it: when the line breaks or the exchange is busy, it asks the same thing again."""

from __future__ import annotations

import time
from collections.abc import Callable

from loadtest.http_client import JSON, Connection, Response

_BUSY = frozenset({429, 502, 503, 504})
_PAUSE_S = 0.1


class GaveUp(OSError):
    """Nothing but broken lines and refusals for as long as the client was willing to try."""


class PatientConnection:
    """Repeats a request until it is answered, at most for `patience_s`; not for use by two threads at once.

    To repeat is harmless where a request can be told apart by what it says, as an order by its client order id.
    `repeats` counts how often one was sent again, `most_repeats` is the most that a single request needed.
    """

    def __init__(self, connect: Callable[[], Connection], patience_s: float) -> None:
        self.repeats = 0
        self.most_repeats = 0
        self._connect = connect
        self._patience_s = patience_s
        self._connection: Connection | None = None
        self._rest_s = _PAUSE_S

    def request(self, method: str, path: str, body: JSON | None = None, **headers: str) -> Response:
        """The first answer that is not about being busy. Raises GaveUp."""
        started_s, repeats = time.monotonic(), 0
        while (answer := self._try(method, path, body, **headers)) is None:
            waited_s = time.monotonic() - started_s
            if waited_s > self._patience_s:
                raise GaveUp(f"{method} {path} was not answered for {waited_s:.0f} s")
            repeats += 1
            self.repeats += 1
            self.most_repeats = max(self.most_repeats, repeats)
            time.sleep(self._rest_s)
        return answer

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _try(self, method: str, path: str, body: JSON | None, **headers: str) -> Response | None:
        try:
            if self._connection is None:
                self._connection = self._connect()
            answer = self._connection.request(method, path, body, **headers)
        except OSError:
            self.close()
            return None
        told_s = answer.headers.get("retry-after", "") if answer.status == 429 else ""
        self._rest_s = min(float(told_s), self._patience_s) if told_s.isdecimal() else _PAUSE_S
        return None if answer.status in _BUSY else answer
