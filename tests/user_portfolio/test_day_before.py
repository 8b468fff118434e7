"""What an account and its positions show beside today: how the day before ended."""

from __future__ import annotations

import pytest

from tests.user_portfolio.builders import buy, dollars, identity, opened, sell
from tests.user_portfolio.past import MIDNIGHT_US, NOW_US, ten_days_old, traded


@pytest.fixture
def service(build):
    return ten_days_old(build)


def test_positions_are_beside_what_the_day_before_ended_at(service):
    service.stock_data.trade("AAPL", dollars(80), MIDNIGHT_US - 1)
    service.stock_data.trade("AAPL", dollars(90), MIDNIGHT_US + 1)
    service.stock_data.prices["AAPL"] = dollars(90)

    (position,) = service.shown("/v2/positions")
    service.shown("/v2/positions/AAPL")

    assert (position["lastday_price"], position["change_today"]) == ("80.00", "0.125000")
    assert service.stock_data.asked_closes == [["AAPL"]]  # once for all who ask within a minute


def test_the_account_shows_what_the_day_began_with(service):
    service.stock_data.trade("AAPL", dollars(80), MIDNIGHT_US - 1)
    traded(service, sell("all", qty=100, at=dollars(90)), 100, 90, MIDNIGHT_US + 1)

    account = service.shown("/v2/account")

    assert (account["last_equity"], account["equity"]) == ("18000.00", "19000.00")


def test_an_account_opened_today_began_with_what_it_was_given(service):
    newcomer = identity("newcomer")
    service.stock_data.trade("AAPL", dollars(80), MIDNIGHT_US - 1)
    service.hear(opened(newcomer, at_us=NOW_US - 1))

    assert service.shown("/v2/account", newcomer)["last_equity"] == "18000.00"


def test_what_the_day_began_with_is_worked_out_once_a_minute(service):
    service.shown("/v2/account")
    service.hear(buy("bid", qty=1, at=dollars(100)))
    service.shown("/v2/account")

    assert service.stock_data.asked_closes == [["AAPL"]]


def test_without_past_prices_nobody_knows_what_the_day_began_with(service):
    service.stock_data.is_there = False

    assert service.shown("/v2/account")["last_equity"] is None


def test_a_symbol_that_never_traded_before_today_has_no_day_before(service):
    service.stock_data.trade("AAPL", dollars(90), MIDNIGHT_US + 1)

    (position,) = service.shown("/v2/positions")

    assert (position["lastday_price"], position["change_today"]) == (None, None)


def test_without_stock_data_a_position_is_shown_without_its_day_before(service):
    service.stock_data.is_there = False

    (position,) = service.shown("/v2/positions")

    assert (position["qty"], position["lastday_price"], position["price_stale"]) == ("100", None, True)
