"""`python -m loadtest.smoke URL`: two new users trade on a running exchange, and every trace of it is checked.

Needs nothing but the public API, so it works on any exchange, whether other people or a resident market trade there or
not. A line per check; exit status 1 with a sentence when something is not as it should be.
"""

from __future__ import annotations

import argparse
import re
import secrets
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import quote

from contracts.paths import PATHS
from loadtest.asking import JSON, Exchange, Wrong, expect

_OVER = frozenset({"filled", "canceled", "expired", "rejected"})
_UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "c21va2UgYW5kIG1pcnJvcg==",
}


@dataclass(slots=True)
class User:
    """A new account of somebody who only buys or only sells: what it began with, and what it has traded since."""

    exchange: Exchange
    name: str
    side: str
    headers: Mapping[str, str]
    symbol: str
    cash: Decimal
    shares: int
    orders: int = 0
    fills: list[JSON] = field(default_factory=list)

    @property
    def traded(self) -> int:
        return sum(int(fill["qty"]) for fill in self.fills)

    def place(self, quantity: int, price: Decimal) -> str:
        """A limit order that the book has spoken about; its id."""
        self.orders += 1
        order = {
            "symbol": self.symbol,
            "side": self.side,
            "qty": f"{quantity}",
            "type": "limit",
            "limit_price": f"{price}",
            "time_in_force": "day",
            "client_order_id": f"{self.name}-{self.orders}",  # so that asking twice is safe
        }
        answer = self.exchange.ask("POST", "/v2/orders", {**self.headers, "Prefer": "wait=10"}, lambda: order)
        order_id = str(expect(200, answer, f"The {self.side} order").json()["id"])
        while (seen := self.order(order_id))["status"] == "pending_new":
            self.exchange.pause(f"The book said nothing to the {self.side} order", seen["status"])
        if seen["status"] == "rejected":
            raise Wrong(f"The {self.side} order was rejected: {seen['reason_message']}")
        return order_id

    def take_back(self, order_id: str) -> None:
        """Cancel what is left of an order, and count what it traded."""
        if self.order(order_id)["status"] not in _OVER:
            self.exchange.ask("DELETE", f"/v2/orders/{order_id}", self.headers)
        while (seen := self.order(order_id))["status"] not in _OVER:
            self.exchange.pause(f"The {self.side} order did not end after its cancel", seen["status"])
        fills = self.exchange.get(f"/v2/orders/{order_id}/fills", self.headers)
        self.fills += [{**fill, "order_id": order_id} for fill in fills]

    def order(self, order_id: str) -> JSON:
        order: JSON = self.exchange.get(f"/v2/orders/{order_id}", self.headers)
        return order

    def expected(self) -> str:
        """What the account has to show: what it began with, and every own fill since."""
        sign = 1 if self.side == "sell" else -1
        paid = sum((Decimal(fill["price"]) * int(fill["qty"]) for fill in self.fills), Decimal(0))
        return _holdings(self.cash + sign * paid, Decimal(0), self.shares - sign * self.traded)

    def shown(self) -> str:
        """What the account shows."""
        account = self.exchange.get("/v2/account", self.headers)
        shares = shares_of(self.exchange, self.symbol, self.headers)
        return _holdings(Decimal(account["cash"]), Decimal(account["cash_held"]), shares)


def _holdings(cash: Decimal, held: Decimal, shares: int) -> str:
    return f"${cash:,.4f}, ${held:,.4f} of it held, and {shares} shares"


def shares_of(exchange: Exchange, symbol: str, headers: Mapping[str, str]) -> int:
    answer = exchange.ask("GET", f"/v2/positions/{quote(symbol)}", headers)
    return 0 if answer.status == 404 else int(expect(200, answer, "The position").json()["qty"])


def check_page(exchange: Exchange) -> str:
    page = expect(200, exchange.ask("GET", "/"), "The page").body.decode(errors="replace")
    scripts = re.findall(r'src="(/assets/[^"]+)"', page)
    if not scripts:
        raise Wrong("The page names no script: it is not the built page.")
    for script in scripts:
        expect(200, exchange.ask("GET", script), f"The page's script {script}")
    return f"the page answers, with {len(scripts)} of its scripts"


def check_documents(exchange: Exchange) -> str:
    """One for the whole exchange where it is one process, one for each service behind a gateway."""
    alone = exchange.ask("GET", "/openapi/openapi.json")
    prefixes = [prefix for paths in PATHS.values() for prefix in paths if prefix.startswith("/openapi/")]
    places = ["/openapi/openapi.json"] if alone.status == 200 else [f"{prefix}/openapi.json" for prefix in prefixes]
    paths = [path for place in places for path in exchange.get(place)["paths"]]
    if "/v2/orders" not in paths:
        raise Wrong(f"The API documents know {len(paths)} paths, but not /v2/orders.")
    return f"the API documents answer, with {len(paths)} paths"


def check_live(exchange: Exchange) -> str:
    """That a WebSocket gets through, whatever stands in between."""
    answer = exchange.ask("GET", "/socket.io/?EIO=4&transport=websocket", _UPGRADE)
    expect(101, answer, "The live connection")
    return "a live connection opens"


