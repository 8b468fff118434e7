"""A waited answer waits for what follows from it, as long as somebody says that it is on its way."""

from __future__ import annotations

import time

import pytest

from contracts.names import QUESTION_ORDER_APPLIED, QUESTION_TRADE_RECORDED
from stock_ordering.handlers import settling
from tests.stock_ordering.builders import canceled, filled, rested


def wait_for(desk, order, wait=20):
    """The answer to whoever asks for the same order again, and waits."""
    body = {name: order[name] for name in ("symbol", "qty", "side", "type", "time_in_force", "limit_price")}
    return desk.call("POST", "/v2/orders", {**body, "client_order_id": order["client_order_id"]}, wait=wait)


@pytest.fixture
def order(desk):
    return desk.place(client_order_id="mine")


def test_a_fill_is_answered_when_it_is_settled_and_on_the_tape(desk, order):
    desk.neighbours.applied_after, desk.neighbours.recorded_after = 3, 2
    desk.hear(filled(order["id"], 4, 6), filled(order["id"], 6, 0, sequence=3, trade_id=order["id"]))

    answer = wait_for(desk, order)

    assert (answer.json["status"], answer.headers["Account-Current"]) == ("filled", "true")
    assert (
        desk.neighbours.was_asked(QUESTION_ORDER_APPLIED)
        == [{"order_id": order["id"], "filled": 10, "has_ended": True}] * 4
    )
    asked = desk.neighbours.was_asked(QUESTION_TRADE_RECORDED)
    assert [(each["symbol"], each["trade_id"]) for each in asked] == [("AAPL", order["id"])] * 3


def test_an_order_that_rests_has_no_trade_to_wait_for(desk, order):
    desk.hear(rested(order["id"]))

    answer = wait_for(desk, order)

    assert answer.headers["Account-Current"] == "true"
    assert desk.neighbours.was_asked(QUESTION_TRADE_RECORDED) == []
    assert desk.neighbours.was_asked(QUESTION_ORDER_APPLIED)[0]["has_ended"] is False


def test_a_cancel_is_answered_when_the_hold_is_released(desk, order):
    desk.neighbours.applied_after = 2
    desk.call("DELETE", f"/v2/orders/{order['id']}")
    desk.hear(rested(order["id"]), canceled(order["id"]))

    answer = desk.call("DELETE", f"/v2/orders/{order['id']}", wait=20)

    assert (answer.status_code, answer.json["name"]) == (422, "not_open")
    assert len(desk.neighbours.was_asked(QUESTION_ORDER_APPLIED)) == 3


def test_when_the_time_is_over_the_answer_says_that_the_account_may_be_older(desk, order):
    desk.neighbours.applied_after = 10**6
    desk.hear(filled(order["id"], 10, 0))

    answer = wait_for(desk, order, wait=1)

    assert (answer.json["status"], answer.headers["Account-Current"]) == ("filled", "false")


def test_nobody_is_waited_for_who_does_not_answer_at_all(desk, order, monkeypatch):
    monkeypatch.setattr(settling, "LONGEST_SILENCE_S", 0.2)
    desk.neighbours.are_there = False
    desk.hear(filled(order["id"], 10, 0))

    started_s = time.monotonic()
    answer = wait_for(desk, order)

    assert (answer.json["status"], answer.headers["Account-Current"]) == ("filled", "false")
    assert time.monotonic() - started_s < 10


def test_an_order_without_an_outcome_has_nothing_to_be_settled(desk, order):
    answer = wait_for(desk, order, wait=1)

    assert (answer.json["status"], answer.headers["Account-Current"]) == ("pending_new", "false")
    assert desk.neighbours.was_asked(QUESTION_ORDER_APPLIED) == []
