"""What an account sees of itself: the shapes of Alpaca's API, exact amounts, prices from wherever they can be had."""

from __future__ import annotations

import threading

import pytest

from contracts.names import last_price_entry
from tests.user_portfolio.builders import ALICE, BOB, buy, dollars, fill, identity, listed, opened, sell
from tests.user_portfolio.service_rig import refusal

ALPACA_ACCOUNT = {
    "id", "account_number", "status", "currency", "cash", "buying_power", "portfolio_value", "equity",
    "long_market_value", "position_market_value", "multiplier", "shorting_enabled", "trading_blocked",
    "transfers_blocked", "account_blocked", "created_at", "daytrade_count", "pattern_day_trader",
}  # fmt: skip
ALPACA_POSITION = {
    "asset_id", "symbol", "exchange", "asset_class", "avg_entry_price", "qty", "qty_available", "side",
    "market_value", "cost_basis", "unrealized_pl", "unrealized_plpc", "current_price", "lastday_price",
    "change_today", "asset_marginable",
}  # fmt: skip


def bought_fifty_at_130(service):
    order = buy("bought", qty=50, at=dollars(130))
    service.hear(order)
    service.hear(fill(order, qty=50, at=dollars(130)))


def test_a_new_account_shows_its_cash_and_shares(service):
    account = service.shown("/v2/account")

    assert account.keys() >= ALPACA_ACCOUNT
    assert (account["id"], account["status"], account["currency"]) == (ALICE, "ACTIVE", "USD")
    assert (account["cash"], account["buying_power"], account["cash_held"]) == ("10000.00", "10000.00", "0.00")
    assert account["created_at"] == "2025-06-15T15:06:40.000000Z"


def test_buying_power_is_what_open_orders_leave(service):
    service.hear(buy("order", qty=3, at=333_333))

    account = service.shown("/v2/account")

    assert (account["cash"], account["cash_held"], account["buying_power"]) == ("10000.00", "99.9999", "9900.0001")


def test_equity_is_cash_and_shares_at_the_last_price(service):
    service.cache.set_many({last_price_entry("AAPL"): str(dollars(110))}, 60)

    account = service.shown("/v2/account")

    assert (account["long_market_value"], account["equity"]) == ("11000.00", "21000.00")
    assert account["portfolio_value"] == account["equity"]
    assert account["prices_stale"] is False
    assert service.stock_data.asked == []


def test_a_price_that_is_not_cached_is_asked_for(service):
    service.stock_data.prices["AAPL"] = dollars(120)

    assert service.shown("/v2/account")["equity"] == "22000.00"
    assert service.stock_data.asked == ["AAPL"]


def test_without_stock_data_the_last_known_price_is_shown_and_called_stale(service):
    service.stock_data.prices["AAPL"] = dollars(120)
    service.shown("/v2/account")
    service.stock_data.is_there = False

    (position,) = service.shown("/v2/positions")

    assert (position["current_price"], position["price_stale"]) == ("120.00", True)
    assert service.shown("/v2/account")["prices_stale"] is True


def test_a_price_nobody_ever_told_is_the_listing_price(service):
    service.stock_data.is_there = False

    assert service.shown("/v2/positions/AAPL")["current_price"] == "100.00"


def test_stock_data_is_not_asked_again_once_it_does_not_answer(build):
    service = build(starting_shares="*:1")
    service.hear(*[listed(f"S{n}") for n in range(5)], opened())
    service.stock_data.is_there = False

    service.shown("/v2/account")

    assert len(service.stock_data.asked) == 1


def test_a_position_shows_average_cost_and_profit(service):
    bought_fifty_at_130(service)
    service.hear(sell("ask", qty=20, at=dollars(200)))
    service.stock_data.prices["AAPL"] = dollars(121)

    (position,) = service.shown("/v2/positions")

    assert position.keys() >= ALPACA_POSITION
    assert (position["symbol"], position["asset_id"], position["side"]) == ("AAPL", identity("asset-AAPL"), "long")
    assert (position["qty"], position["qty_available"]) == ("150", "130")
    assert (position["avg_entry_price"], position["cost_basis"]) == ("110.00", "16500.00")
    assert (position["market_value"], position["unrealized_pl"]) == ("18150.00", "1650.00")
    assert position["unrealized_plpc"] == "0.100000"