def sign_up(exchange: Exchange, side: str) -> User:
    """A new account that has got its cash, and shares of the first instrument that can be traded."""
    form: JSON = {}

    def filled_in() -> JSON:  # with another name each time: whether an answer that got lost was a yes is not known
        form.update(name=f"smoke-{side}-{secrets.token_hex(4)}", password=secrets.token_urlsafe(24))
        return form

    token = expect(201, exchange.ask("POST", "/v2/auth/signup", body=filled_in), "A sign-up").json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    cash = Decimal(exchange.get("/v2/account", headers)["cash"])
    symbol = str(asset_to_trade(exchange, headers)["symbol"])
    while not (shares := shares_of(exchange, symbol, headers)):
        exchange.pause(f"A new account got no {symbol} to sell", "no position; does STARTING_SHARES give any?")
    return User(exchange, form["name"], side, headers, symbol, cash, shares)


def asset_to_trade(exchange: Exchange, headers: Mapping[str, str]) -> JSON:
    """The first that can be traded."""
    tradable: list[JSON] = [asset for asset in exchange.get("/v2/assets", headers) if asset["tradable"]]
    if not tradable:
        raise Wrong("Nothing can be traded: every instrument is halted, or none is listed.")
    return tradable[0]


def prices_to_meet_at(book: JSON, asset: JSON) -> tuple[Decimal, Decimal]:
    """What to sell and to buy at so that both trade: in the middle where there is room, else with those who rest."""
    tick = Decimal(asset["price_increment"])
    bid, ask = (Decimal(book[side][0]["p"]) if book[side] else None for side in ("bids", "asks"))
    if bid is None:
        bid = max(tick, (ask or Decimal(asset["reference_price"])) - 2 * tick)
    if ask is None:
        ask = bid + 2 * tick
    if ask - bid < 2 * tick:
        return bid, ask
    middle = bid + (ask - bid) // (2 * tick) * tick
    return middle, middle


def trade(exchange: Exchange, seller: User, buyer: User) -> str:
    """Until both have traded as much as they want: in a busy market somebody else may come in between."""
    asset = asset_to_trade(exchange, seller.headers)
    quantity, rounds = 3 * int(asset["lot_size"]), 0
    while not seller.traded == buyer.traded == quantity:
        if rounds:
            exchange.pause(f"The two could not trade {quantity} shares", f"{seller.traded} sold, {buyer.traded} bought")
        rounds += 1
        book = exchange.get(f"/v2/stocks/{quote(seller.symbol)}/orderbook", seller.headers)
        placed = [
            (user, user.place(quantity - user.traded, price))
            for user, price in zip((seller, buyer), prices_to_meet_at(book, asset), strict=True)
            if user.traded < quantity
        ]
        for user, order_id in placed:
            user.take_back(order_id)
    return f"{quantity} {seller.symbol} sold and bought in {rounds} {'round' if rounds == 1 else 'rounds'}"


def check_portfolio(user: User) -> str:
    """To the cent, with an activity for each fill and no other."""
    wanted = user.expected()
    while (seen := user.shown()) != wanted:
        user.exchange.pause(f"The {user.side}er's portfolio did not become {wanted}", seen)
    told = user.exchange.get("/v2/account/activities/FILL", user.headers)
    what = ("order_id", "trade_id", "qty", "price")
    fills, activities = (sorted(tuple(each[name] for name in what) for each in some) for some in (user.fills, told))
    if fills != activities:
        raise Wrong(f"The {user.side}er's fills are {fills}, but the activities are {activities}.")
    return f"the {user.side}er has {wanted}, as its fills and activities say"


def check_tape(user: User) -> str:
    """Every fill was printed, at its time and price, with its shares."""
    for fill in user.fills:
        wanted = (fill["transaction_time"], Decimal(fill["price"]), int(fill["qty"]))
        path = f"/v2/stocks/{quote(user.symbol)}/trades?start={quote(wanted[0])}&limit=100"
        while wanted not in _printed(user.exchange.get(path, user.headers)):
            user.exchange.pause("A fill was not printed on the tape", f"{fill}")
    return f"the tape shows the {user.side}er's fills"


def _printed(page: JSON) -> list[tuple[str, Decimal, int]]:
    return [(trade["t"], Decimal(trade["p"]), trade["s"]) for trade in page["trades"]]


def checks(exchange: Exchange) -> Iterator[str]:
    """Do one thing after the other, a line about each. Wrong at the first that is not as it should be."""
    yield check_page(exchange)
    yield check_documents(exchange)
    yield check_live(exchange)
    seller, buyer = sign_up(exchange, "sell"), sign_up(exchange, "buy")
    yield f"{seller.name} and {buyer.name} signed up"
    yield trade(exchange, seller, buyer)
    for user in (seller, buyer):
        yield check_portfolio(user)
        yield check_tape(user)


def main() -> int:
    """0 when all is as it should be, 1 with a sentence when something is not."""
    parser = argparse.ArgumentParser(prog="python -m loadtest.smoke", description=__doc__)
    parser.add_argument("url", help="where the exchange is, for example http://localhost:8080")
    parser.add_argument("--patience", type=float, default=60.0, help="seconds that all of it may take (default: 60)")
    arguments = parser.parse_args()
    started_s = time.monotonic()
    try:
        for line in checks(Exchange(arguments.url, arguments.patience)):
            print(f"ok  {line}", flush=True)
    except Wrong as wrong:
        print(f"smoke: {wrong}", file=sys.stderr)
        return 1
    print(f"smoke: all is well ({time.monotonic() - started_s:.1f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
