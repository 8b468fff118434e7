"""What one account asks the exchange for, in the API's shapes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from contracts.money import dollars, units
from contracts.orders import OrderType, Side
from market_feed.clients.session import Session
from market_feed.domain.market import Holdings, Instrument, Quote, Standing, Wish
from market_feed.ports import Away

_SYMBOLS_AT_ONCE = 100
_ORDERS_AT_ONCE = 500


class HttpDesk:
    """The exchange as one account sees it. `order_names` gives each order a name, so that it can be sent twice."""

    def __init__(self, session: Session, order_names: Iterator[str]) -> None:
        self._session = session
        self._order_names = order_names

    def instruments(self) -> list[Instrument]:
        """What can be traded: listed and not halted."""
        assets = self._get("/v2/assets", status="active")
        return [
            Instrument(each["symbol"], _price(each["price_increment"]), int(each["lot_size"]),
                       _price(each["reference_price"]))
            for each in assets if each["tradable"]
        ]  # fmt: skip

    def last_prices(self, symbols: Collection[str]) -> dict[str, int]:
        """The last price of those that have traded."""
        return {symbol: _price(trade["p"]) for symbol, trade in self._latest("trades", symbols).items()}

    def quotes(self, symbols: Collection[str]) -> dict[str, Quote]:
        found = self._latest("quotes", symbols)
        return {symbol: Quote(_price(each["bp"]), _price(each["ap"])) for symbol, each in found.items()}

    def holdings(self) -> Holdings:
        account, positions = self._get("/v2/account"), self._get("/v2/positions")
        return Holdings(
            _price(account["cash"]),
            _price(account["buying_power"]),
            {each["symbol"]: int(each["qty"]) for each in positions},
            {each["symbol"]: int(each["qty_available"]) for each in positions},
        )

    def standing(self, symbol: str) -> list[Standing]:
        """Its open orders in one symbol that no cancel was asked for."""
        orders = self._get("/v2/orders", status="open", symbols=symbol, limit=_ORDERS_AT_ONCE)
        return [_standing(order) for order in orders if order["cancel_requested_at"] is None]

    def place(self, wishes: Sequence[Wish]) -> list[str]:
        """Place all; their order ids, "" for one that was refused."""
        orders = [_order(wish, next(self._order_names)) for wish in wishes]
        answers = self._ask("POST", "/v2/orders:batch", {"orders": orders})["orders"]
        return [each["order"]["id"] if each["status"] == 200 else "" for each in answers]

    def cancel(self, order_id: str) -> None:
        """Ask for a cancel; it does not matter if the order has ended."""
        self._session.ask("DELETE", f"/v2/orders/{order_id}")

    def cancel_all(self) -> int:
        """Ask to cancel every open order; how many those are."""
        return len(self._ask("DELETE", "/v2/orders"))

    def is_cleared(self) -> bool:
        """Whether no order is open."""
        return not self._get("/v2/orders", status="open", limit=1)

    def _latest(self, kind: str, symbols: Collection[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        asked = sorted(symbols)
        for start in range(0, len(asked), _SYMBOLS_AT_ONCE):
            some = ",".join(asked[start : start + _SYMBOLS_AT_ONCE])
            found |= self._get(f"/v2/stocks/{kind}/latest", symbols=some)[kind]
        return found

    def _get(self, path: str, **query: object) -> Any:
        return self._ask("GET", f"{path}?{urlencode(query)}" if query else path)

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        answer = self._session.ask(method, path, body)
        if answer.status not in (200, 207):
            raise Away(f"{method} {path} was answered {answer.status} {answer.body}")
        return answer.body


def _price(number: str | int | Decimal) -> int:
    return units(Decimal(number))


def _order(wish: Wish, name: str) -> dict[str, str]:
    return {
        "symbol": wish.symbol,
        "side": wish.side,
        "qty": str(wish.quantity),
        "type": OrderType.LIMIT,
        "limit_price": dollars(wish.price),
        "time_in_force": wish.time_in_force,
        "client_order_id": name,
    }


def _standing(order: Mapping[str, Any]) -> Standing:
    remaining = int(order["qty"]) - int(order["filled_qty"])
    return Standing(order["id"], order["symbol"], Side(order["side"]), _price(order["limit_price"]), remaining)
