"""What the API tells of the past: Alpaca's shape, exact numbers, and a clear word where it cannot."""

from __future__ import annotations

import random
import threading
from decimal import Decimal

import pytest

import user_portfolio.domain.history
import user_portfolio.handlers.history
from tests.user_portfolio.builders import ALICE, BOB, buy, dollars, identity, listed, opened, sell
from tests.user_portfolio.past import DAY_US, HOUR_US, MIDNIGHT_US, MINUTE_US, NOW_US, at, ten_days_old, traded
from tests.user_portfolio.service_rig import refusal

PATH = "/v2/account/portfolio/history"


@pytest.fixture
def service(build):
    return ten_days_old(build)


def test_the_shape_is_alpacas(service):
    history = service.shown(PATH)

    assert set(history) == {
        "timestamp",
        "equity",
        "profit_loss",
        "profit_loss_pct",
        "base_value",
        "timeframe",
        "cashflow",
    }
    assert history["timeframe"] == "1D"
    assert len(history["timestamp"]) == 11  # a month is asked for, the account is ten days old
    assert {len(history[name]) for name in ("equity", "profit_loss", "profit_loss_pct")} == {11}
    assert (history["base_value"], history["equity"][0], history["cashflow"]) == (20_000, 20_000, {})


def test_each_point_is_named_by_the_start_of_its_window(service):
    history = service.shown(PATH, period="1D", timeframe="1H")

    assert history["timestamp"][-1] == NOW_US // HOUR_US * 3_600
    assert history["timestamp"] == [history["timestamp"][0] + 3_600 * hour for hour in range(24)]


def test_the_last_point_is_what_the_account_is_worth_now(service):
    traded(service, buy("bid", qty=10, at=dollars(130)), 10, 130, NOW_US - 5 * DAY_US)
    traded(service, sell("ask", qty=7, at=dollars(90)), 7, 95, NOW_US - 1)
    service.stock_data.prices["AAPL"] = dollars(95)

    for timeframe in ("1Min", "5Min", "15Min", "1H", "1D"):
        history = service.shown(PATH, period="1D", timeframe=timeframe)
        assert f"{history['equity'][-1]:.2f}" == service.shown("/v2/account")["equity"]


def test_profit_is_what_prices_did_and_not_what_was_given(service):
    service.stock_data.trade("AAPL", dollars(110), NOW_US - 3 * DAY_US)
    service.hear(at(listed("MSFT", at=dollars(50)), NOW_US - 2 * DAY_US))

    history = service.shown(PATH, period="1W", timeframe="1D", cashflow_types="JNLS")

    assert history["base_value"] == 20_000
    assert history["profit_loss"] == [0, 0, 0, 1000, 1000, 1000, 1000]
    assert history["profit_loss_pct"][-1] == Decimal("0.05")
    assert history["cashflow"] == {"JNLS": [0, 0, 0, 0, 5_000, 0, 0]}


def test_the_cash_flows_asked_for_are_told(service):
    history = service.shown(PATH, cashflow_types="ALL")

    assert history["cashflow"] == {"JNLC": [10_000] + [0] * 10, "JNLS": [10_000] + [0] * 10}
    assert service.shown(PATH, cashflow_types="FEE,JNLC")["cashflow"].keys() == {"JNLC"}


def test_profit_can_be_told_of_each_day_alone(service):
    service.stock_data.trade("AAPL", dollars(110), MIDNIGHT_US - 1)
    service.stock_data.trade("AAPL", dollars(121), MIDNIGHT_US + 1)

    whole = service.shown(PATH, period="2D", timeframe="1H")
    by_day = service.shown(PATH, period="2D", timeframe="1H", pnl_reset="per_day")

    assert (whole["profit_loss"][-1], by_day["profit_loss"][-1]) == (2_100, 1_100)
    assert by_day["profit_loss_pct"][-1] == Decimal("0.052381")


