"""Orders placed through the API are answered in Alpaca's shape, and announced once."""

from __future__ import annotations

import pytest

from chassis.questions import Unanswered
from contracts.facts import InstrumentHalted, InstrumentResumed, OrderPlaced, Reason
from contracts.names import QUESTION_LAST_PRICE, buying_power_entry, last_price_entry
from contracts.orders import OrderType, TimeInForce
from stock_ordering.api.answers import FillAnswer, OrderAnswer
from tests.stock_ordering.builders import ALICE, BOB, NOW_US, filled, refused, rested
from tests.stock_ordering.desk import a_body

MARKET = {"type": "market", "limit_price": None, "time_in_force": "day"}


def test_a_placed_order_is_answered_in_full(desk):
    order = desk.place(client_order_id="mine", qty=10.0, limit_price=100.5, order_class="simple", extended_hours=False)

    assert (order["status"], order["client_order_id"]) == ("pending_new", "mine")
    assert (order["qty"], order["limit_price"], order["filled_qty"]) == ("10", "100.50", "0")
    assert order["created_at"] == order["submitted_at"] == "2025-06-15T15:06:40.000000Z"
    assert (order["filled_avg_price"], order["filled_at"], order["expires_at"]) == (None, None, None)
    assert desk.show(order["id"]) == order


def test_the_answer_is_what_the_api_document_says(desk):
    order = desk.place()
    desk.hear(filled(order["id"], 4, remaining=6))
    fills = desk.call("GET", f"/v2/orders/{order['id']}/fills").json

    assert set(order) == set(OrderAnswer.model_fields)
    assert OrderAnswer.model_validate(desk.show(order["id"])).filled_qty == "4"
    assert FillAnswer.model_validate(fills[0]).role == "maker"


def test_a_placed_order_is_announced(desk):
    order = desk.place(side="sell", time_in_force="day")

    [fact] = desk.told()
    assert isinstance(fact, OrderPlaced)
    assert (fact.order_id, fact.account_id, fact.quantity, fact.price) == (order["id"], ALICE, 10, 1_000_000)
    assert (fact.side, fact.time_in_force) == ("sell", "day")
    assert order["expires_at"] == "2025-06-16T00:00:00.000000Z"


def test_a_filled_order_shows_what_it_cost(desk):
    order = desk.place()

    desk.hear(rested(order["id"]), filled(order["id"], 10, remaining=0, at=999_900))

    shown = desk.show(order["id"])
    assert (shown["status"], shown["filled_qty"], shown["filled_avg_price"]) == ("filled", "10", "99.99")
    assert shown["filled_at"] == shown["updated_at"] != shown["created_at"]


def test_a_rejected_order_says_why(desk):
    order = desk.place()

    desk.hear(refused(order["id"], Reason.INSUFFICIENT_SHARES))

    shown = desk.show(order["id"])
    assert (shown["status"], shown["reason"]) == ("rejected", "insufficient_shares")
    assert shown["reason_message"] == "The account did not have that many shares to sell."
    assert shown["failed_at"] is not None


def test_every_reason_has_its_sentence(desk):
    for reason in Reason:
        order = desk.place()
        desk.hear(refused(order["id"], reason))
        assert desk.show(order["id"])["reason_message"].endswith(".")


def test_a_batch_answers_each_order_in_its_place(desk):
    bodies = [a_body(), a_body(qty="1.5"), a_body(symbol="NOPE"), "an order", a_body(client_order_id="mine")]

    answer = desk.call("POST", "/v2/orders:batch", {"orders": [*bodies, a_body(client_order_id="mine", qty="10.0")]})

    entries = answer.json["orders"]
    assert [entry["status"] for entry in entries] == [200, 422, 404, 422, 200, 200]
    assert entries[1]["error"]["name"] == "invalid_request"
    assert entries[1]["error"]["message"].startswith("qty: must be a whole number of shares")
    assert entries[2]["error"]["code"] == 40410003
    assert entries[4]["order"]["id"] == entries[5]["order"]["id"]
    assert len(desk.told()) == 2


def test_an_empty_batch_is_answered_with_nothing(desk):
    assert desk.call("POST", "/v2/orders:batch", {"orders": []}).json == {"orders": []}


def test_a_batch_of_more_than_a_thousand_is_refused(desk):
    answer = desk.call("POST", "/v2/orders:batch", {"orders": [a_body()] * 1_001})

    assert (answer.status_code, answer.json["name"]) == (422, "invalid_request")
    assert desk.told() == []


