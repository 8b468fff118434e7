"""Traders who believe a waited answer: what it said must be so in their next request, whichever service answers."""

from __future__ import annotations

import os
from decimal import Decimal

from tests.standalone.trader import Trader

ROUNDS = int(os.environ.get("OWN_WRITES_ROUNDS", "12"))
"""How often each story is told; without the promise about every third one went wrong."""

PRICE = Decimal(100)


def refused_after_cancels(buyer: Trader, symbol: str) -> list[str]:
    """Buy with all the cash and cancel, again and again without a pause; returns what was said against it."""
    qty = int(Decimal(buyer.account()["cash"]) // PRICE)
    wrong = []
    for _ in range(ROUNDS):
        placed = buyer.place(symbol, "buy", qty, str(PRICE))
        if placed.status != 200 or placed.json()["status"] != "new":
            wrong.append(placed.body.decode())
            continue
        canceled = buyer.cancel(placed.json()["id"])
        assert (canceled.status, canceled.json()["status"]) == (200, "canceled"), canceled.body
    return wrong


def old_after_fills(buyer: Trader, seller: Trader, symbol: str) -> list[str]:
    """Buy a share again and again, and look at once at all that follows from it; returns what was old."""
    owned, cash = buyer.position(symbol), Decimal(buyer.account()["cash"])
    wrong = []
    for number in range(1, ROUNDS + 1):
        price = PRICE + number % 7
        seller.sell(symbol, 1, str(price))
        filled = buyer.buy(symbol, 1, str(price))
        assert filled["status"] == "filled", filled
        cash -= price

        seen = {
            "position": (buyer.position(symbol), owned + number),
            "cash": (Decimal(buyer.account()["cash"]), cash),
            "list": ({each["symbol"]: int(each["qty"]) for each in buyer.get("/v2/positions")}[symbol], owned + number),
            "activity": (buyer.get("/v2/account/activities?page_size=1")[0].get("order_id"), filled["id"]),
            "last trade": (_last_trade(buyer, symbol), price),
            "order": (buyer.order(filled["id"])["status"], "filled"),
            "price of the position": (Decimal(buyer.get(f"/v2/positions/{symbol}")["current_price"]), price),
        }
        wrong += [f"{what}: {shown}, not {due}" for what, (shown, due) in seen.items() if shown != due]
    return wrong


def _last_trade(trader: Trader, symbol: str) -> Decimal | None:
    trade = trader.get(f"/v2/stocks/{symbol}/trades/latest")["trade"]
    return None if trade is None else Decimal(str(trade["p"]))


def second_halves(trader: Trader, symbol: str) -> list[tuple[int, str]]:
    """Two buys and two sells of which each takes most of what there is, not waited for: what the second is answered."""
    cash, shares = int(Decimal(trader.account()["buying_power"])), trader.position(symbol)
    bought, sold = cash * 6 // 10 // int(PRICE), shares * 6 // 10
    answers = []
    for side, qty, price in (("buy", bought, "100"), ("sell", sold, "1000")):
        first = trader.place(symbol, side, qty, price, prefer="")
        second = trader.place(symbol, side, qty, price, prefer="")
        assert first.status == 200, first.body
        answers.append((second.status, str(second.json().get("name"))))
        canceled = trader.cancel(first.json()["id"])
        assert canceled.status == 200, canceled.body
    return answers
