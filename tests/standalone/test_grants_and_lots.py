"""What an account is granted begins without profit, and all of it can be sold."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from loadtest.http_client import Connection
from tests.chassis.builders import eventually
from tests.standalone.conftest import TraderMaker
from tests.standalone.trader import Trader

LOT = 7
_numbers = itertools.count(1)


@pytest.fixture
def odd(operator: Connection) -> str:
    """A symbol with a lot of 7; of the 1,000 shares that everybody has six are odd."""
    name = f"ODD{next(_numbers)}"
    listing = {"symbol": name, "name": name, "tick_size": "0.01", "lot_size": LOT, "reference_price": "100.00"}
    assert operator.request("POST", "/v2/operator/instruments", listing).status == 201
    return name


def test_a_new_account_has_no_profit_though_its_shares_trade_far_from_where_they_were_listed(
    trader: TraderMaker, symbol: str
) -> None:
    maker, taker = trader(), trader()
    maker.sell(symbol, 1, "250")
    assert taker.buy(symbol, 1, "250")["status"] == "filled"

    newcomer = trader()

    position = newcomer.get(f"/v2/positions/{symbol}")
    assert (position["avg_entry_price"], position["current_price"], position["unrealized_pl"]) == (
        "250.00",
        "250.00",
        "0.00",
    )
    account = newcomer.account()
    assert account["equity"] == account["last_equity"]
    history = newcomer.get("/v2/account/portfolio/history?period=1D&timeframe=1Min")
    assert (history["base_value"], history["profit_loss"][-1]) == (float(account["equity"]), 0)


def test_who_was_there_before_a_listing_has_its_shares_soon_after_at_what_it_was_listed_at(
    trader: TraderMaker, request: pytest.FixtureRequest
) -> None:
    """They come by a fact that the service tells itself, and the bus has to bring it."""
    there = trader()
    there.account()

    symbol = request.getfixturevalue("symbol")

    eventually(lambda: there.position(symbol) == 1_000)
    assert there.get(f"/v2/positions/{symbol}")["avg_entry_price"] == "100.00"
    assert there.sell(symbol, 1_000, "100")["status"] == "new"


def test_an_odd_remainder_is_sold_whole_and_so_is_what_is_bought_of_it(trader: TraderMaker, odd: str) -> None:
    seller, buyer = trader(), trader()
    assert seller.position(odd) == 1_000

    assert [status_of(seller, odd, qty) for qty in (1, 5, 8)] == [422, 422, 422]
    assert seller.sell(odd, 6, "100")["status"] == "new"
    assert status_of(seller, odd, 6) == 422, "the odd ones are in an order already"
    bought = buyer.buy(odd, LOT, "100")

    assert (bought["status"], bought["filled_qty"]) == ("partially_filled", "6")
    assert buyer.cancel(bought["id"]).json()["status"] == "canceled"
    assert (seller.position(odd), buyer.position(odd)) == (994, 1_006)
    assert [status_of(buyer, odd, qty) for qty in (6, 5)] == [422, 200]
    assert status_of(buyer, odd, 1_001) == 200, "what is left is lots"


def test_everything_can_be_sold_at_once_however_odd(trader: TraderMaker, odd: str) -> None:
    seller = trader()
    seller.account()

    order = seller.sell(odd, 1_000, "100")
    change = seller.replace(order["id"], limit_price="101")

    assert (order["status"], change.json()["status"], change.json()["qty"]) == ("new", "new", "1000")


def status_of(trader: Trader, symbol: str, qty: int) -> Any:
    return trader.place(symbol, "sell", qty, "100").status