def test_an_account_that_was_opened_meanwhile_is_told_of_from_then_on(service):
    newcomer = identity("newcomer")
    service.hear(opened(newcomer, at_us=NOW_US - 90 * MINUTE_US))

    history = service.shown(PATH, newcomer, period="1W", timeframe="1H")

    assert len(history["timestamp"]) == 3
    assert history["timestamp"][0] * 1_000_000 <= NOW_US - 90 * MINUTE_US
    assert (history["base_value"], history["profit_loss"]) == (20_000, [0, 0, 0])


def test_of_the_time_before_an_account_was_opened_there_is_nothing(service):
    history = service.shown(PATH, start="2024-01-01", end="2024-02-01")

    assert (history["timestamp"], history["equity"], history["base_value"]) == ([], [], 0)


def test_an_account_without_cash_or_shares_has_a_history_of_nothing(build):
    service = build(starting_cash="0", starting_shares="")
    service.hear(opened(ALICE, at_us=NOW_US - DAY_US))

    history = service.shown(PATH, period="1D", timeframe="1H")

    assert (set(history["equity"]), set(history["profit_loss_pct"])) == ({0}, {0})
    assert service.stock_data.asked_closes == []


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ({"start": "2025-06-10", "end": "2025-06-12"}, "2025-06-10", "2025-06-11"),
        ({"start": "2025-06-10T12:00:00Z", "period": "2D"}, "2025-06-10", "2025-06-12"),
        ({"end": "2025-06-12T00:00:01Z", "period": "2D"}, "2025-06-11", "2025-06-12"),
        ({"date_end": "2025-06-12", "period": "1W"}, "2025-06-06", "2025-06-12"),
        ({"start": "2025-06-13"}, "2025-06-13", "2025-06-15"),
        ({"start": "2025-06-13", "end": "2031-01-01"}, "2025-06-13", "2025-06-15"),
        ({"period": "1A", "extended_hours": "True", "intraday_reporting": "market_hours"}, "2025-06-05", "2025-06-15"),
    ],
)
def test_the_time_can_be_said_in_several_ways(service, query, first, last):
    history = service.shown(PATH, timeframe="1D", **query)

    days = [day * 1_000_000 // DAY_US for day in history["timestamp"]]
    assert (days[0], days[-1]) == (day_number(first), day_number(last))


def day_number(date: str) -> int:
    return MIDNIGHT_US // DAY_US - 15 + int(date[-2:])


@pytest.mark.parametrize(
    "query",
    [
        {"period": "1Y"},
        {"period": "0D"},
        {"period": "1"},
        {"period": "1D\n"},
        {"period": "99999D"},
        {"timeframe": "1Hour"},
        {"timeframe": "1min"},
        {"start": "2025-06-14", "end": "2025-06-13"},
        {"start": "2030-01-01"},
        {"end": "1969-01-01"},
        {"start": "2025-06-01", "end": "2025-06-10", "period": "1D"},
        {"end": "2025-06-10", "date_end": "2025-06-10"},
        {"start": "yesterday"},
        {"start": "1750000000"},
        {"pnl_reset": "sometimes"},
        {"intraday_reporting": "never"},
        {"extended_hours": "perhaps"},
        {"cashflow_types": "all"},
        {"cashflow_types": "JNLC,"},
        {"colour": "blue"},
    ],
)
def test_a_question_that_makes_no_sense_is_refused_in_a_sentence(doorstep, query):
    answer = doorstep.get(PATH, **query)

    assert refusal(answer) == (422, "invalid_request")
    assert answer.json["message"].endswith(".")


@pytest.mark.parametrize(
    "query",
    [
        {"period": "10A"},
        {"period": "9999A", "timeframe": "1D"},
        {"period": "9999A", "timeframe": "1H"},
        {"start": "0001-01-01T00:00:00+14:00", "timeframe": "1D"},
    ],
)
def test_a_young_account_may_ask_for_more_time_than_it_has_seen(service, query):
    history = service.shown(PATH, **query)

    assert len(history["equity"]) == (11 if history["timeframe"] == "1D" else 241)
    assert history["equity"][-1] == service.shown(PATH)["equity"][-1]


def test_more_points_than_an_account_can_be_told_are_refused_with_their_number(service):
    answer = service.get(PATH, period="5D", timeframe="1Min")

    assert refusal(answer) == (422, "invalid_request")
    assert "points, 4000 are the most" in answer.json["message"]


def test_nobody_sees_a_history_without_saying_who_they_are(doorstep):
    assert refusal(doorstep.get(PATH, account=None)) == (401, "unauthenticated")


def test_without_past_prices_the_answer_says_so_and_when_to_ask_again(service):
    service.stock_data.is_there = False

    answer = service.get(PATH)

    assert refusal(answer) == (503, "unavailable")
    assert answer.json["message"] == "Past prices cannot be had at the moment. Try again shortly."
    assert answer.headers["Retry-After"]


def test_a_portfolio_of_many_symbols_is_asked_for_in_parts_and_has_an_end(build):
    service = build(starting_shares="*:1")
    symbols = [f"S{number}" for number in range(30)]
    service.stock_data.reference |= dict.fromkeys(symbols, dollars(1))
    service.hear(*[at(listed(symbol, at=dollars(1)), NOW_US - 9 * DAY_US) for symbol in symbols])
    service.hear(opened(ALICE, at_us=NOW_US - 8 * DAY_US))
    service.stock_data.asked_closes.clear()

    history = service.shown(PATH, period="1D", timeframe="1Min")
    too_much = service.get(PATH, start="2025-06-14", end="2025-06-15T18:00:00Z", timeframe="1Min")

    assert history["equity"][-1] == 100_030
    assert [len(symbols) for symbols in service.stock_data.asked_closes] == [3] * 10
    assert refusal(too_much) == (422, "invalid_request")
    assert "With 30 symbols at most 2000 points can be told" in too_much.json["message"]


@pytest.mark.parametrize("seed", range(3))
def test_what_the_tables_add_up_to_is_what_happened_one_by_one(service, seed):
    chance = random.Random(seed)
    times = sorted(chance.sample(range(NOW_US - 3 * DAY_US, NOW_US), 40))
    bought: list[tuple[int, int, int]] = []
    for number, at_us in enumerate(times):
        quantity, price = chance.randint(1, 4), chance.randint(90, 110)
        if chance.random() < 0.5:
            traded(service, buy(f"o{number}", qty=quantity, at=dollars(price)), quantity, price, at_us)
            bought.append((at_us, quantity, price))
        else:
            traded(service, sell(f"o{number}", qty=quantity, at=dollars(price)), quantity, price, at_us)
            bought.append((at_us, -quantity, price))

    history = service.shown(PATH, period="4D", timeframe="1H")

    for start_s, equity in zip(history["timestamp"], history["equity"], strict=True):
        happened = [each for each in bought if each[0] < (start_s + 3_600) * 1_000_000]
        last = happened[-1][2] if happened else 100
        cash = 10_000 - sum(quantity * price for _, quantity, price in happened)
        assert equity == cash + last * (100 + sum(quantity for _, quantity, _ in happened))


def test_an_account_that_asks_for_many_histories_at_once_keeps_nobody_else_from_theirs(service, monkeypatch):
    service.hear(opened(BOB))
    under_way, goes_on = threading.Barrier(3), threading.Event()
    tell_history = user_portfolio.domain.history.tell_history

    def slowly(*about, **more):
        if threading.current_thread() is not threading.main_thread():
            under_way.wait(20.0)
            goes_on.wait(20.0)
        return tell_history(*about, **more)

    monkeypatch.setattr(user_portfolio.handlers.history, "tell_history", slowly)
    threads = [threading.Thread(target=service.get, args=(PATH,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    under_way.wait(20.0)
    third, others = service.get(PATH), service.get(PATH, account=BOB)
    goes_on.set()
    for thread in threads:
        thread.join()

    assert (third.status_code, others.status_code) == (429, 200), (third.text, others.text)
    assert service.get(PATH).status_code == 200
