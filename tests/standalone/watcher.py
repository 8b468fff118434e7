"""Somebody who watches a market live, as the page does."""

from __future__ import annotations

from typing import Any

import socketio  # type: ignore[import-untyped]

from loadtest.public_address import PublicAddress
from tests.chassis.builders import eventually


class Watcher:
    """One live connection, over the same address as everything else. It takes every update at once."""

    def __init__(self, exchange: PublicAddress, token: str) -> None:
        self.updates: list[dict[str, Any]] = []
        self._client = socketio.Client(reconnection=False)
        self._client.on("update", self._take)
        self._client.connect(
            f"http://{exchange.host}:{exchange.port}", auth={"token": token}, transports=["websocket"], wait_timeout=10
        )

    def watch(self, *symbols: str) -> None:
        wanted = {"prices": list(symbols), "markets": list(symbols)}
        assert self._client.call("subscribe", wanted, timeout=10) == wanted

    def wait_for_price(self, symbol: str, price: str) -> None:
        eventually(
            lambda: any(update.get("prices", {}).get(symbol, {}).get("price") == price for update in self.told())
        )

    def wait_for_order(self, order_id: str, event: str) -> None:
        eventually(
            lambda: any(
                (told["order_id"], told["event"]) == (order_id, event)
                for update in self.told()
                for told in update.get("orders", ())
            )
        )

    def told(self) -> list[dict[str, Any]]:
        """Every update so far."""
        return list(self.updates)

    def wait_until_cut_off(self) -> None:
        eventually(lambda: not self._client.connected)

    def leave(self) -> None:
        self._client.disconnect()

    def _take(self, update: dict[str, Any]) -> None:
        self.updates.append(update)
