"""Granted shares cost what they last traded at, so that nobody begins with a profit that nobody made."""

from __future__ import annotations

from datetime import UTC, datetime

from contracts.names import last_price_entry
from tests.user_portfolio.builders import dollars, identity, listed, opened

NOW_US = 1_750_000_000_000_000  # the rig's clock
EARLIER_US = NOW_US - 3 * 86_400_000_000
LATE = identity("late")


def cost(service, account=LATE, symbol="AAPL"):
    return service.shown(f"/v2/positions/{symbol}", account)["avg_entry_price"]


def test_shares_cost_the_last_price_at_the_grant_and_not_that_of_the_listing(service):
    service.cache.set_many({last_price_entry("AAPL"): str(dollars(250))}, 60)
    service.stock_data.reference["AAPL"] = dollars(100)
    service.stock_data.trade("AAPL", dollars(250), EARLIER_US)

    service.hear(opened(LATE, at_us=NOW_US))

    position, account = service.shown("/v2/positions/AAPL", LATE), service.shown("/v2/account", LATE)
    assert (position["avg_entry_price"], position["unrealized_pl"]) == ("250.00", "0.00")
    assert (account["equity"], account["last_equity"]) == ("35000.00", "35000.00")
    [grant] = service.shown("/v2/account/activities/JNLS", LATE)
    assert grant["per_share_amount"] == "250.00"


def test_the_history_of_a_new_account_begins_with_what_it_was_granted(service):
    service.cache.set_many({last_price_entry("AAPL"): str(dollars(250))}, 60)
    service.stock_data.trade("AAPL", dollars(250), EARLIER_US)

    service.hear(opened(LATE, at_us=NOW_US))

    start = datetime.fromtimestamp(NOW_US / 1e6 - 3_600, UTC).isoformat()
    history = service.shown("/v2/account/portfolio/history", LATE, start=start, timeframe="1Min")
    assert (history["base_value"], history["equity"][-1], history["profit_loss"][-1]) == (35_000, 35_000, 0)


def test_a_price_that_nobody_cached_is_asked_for_once_for_all_symbols(build):
    service = build(starting_cash="0", starting_shares="*:1")
    service.hear(listed("AAPL"), listed("MSFT"), listed("TSLA"))
    service.stock_data.trade("MSFT", dollars(7), NOW_US + 3_600_000_000)  # by a clock that is ahead
    service.stock_data.reference["TSLA"] = dollars(3)
    service.cache.set_many({last_price_entry("AAPL"): str(dollars(250))}, 60)
    service.stock_data.asked_closes.clear()

    service.hear(opened(LATE))

    assert service.stock_data.asked_closes == [["MSFT", "TSLA"]]
    assert [cost(service, symbol=symbol) for symbol in ("AAPL", "MSFT", "TSLA")] == ["250.00", "7.00", "3.00"]


def test_without_an_answer_it_is_the_price_last_seen_here(service):
    service.stock_data.is_there = True
    service.stock_data.prices["AAPL"] = dollars(120)
    assert service.shown("/v2/positions/AAPL")["current_price"] == "120.00"
    service.stock_data.is_there = False

    service.hear(opened(LATE))

    assert cost(service) == "120.00"


def test_what_has_no_price_yet_costs_what_it_was_listed_at(service):
    service.stock_data.is_there = False

    service.hear(opened(LATE))

    assert cost(service) == "100.00"
