"""A flood of people who sign up, place and cancel limit orders around the middle, and look at books: for Locust.

    make flood URL=http://localhost:8080 PEOPLE=20 SECONDS=30

A request that finds the exchange busy is sent again when the exchange says that it may, and after a line that breaks
once more, as any careful bot does; such another try is counted under a name of its own. What fails to the last is a
failure, and a flood that sent nothing is one, too: exit status 1.
"""

from __future__ import annotations

import logging
import random
import secrets
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from locust import FastHttpUser, between, events, task
from locust.env import Environment

JSON = dict[str, Any]

_log = logging.getLogger("flood")
_BUSY = frozenset({0, 429, 502, 503, 504})
"""0: the line broke."""
_REST_S = 1.0
_LONGEST_REST_S = 60.0
_MOST_TRIES = 6
_MOST_OPEN = 20
_WIDTH_TICKS = 30
_OPENING_LIMIT_S = 30.0


class Trader(FastHttpUser):
    """Somebody at a keyboard with quick fingers."""

    wait_time = between(0.1, 0.5)

    def on_start(self) -> None:
        """Sign up, and find out what is traded at which price."""
        self.orders: list[str] = []
        self.placed = 0
        self.headers: dict[str, str] = {}
        self.name = ""
        answer = self.ask("POST", "/v2/auth/signup", self._form, {201})
        self.headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        self._wait_for_the_account()
        assets = self.ask("GET", "/v2/assets", dict, {200}).json()
        self.assets = [asset for asset in assets if asset["tradable"]]
        self.middles = {asset["symbol"]: Decimal(asset["reference_price"]) for asset in self.assets}
        _log.info("%s begins to trade", self.name)

    def on_stop(self) -> None:
        """Leave no order behind."""
        if self.headers:
            self.ask("DELETE", "/v2/orders", dict, {207})

    @task(6)
    def place(self) -> None:
        """A few shares, a little above or below the middle."""
        asset = random.choice(self.assets)
        away = random.randint(-_WIDTH_TICKS, _WIDTH_TICKS) * Decimal(asset["price_increment"])
        self.placed += 1
        order = {
            "symbol": asset["symbol"],
            "qty": str(random.randint(1, 3) * int(asset["lot_size"])),
            "side": random.choice(("buy", "sell")),
            "type": "limit",
            "limit_price": str(self.middles[asset["symbol"]] + away),
            "time_in_force": "day",
            "client_order_id": f"{self.name}-{self.placed}",
        }
        answer = self.ask("POST", "/v2/orders", lambda: order, {200, 403})  # 403: all is held by what is open
        if answer.status_code == 200:
            self.orders.append(answer.json()["id"])
        if len(self.orders) > _MOST_OPEN:
            self.cancel()

    @task(2)
    def cancel(self) -> None:
        """One of the own orders, filled or not."""
        if self.orders:
            order_id = self.orders.pop(random.randrange(len(self.orders)))
            self.ask("DELETE", f"/v2/orders/{order_id}", dict, {204, 422}, "/v2/orders/[id]")

    @task(3)
    def look_at_the_book(self) -> None:
        """And remember where its middle is."""
        asset = random.choice(self.assets)
        path = f"/v2/stocks/{asset['symbol']}/orderbook"
        book = self.ask("GET", path, dict, {200}, "/v2/stocks/[symbol]/orderbook").json()
        if book["bids"] and book["asks"]:
            tick = Decimal(asset["price_increment"])
            bid, ask = (Decimal(str(book[side][0]["p"])) for side in ("bids", "asks"))
            self.middles[asset["symbol"]] = (bid + ask) / 2 // tick * tick

    @task(1)
    def look_at_the_account(self) -> None:
        self.ask("GET", "/v2/account", dict, {200})

    def _wait_for_the_account(self) -> None:
        """It is opened by another service, after the sign-up was answered."""
        deadline_s = time.monotonic() + _OPENING_LIMIT_S
        while self.ask("GET", "/v2/account", dict, {200, 503}, "/v2/account (new)").status_code != 200:
            if time.monotonic() > deadline_s:
                raise TimeoutError(f"the account of {self.name} was not opened within {_OPENING_LIMIT_S:.0f} s")

    def ask(self, method: str, path: str, body: Callable[[], JSON], fine: set[int], name: str = "") -> Any:
        """The answer to a request; `body` is called for each try, an empty one is not sent."""
        answer = self._ask_once(method, path, body(), fine, name or path, may_fail=True)
        for left in reversed(range(_MOST_TRIES - 1)):
            if answer.status_code not in _BUSY:
                break
            time.sleep(_rest_s(answer))
            told = answer.status_code != 0 and left > 0  # a line that breaks is tried once more only
            answer = self._ask_once(method, path, body(), fine, f"{name or path} (another try)", may_fail=told)
            if not told:
                break
        return answer

    def _ask_once(self, method: str, path: str, body: JSON, fine: set[int], name: str, *, may_fail: bool) -> Any:
        with self.client.request(
            method, path, name=name, json=body or None, headers=self.headers, catch_response=True
        ) as answer:
            if answer.status_code in fine or (may_fail and answer.status_code in _BUSY):
                answer.success()
            else:
                answer.failure(f"{answer.status_code}: {answer.text}")
        return answer

    def _form(self) -> JSON:
        self.name = f"flood-{secrets.token_hex(5)}"  # another for each try: the first may have been heard
        return {"name": self.name, "password": secrets.token_urlsafe(24)}


def _rest_s(answer: Any) -> float:
    told_s = (answer.headers or {}).get("Retry-After", "")
    return min(float(told_s), _LONGEST_REST_S) if told_s.isdecimal() else _REST_S


@events.quitting.add_listener  # type: ignore[untyped-decorator]
def refuse_a_flood_that_was_none(environment: Environment, **_: object) -> None:
    if environment.stats.total.num_requests == 0:
        environment.process_exit_code = 1
