"""Somebody who trades through the public API, for tests to tell stories about."""

from __future__ import annotations

from typing import Any

from loadtest.exchange_process import ExchangeProcess
from loadtest.http_client import Connection, Response
from loadtest.stack_process import StackProcess

WAIT = "wait=10"


class Trader:
    """An account and a connection of its own. Orders wait for the book unless told otherwise."""

    def __init__(self, exchange: ExchangeProcess | StackProcess, token: str) -> None:
        self.exchange = exchange
        self.token = token
        self.connection = exchange.connect(token)

    def another_connection(self) -> Connection:
        return self.exchange.connect(self.token)

    def place(self, symbol: str, side: str, qty: Any, price: Any = None, prefer: str = WAIT, **more: Any) -> Response:
        kind = {"type": "market"} if price is None else {"type": "limit", "limit_price": price}
        order = {"symbol": symbol, "side": side, "qty": qty, "time_in_force": "day", **kind, **more}
        return self.connection.request("POST", "/v2/orders", order, prefer=prefer)

    def buy(self, symbol: str, qty: Any, price: Any = None, **more: Any) -> dict[str, Any]:
        return self._order(self.place(symbol, "buy", qty, price, **more))

    def sell(self, symbol: str, qty: Any, price: Any = None, **more: Any) -> dict[str, Any]:
        return self._order(self.place(symbol, "sell", qty, price, **more))

    def cancel(self, order_id: str, prefer: str = WAIT) -> Response:
        return self.connection.request("DELETE", f"/v2/orders/{order_id}", prefer=prefer)

    def replace(self, order_id: str, **changes: Any) -> Response:
        return self.connection.request("PATCH", f"/v2/orders/{order_id}", changes, prefer=WAIT)

    def get(self, path: str) -> Any:
        response = self.connection.request("GET", path)
        assert response.status == 200, response.body
        return response.json()

    def order(self, order_id: str) -> dict[str, Any]:
        order: dict[str, Any] = self.get(f"/v2/orders/{order_id}")
        return order

    def account(self) -> dict[str, Any]:
        account: dict[str, Any] = self.get("/v2/account")
        return account

    def position(self, symbol: str) -> int:
        response = self.connection.request("GET", f"/v2/positions/{symbol}")
        return 0 if response.status == 404 else int(response.json()["qty"])

    @staticmethod
    def _order(response: Response) -> dict[str, Any]:
        assert response.status == 200, response.body
        order: dict[str, Any] = response.json()
        return order