def test_realised_profit_is_shown_per_position_and_stays_when_all_is_sold(service):
    ask = sell("ask", qty=100, at=dollars(90))
    service.hear(ask)
    service.hear(fill(ask, qty=60, at=dollars(90), left=40))
    assert service.shown("/v2/positions/AAPL")["realized_pl"] == "-600.00"

    service.hear(fill(ask, qty=40, at=dollars(90)))

    assert service.shown("/v2/account")["realized_pl"] == "-1000.00"
    assert service.shown("/v2/positions") == []
    assert refusal(service.get("/v2/positions/AAPL")) == (404, "position_not_found")


def test_a_position_is_found_by_symbol_and_by_asset_id(service):
    by_symbol = service.shown("/v2/positions/AAPL")

    assert service.shown(f"/v2/positions/{identity('asset-AAPL')}") == by_symbol


@pytest.mark.parametrize("name", ["MSFT", "NOPE", "aapl%00", "%F0%9F%92%B8", "0", "AAPL;drop table accounts"])
def test_a_position_that_is_not_there_is_not_found(service, name):
    assert refusal(service.get(f"/v2/positions/{name}")) == (404, "position_not_found")


def test_a_name_no_symbol_can_have_is_refused(doorstep):
    assert refusal(doorstep.get("/v2/positions/" + "A" * 65)) == (422, "invalid_request")


def test_everybody_sees_their_own_account_only(service):
    bought_fifty_at_130(service)

    assert service.shown("/v2/positions", BOB)[0]["qty"] == "100"
    assert service.shown("/v2/account", BOB)["cash"] == "10000.00"
    fills = service.shown("/v2/account/activities/FILL", BOB)
    assert fills == []


@pytest.mark.parametrize(
    "path",
    [
        "/v2/account",
        "/v2/positions",
        "/v2/positions/AAPL",
        "/v2/account/activities",
        "/v2/account/activities/FILL",
        "/v2/account/ledger",
    ],
)
def test_nobody_sees_an_account_without_saying_who_they_are(doorstep, path):
    assert refusal(doorstep.get(path, account=None)) == (401, "unauthenticated")


@pytest.mark.parametrize("path", ["/v2/account", "/v2/positions", "/v2/positions/AAPL"])
def test_an_account_whose_opening_has_not_arrived_is_told_to_come_back(service, path):
    answer = service.get(path, account=identity("newcomer"))

    assert refusal(answer) == (503, "unavailable")
    assert answer.headers["Retry-After"]


def test_an_account_that_opens_while_it_is_waited_for_is_shown(build):
    service = build(starting_cash="77", account_wait_s=30.0)
    newcomer = identity("newcomer")
    opening = threading.Timer(0.05, service.hear, [opened(newcomer)])
    opening.start()

    account = service.shown("/v2/account", newcomer)

    opening.join()
    assert account["cash"] == "77.00"


def test_an_account_without_cash_or_shares_is_worth_nothing(build):
    service = build(starting_cash="0", starting_shares="")
    service.hear(opened())

    assert service.shown("/v2/account")["equity"] == "0.00"
    assert service.shown("/v2/positions") == []


def test_a_position_that_traded_before_its_listing_arrived_is_shown_at_its_cost(service):
    early = buy("early", qty=4, at=dollars(25), symbol="TSLA")
    service.hear(early)
    service.hear(fill(early, qty=4, at=dollars(25)))

    position = service.shown("/v2/positions/TSLA")

    assert (position["current_price"], position["price_stale"]) == ("25.00", True)
    assert position["asset_id"] == "00000000-0000-0000-0000-000000000000"


def test_the_document_of_the_api_describes_every_answer(service):
    document = service.app.test_client().get("/openapi/openapi.json").json

    for path in ("/v2/account", "/v2/positions", "/v2/account/activities", "/v2/account/ledger"):
        operation = document["paths"][path]["get"]
        assert operation["security"]
        assert operation["summary"]
        assert operation["responses"]["200"]["content"]["application/json"]["schema"]
