"""The history of an account ends with what the account is worth, through all services of a running exchange."""

from __future__ import annotations

import time

from contracts.money import parse_decimal

PATH = "/v2/account/portfolio/history"


def test_the_history_of_two_who_traded_ends_at_their_equity(exchange, trader, symbol):
    seller, buyer = trader("seller"), trader("buyer")
    buyer.buy(symbol, 10, "101.50")
    seller.sell(symbol, 4, "101.50")
    seller.sell(symbol, 6, "100.25")
    exchange.wait_until_settled()

    for each in (seller, buyer):
        history = each.get(f"{PATH}?period=1D&timeframe=1Min&cashflow_types=ALL")
        account = each.account()
        assert parse_decimal(f"{history['equity'][-1]:.4f}") == parse_decimal(account["equity"])
        assert history["timestamp"][-1] <= time.time()
        assert history["base_value"] == sum(map(sum, history["cashflow"].values()))
        assert abs(history["equity"][-1] - history["base_value"] - history["profit_loss"][-1]) < 0.00005

    assert buyer.get(f"{PATH}?timeframe=1D")["profit_loss"][-1] > 0  # its shares were given at 100


def test_a_symbol_listed_today_has_no_price_of_yesterday(trader, symbol):
    maker, taker = trader("maker"), trader("taker")
    maker.sell(symbol, 1, "102.00")
    taker.buy(symbol, 1, "102.00")

    position = taker.get(f"/v2/positions/{symbol}")

    assert (position["lastday_price"], position["change_today"]) == (None, None)
