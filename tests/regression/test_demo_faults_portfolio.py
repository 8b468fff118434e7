"""The faults of the demo this exchange grew out of, as far as cash and shares had them; each must stay gone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import user_portfolio.main
from chassis.clock import SystemClock
from chassis.database import Database
from chassis.service import migrate_service
from tests.user_portfolio.builders import ALICE, BOB, buy, dollars, fill, identity, listed, opened, sell
from tests.user_portfolio.service_rig import ServiceRig, build_service
from user_portfolio.settings import Settings


@pytest.fixture
def exchange(fresh_database_url: str) -> Iterator[ServiceRig]:
    """Alice and Bob have 10,000 dollars and 100 AAPL each."""
    migrate_service(fresh_database_url, Path(user_portfolio.main.__file__).parent)
    database = Database(fresh_database_url, SystemClock())
    database.open()
    rig = build_service(database, Settings(starting_cash="10000", starting_shares="AAPL:100"))
    rig.hear(listed("AAPL"), listed("TSLA"), opened(ALICE), opened(BOB))
    yield rig
    database.close()


def test_fault_08_a_redelivered_message_books_its_trade_once(exchange):
    order = buy("order", qty=10, at=dollars(100))
    exchange.hear(order)
    messages = exchange.hear(fill(order, qty=10, at=dollars(100)))

    exchange.consumer.receive(messages)

    assert exchange.shown("/v2/account")["cash"] == "9000.00"
    assert exchange.shown("/v2/positions/AAPL")["qty"] == "110"


def test_fault_08_a_trade_told_again_in_another_message_is_booked_once(exchange):
    order = buy("order", qty=10, at=dollars(100))
    told = fill(order, qty=10, at=dollars(100))
    exchange.hear(order)

    for _ in range(3):
        exchange.hear(told)

    assert exchange.shown("/v2/account")["cash"] == "9000.00"
    assert len(exchange.shown("/v2/account/activities/FILL")) == 1
    assert exchange.count("dead_letters") == 0


def test_fault_09_the_first_purchase_of_a_symbol_opens_a_position(exchange):
    order = buy("order", qty=3, at=dollars(10), symbol="TSLA")
    exchange.hear(order)

    exchange.hear(fill(order, qty=3, at=dollars(10)))

    assert exchange.shown("/v2/positions/TSLA")["qty"] == "3"
    assert exchange.count("dead_letters") == 0


def test_fault_10_nobody_spends_more_cash_than_they_have(exchange):
    exchange.hear(buy("order", qty=101, at=dollars(100)))

    account = exchange.shown("/v2/account")
    assert (account["cash"], account["cash_held"]) == ("10000.00", "0.00")


def test_fault_10_nobody_sells_more_shares_than_they_have(exchange):
    exchange.hear(sell("order", qty=101, at=dollars(100)))

    assert exchange.shown("/v2/positions/AAPL")["qty_available"] == "100"


def test_fault_10_a_fill_that_nobody_holds_for_moves_nothing_and_is_set_aside_alone(exchange):
    good, stray = buy("good", qty=1, at=dollars(1)), buy("stray", qty=1, at=dollars(1), account=identity("nobody"))
    exchange.hear(good)

    exchange.hear(fill(stray, qty=1, at=dollars(1)), fill(good, qty=1, at=dollars(1)))

    assert exchange.shown("/v2/positions/AAPL")["qty"] == "101"
    assert exchange.count("dead_letters") == 1


def test_fault_13_nobody_sees_anothers_portfolio(exchange):
    order = buy("order", qty=10, at=dollars(100))
    exchange.hear(order, buy("open", qty=1, at=dollars(7)))
    exchange.hear(fill(order, qty=10, at=dollars(100)))

    account = exchange.shown("/v2/account", BOB)
    assert (account["id"], account["cash"], account["cash_held"]) == (BOB, "10000.00", "0.00")
    assert [position["qty"] for position in exchange.shown("/v2/positions", BOB)] == ["100"]
    assert exchange.shown("/v2/account/activities/FILL", BOB) == []
    for path in paths(exchange):
        answer = exchange.get(path, BOB)
        assert ALICE not in answer.text
        assert order.order_id not in answer.text


def test_fault_13_a_portfolio_is_shown_to_nobody_who_does_not_say_who_they_are(exchange):
    for path in paths(exchange):
        assert exchange.get(path, None).status_code == 401, path


def paths(exchange: ServiceRig) -> list[str]:
    """Every address at which something of an account can be read."""
    rules = [rule for rule in exchange.app.url_map.iter_rules() if str(rule).startswith("/v2/")]
    found = [re.sub(r"<.*?>", "AAPL", str(rule)) for rule in rules if "GET" in (rule.methods or ())]
    assert len(found) > 4
    return found


def test_fault_15_prices_are_exact_to_the_last_digit(exchange):
    tenth, fifth = 1_000, 2_000  # 0.1 and 0.2 dollars, whose floats do not add up to 0.3
    one, two = buy("one", qty=1, at=tenth, symbol="TSLA"), buy("two", qty=1, at=fifth, symbol="TSLA")
    exchange.hear(one, two)

    exchange.hear(fill(one, qty=1, at=tenth), fill(two, qty=1, at=fifth))

    assert exchange.shown("/v2/positions/TSLA")["cost_basis"] == "0.30"
    assert exchange.shown("/v2/account")["cash"] == "9999.70"


def test_fault_15_ten_thousand_small_trades_lose_no_fraction_of_a_cent(exchange):
    order = buy("order", qty=10_000, at=9_999)
    exchange.hear(order)

    exchange.hear(*[fill(order, qty=1, at=9_999, left=left) for left in reversed(range(10_000))])

    account = exchange.shown("/v2/account")
    assert (account["cash"], account["cash_held"]) == ("1.00", "0.00")
    assert exchange.shown("/v2/positions/AAPL")["cost_basis"] == "19999.00"
