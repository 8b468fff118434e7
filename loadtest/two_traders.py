"""Two accounts on a running exchange that know nothing but its public API: one whose orders rest, one who takes."""

from __future__ import annotations

import json
import secrets
import time
from decimal import Decimal
from typing import Any

from contracts.money import dollars, units
from contracts.orders import Side
from loadtest.http_client import Connection, Response
from loadtest.mirror import Action, Cancel, Place, Shrink, Take

WAIT = "wait=30"
"""Every order is answered when the book has spoken."""

_PATIENCE_S = 30.0
_PAUSE_S = 0.001

Levels = tuple[tuple[int, int], ...]
"""(price in 1/10000 dollar, shares), best first."""


class ReplayFailed(Exception):
    """The exchange did not do what the recording asks for; the text is one sentence."""


class Account:
    """A new account with an API key, on a connection of its own."""

    def __init__(self, host: str, port: int, role: str) -> None:
        self._connection = Connection(host, port)
        self._headers: dict[str, str] = {}
        who = {"name": f"replay-{role}-{secrets.token_hex(4)}", "password": secrets.token_urlsafe(24)}
        token = self.ask("POST", "/v2/auth/signup", who).json()["access_token"]
        self._headers = {"authorization": f"Bearer {token}"}
        key = self.ask("POST", "/v2/auth/keys", {}).json()
        self._headers = {"apca_api_key_id": key["key_id"], "apca_api_secret_key": key["secret"]}

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None, **headers: str) -> Response:
        """The answer to a request; ReplayFailed with the exchange's own sentence if it refuses.

        One that is told to come back later does, as often as it takes: nothing was done yet.
        """
        response = self._connection.request(method, path, body, **self._headers, **headers)
        while response.status == 429:
            time.sleep(float(response.headers.get("retry-after", "1")))
            response = self._connection.request(method, path, body, **self._headers, **headers)
        if response.status not in (200, 201, 204):
            raise ReplayFailed(f"{method} {path} was answered {response.status}: {_sentence(response)}")
        return response

    def wait_for_shares(self, symbol: str) -> None:
        """Sign-up gives shares in its own time; ReplayFailed if it never does."""
        deadline_s = time.monotonic() + _PATIENCE_S
        path = f"/v2/positions/{symbol}"
        while self._connection.request("GET", path, None, **self._headers).status != 200:
            if time.monotonic() > deadline_s:
                raise ReplayFailed(f"A new account has no {symbol} to sell; start the exchange with STARTING_SHARES.")
            time.sleep(0.05)

    def close(self) -> None:
        self._connection.close()


class TwoTraders:
    """Does what a `Mirror` decides. No order of one account ever meets another order of the same account."""

    def __init__(self, host: str, port: int, symbol: str) -> None:
        self.symbol = symbol
        self.orders = 0
        self.cancels = 0
        self._maker = Account(host, port, "maker")
        self._taker = Account(host, port, "taker")
        self._order_ids: dict[int, str] = {}
        self._sequence = 0
        for account in (self._maker, self._taker):
            account.wait_for_shares(symbol)

    def do(self, action: Action) -> None:
        """Send one action and wait until the book has dealt with it; ReplayFailed if it would not."""
        match action:
            case Place(key, side, price, quantity):
                self._order_ids[key] = self._order(self._maker, side, price, quantity, "gtc")
            case Take(side, price, quantity):
                self._order(self._taker, side, price, quantity, "ioc")
            case Shrink(key, total):
                path = f"/v2/orders/{self._order_ids[key]}"
                self._order_ids[key] = self._placed(self._maker.ask("PATCH", path, {"qty": str(total)}, prefer=WAIT))
            case Cancel(key):
                self.cancels += 1
                path = f"/v2/orders/{self._order_ids.pop(key)}"
                self._heard(self._maker.ask("DELETE", path, prefer=WAIT))

    def depth(self, levels: int) -> tuple[Levels, Levels]:
        """Bids and asks once everything done so far shows in them; ReplayFailed if that takes too long."""
        deadline_s = time.monotonic() + _PATIENCE_S
        while (book := self._orderbook(levels))["sequence"] < self._sequence:
            if time.monotonic() > deadline_s:
                raise ReplayFailed(
                    f"The depth still shows command {book['sequence']} and not {self._sequence} "
                    f"after {_PATIENCE_S:.0f} s."
                )
            time.sleep(_PAUSE_S)
        return _levels(book["bids"]), _levels(book["asks"])

    def trades(self) -> int:
        """How many trades the symbol's tape holds."""
        trade = self._maker.ask("GET", f"/v2/stocks/{self.symbol}/trades/latest").json()["trade"]
        return int(trade["i"]) if trade is not None else 0

    def close(self) -> None:
        self._maker.close()
        self._taker.close()

    def _order(self, account: Account, side: Side, price: int, quantity: int, time_in_force: str) -> str:
        body = {
            "symbol": self.symbol,
            "qty": str(quantity),
            "side": side,
            "type": "limit",
            "time_in_force": time_in_force,
            "limit_price": dollars(price),
        }
        return self._placed(account.ask("POST", "/v2/orders", body, prefer=WAIT))

    def _placed(self, response: Response) -> str:
        self.orders += 1
        order = response.json()
        if order["status"] in ("pending_new", "rejected"):
            raise ReplayFailed(
                f"An order is {order['status']}: {order.get('reason') or 'the exchange does not say why'}."
            )
        self._heard(response)
        return str(order["id"])

    def _heard(self, response: Response) -> None:
        self._sequence = max(self._sequence, int(response.headers.get("book-sequence", "0")))

    def _orderbook(self, levels: int) -> Any:
        answer = self._maker.ask("GET", f"/v2/stocks/{self.symbol}/orderbook?levels={levels}")
        return json.loads(answer.body, parse_float=Decimal, parse_int=int)


def _levels(shown: list[dict[str, Any]]) -> Levels:
    return tuple((units(Decimal(level["p"])), level["s"]) for level in shown)


def _sentence(response: Response) -> str:
    try:
        return str(response.json()["message"])
    except (ValueError, KeyError, TypeError):
        return response.body[:200].decode(errors="replace")