def test_a_hopeless_buy_is_refused_at_once(desk):
    desk.has_buying_power(9_999_999)

    answer = desk.call("POST", "/v2/orders", a_body())

    assert (answer.status_code, answer.json["code"]) == (403, 40310000)
    assert (answer.json["cost_basis"], answer.json["buying_power"]) == ("1000.00", "999.9999")
    assert desk.told() == []


def test_only_buys_need_buying_power_and_only_of_their_own_account(desk):
    desk.cache.set_many({buying_power_entry(ALICE): "0"}, 60)

    assert desk.place(side="sell")["status"] == "pending_new"
    assert desk.place(account=BOB)["status"] == "pending_new"


@pytest.mark.parametrize(("side", "price"), [("buy", 1_650_000), ("sell", 1_350_000)])
def test_a_market_order_is_collared_around_the_last_price(desk, side, price):
    desk.cache.set_many({last_price_entry("AAPL"): "1500000"}, 60)

    order = desk.place(side=side, **MARKET)

    [fact] = desk.told()
    assert (fact.type, fact.time_in_force, fact.price) == (OrderType.MARKET, TimeInForce.IOC, price)
    assert (order["time_in_force"], order["limit_price"], order["expires_at"]) == ("day", None, None)


def test_a_market_fill_or_kill_stays_one(desk):
    desk.place(**{**MARKET, "time_in_force": "fok"})

    assert desk.told()[0].time_in_force is TimeInForce.FOK


def test_a_last_price_that_nobody_cached_is_asked_for(desk):
    desk.questions.register({QUESTION_LAST_PRICE: lambda asked: {"price": 2_000_000}})
    desk.place(**MARKET)

    def unanswered(asked):
        raise Unanswered

    desk.questions.register({QUESTION_LAST_PRICE: unanswered})
    desk.place(**MARKET)

    assert [fact.price for fact in desk.told()] == [2_200_000, 2_200_000]


def test_without_any_price_the_reference_price_is_the_last(desk):
    desk.place(**MARKET)

    assert desk.told()[0].price == 1_100_000


def test_a_market_buy_that_could_cost_too_much_is_refused(desk):
    desk.has_buying_power(10_999_999)

    assert desk.call("POST", "/v2/orders", a_body(**MARKET)).status_code == 403


def test_a_halted_symbol_takes_no_orders_but_cancels(desk):
    order = desk.place()
    desk.hear(InstrumentHalted(symbol="AAPL", at_us=10))

    answer = desk.call("POST", "/v2/orders", a_body())
    replacement = desk.call("PATCH", f"/v2/orders/{order['id']}", {"qty": "20"})

    assert (answer.status_code, answer.json["name"]) == (422, "symbol_halted")
    assert (replacement.status_code, replacement.json["name"]) == (422, "symbol_halted")
    assert desk.call("DELETE", f"/v2/orders/{order['id']}").status_code == 204


def test_of_halts_and_resumes_the_highest_number_counts_in_whatever_order_they_come(desk):
    desk.hear(InstrumentHalted(symbol="AAPL", at_us=10, sequence=3))
    desk.hear(InstrumentResumed(symbol="AAPL", at_us=11, sequence=2))
    assert desk.call("POST", "/v2/orders", a_body()).status_code == 422

    desk.hear(
        InstrumentResumed(symbol="AAPL", at_us=9, sequence=4), InstrumentHalted(symbol="AAPL", at_us=10, sequence=3)
    )
    assert desk.place()["status"] == "pending_new"


def test_a_resume_counts_though_the_clock_it_was_told_by_is_behind_the_halts(desk):
    desk.hear(InstrumentHalted(symbol="AAPL", at_us=NOW_US + 3_600_000_000, sequence=1))
    desk.hear(InstrumentResumed(symbol="AAPL", at_us=NOW_US - 3_600_000_000, sequence=2))

    assert desk.place()["status"] == "pending_new"


def test_halts_without_a_number_are_of_the_version_before_and_count_by_their_time(desk):
    desk.hear(InstrumentHalted(symbol="AAPL", at_us=10), InstrumentResumed(symbol="AAPL", at_us=9))
    assert desk.call("POST", "/v2/orders", a_body()).status_code == 422

    desk.hear(InstrumentResumed(symbol="AAPL", at_us=1, sequence=1))
    assert desk.place()["status"] == "pending_new"
