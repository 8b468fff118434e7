"""Random but repeatable traffic of every kind a trader can send: for floods, kill tests and audits."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any, Protocol

from loadtest.http_client import JSON, Response

SYMBOLS = ("AAPL", "AMZN", "GOOG", "INTC", "MSFT")
MIDDLE_CENTS = 10_000
WIDTH_CENTS = 50
REMEMBERED_ORDERS = 200


def random_order(source: random.Random, symbols: tuple[str, ...] = SYMBOLS) -> dict[str, Any]:
    """A limit order near the middle price: about half of them trade."""
    return {
        "symbol": source.choice(symbols),
        "qty": str(source.randint(1, 10)),
        "side": source.choice(("buy", "sell")),
        "type": "limit",
        "time_in_force": "day",
        "limit_price": random_price(source),
    }


def random_price(source: random.Random) -> str:
    return f"{(MIDDLE_CENTS + source.randint(-WIDTH_CENTS, WIDTH_CENTS)) / 100:.2f}"


class Line(Protocol):
    """A trader's way to the exchange."""

    def request(self, method: str, path: str, body: JSON | None = None, **headers: str) -> Response: ...


@dataclass(slots=True)
class RestlessTrader:
    """Places orders of every kind, changes its mind, and remembers what it was promised.

    `acknowledged` maps the client order ids of orders answered with a 2xx to their order ids; `placed` counts all.
    """

    connection: Line
    name: str
    source: random.Random
    symbols: tuple[str, ...] = SYMBOLS
    acknowledged: dict[str, str] = field(default_factory=dict)
    placed: int = 0
    _recent: list[str] = field(default_factory=list)

    def act(self) -> Response:
        """Do one random thing; whatever it is, the answer is not a server error. OSError when the line breaks."""
        action = self.source.choices(
            (self.place, self.place_something_special, self.cancel, self.replace, self.cancel_all), (50, 15, 15, 18, 2)
        )[0]
        return action()

    def place(self) -> Response:
        return self._send(random_order(self.source, self.symbols))

    def place_something_special(self) -> Response:
        order = random_order(self.source, self.symbols) | self.source.choice(
            (
                {"type": "market", "limit_price": None},
                {"type": "market", "limit_price": None, "time_in_force": "fok"},
                {"time_in_force": "ioc"},
                {"time_in_force": "fok"},
                {"time_in_force": "gtc"},
            )
        )
        return self._send({name: value for name, value in order.items() if value is not None})

    def cancel(self) -> Response:
        return self.connection.request("DELETE", f"/v2/orders/{self._some_order()}")

    def cancel_all(self) -> Response:
        return self.connection.request("DELETE", "/v2/orders")

    def replace(self) -> Response:
        changes = self.source.choice(
            (
                {"qty": str(self.source.randint(1, 12))},
                {"limit_price": random_price(self.source)},
                {"qty": str(self.source.randint(1, 12)), "limit_price": random_price(self.source)},
            )
        )
        self.placed += 1
        client_order_id = f"{self.name}-{self.placed}"
        body = {**changes, "client_order_id": client_order_id}
        return self._remember(
            client_order_id, self.connection.request("PATCH", f"/v2/orders/{self._some_order()}", body)
        )

    def _send(self, order: dict[str, Any]) -> Response:
        self.placed += 1
        client_order_id = f"{self.name}-{self.placed}"
        order = {**order, "client_order_id": client_order_id}
        return self._remember(client_order_id, self.connection.request("POST", "/v2/orders", order))

    def _remember(self, client_order_id: str, response: Response) -> Response:
        if 200 <= response.status < 300:
            order_id = response.json()["id"]
            self.acknowledged[client_order_id] = order_id
            self._recent = [*self._recent[-REMEMBERED_ORDERS:], order_id]
        return response

    def _some_order(self) -> str:
        return self.source.choice(self._recent) if self._recent else "00000000-0000-0000-0000-000000000000"
