"""People who go about their business while somebody attacks: what each kind of request took, and who was refused.

Run as a program it is told on its first line what to do, goes on until its input ends and then prints its figures: so
that the attacker's threads do not slow those down who measure.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from loadtest.http_client import Connection, Response

PACE_S = 0.5
_PATIENCE_S = 60.0
_MOST_MISSED = 1_000


@dataclass
class Seen:
    """What one kind of request met: seconds from when each was due, and the refusals by status."""

    took_s: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Person:
    """An account that trades at `host` and `port`, from an address of its own."""

    host: str
    port: int
    name: str
    password: str
    token: str
    source: str

    def connect(self) -> Connection:
        return Connection(self.host, self.port, self.token, _PATIENCE_S, self.source)


def probe(person: Person, connection: Connection) -> Response:
    return connection.request("GET", "/livez")


def log_in(person: Person, connection: Connection) -> Response:
    who = {"name": person.name, "password": person.password}
    return connection.request("POST", "/v2/auth/login", who)


def read_account(person: Person, connection: Connection) -> Response:
    return connection.request("GET", "/v2/account")


def place_order(person: Person, connection: Connection) -> Response:
    order = {"symbol": "AAPL", "side": "buy", "qty": "1", "type": "limit", "limit_price": "1.00"}
    return connection.request("POST", "/v2/orders", {**order, "time_in_force": "day"})


def wait_for_the_book(person: Person, connection: Connection) -> Response:
    """599 if the book has not spoken within ten seconds."""
    order = {"symbol": "MSFT", "side": "buy", "qty": "1", "type": "limit", "limit_price": "1.00"}
    answer = connection.request("POST", "/v2/orders", {**order, "time_in_force": "day"}, prefer="wait=10")
    too_late = answer.status == 200 and answer.json()["status"] == "pending_new"
    return Response(599, answer.headers, b"the book has not spoken") if too_late else answer


def read_book(person: Person, connection: Connection) -> Response:
    return connection.request("GET", "/v2/stocks/AAPL/orderbook")


Ask = Callable[[Person, Connection], Response]
KINDS: dict[str, tuple[Ask, bool, float]] = {
    "livez": (probe, True, PACE_S),
    "login": (log_in, True, 2 * PACE_S),
    "account": (read_account, False, PACE_S),
    "order": (place_order, False, PACE_S),
    "waited": (wait_for_the_book, False, PACE_S),
    "book": (read_book, False, PACE_S),
}
"""How to ask, whether on a new connection each time, and how often."""


class Bystander:
    """One person doing one kind of thing at a fixed pace."""

    def __init__(self, person: Person, kind: str, seen: Seen, stopping: threading.Event) -> None:
        self._person = person
        self._ask, self._always_new, self._pace_s = KINDS[kind]
        self._seen = seen
        self._stopping = stopping
        self._connection: Connection | None = None

    def run(self) -> None:
        due_s = time.monotonic()
        while not self._stopping.wait(max(due_s - time.monotonic(), 0)):
            outcome = self._request()
            now_s = time.monotonic()
            if outcome not in ("200", "201"):
                self._seen.refused[outcome] += 1
            self._seen.took_s.append(now_s - due_s)
            due_s += self._pace_s
            for _ in range(_MOST_MISSED):  # what could not be asked meanwhile would have waited, too
                if due_s >= now_s:
                    break
                self._seen.took_s.append(now_s - due_s)
                due_s += self._pace_s
        self._close()

    def _request(self) -> str:
        try:
            if self._connection is None:
                self._connection = self._person.connect()
            answer = self._ask(self._person, self._connection)
        except OSError as broken:
            self._close()
            return type(broken).__name__
        if self._always_new:
            self._close()
        return str(answer.status) if answer.status < 400 else f"{answer.status} {answer.body.decode()}"

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def main() -> None:
    people = [Person(**person) for person in json.loads(sys.stdin.readline())]
    stopping, seen = threading.Event(), {kind: Seen() for kind in KINDS}
    threads = [
        threading.Thread(target=Bystander(person, kind, seen[kind], stopping).run, daemon=True)
        for person in people
        for kind in KINDS
    ]
    for thread in threads:
        thread.start()
    with suppress(KeyboardInterrupt):
        sys.stdin.read()
    stopping.set()
    for thread in threads:
        thread.join(_PATIENCE_S)
    print(json.dumps({kind: {"took_s": it.took_s, "refused": it.refused} for kind, it in seen.items()}))


if __name__ == "__main__":
    main()
