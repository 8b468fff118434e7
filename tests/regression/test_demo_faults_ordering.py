"""What the demo this exchange grew out of got wrong about orders, each fault by its number."""

from __future__ import annotations

import pytest

from chassis.database import Database
from tests.stock_ordering.builders import ALICE, BOB, cancel_refused, filled, rested, uid
from tests.stock_ordering.desk import Desk, a_body, open_database, unlimited


@pytest.fixture
def desk(fresh_database_url):
    database: Database = open_database(fresh_database_url)
    yield Desk(database, unlimited())
    database.close()


def test_fault_3_a_partial_fill_does_not_mark_the_whole_order_filled(desk):
    order = desk.place(qty="10")

    desk.hear(rested(order["id"]), filled(order["id"], 4, remaining=6))

    shown = desk.show(order["id"])
    assert (shown["status"], shown["qty"], shown["filled_qty"]) == ("partially_filled", "10", "4")
    assert shown["filled_at"] is None
    assert desk.call("DELETE", f"/v2/orders/{order['id']}").status_code == 204


def test_fault_10_an_order_needs_somebody_who_places_it(desk):
    answer = desk.client().post("/v2/orders", json=a_body())

    assert (answer.status_code, answer.json["name"]) == (401, "unauthenticated")
    assert desk.told() == []


def test_fault_10_an_order_belongs_to_who_is_signed_in_whatever_its_body_claims(desk):
    claimed = desk.call("POST", "/v2/orders", a_body(account_id=BOB))
    placed = desk.place()

    assert claimed.status_code == 422
    assert [fact.account_id for fact in desk.told()] == [ALICE]
    assert desk.show(placed["id"])["id"] == placed["id"]


@pytest.mark.parametrize(
    "wrong", [{"qty": "-5"}, {"qty": "1.5"}, {"limit_price": "-1"}, {"limit_price": "NaN"}, {"symbol": "NOPE"}]
)
def test_fault_10_a_senseless_order_is_refused(desk, wrong):
    answer = desk.call("POST", "/v2/orders", a_body(**wrong))

    assert 400 <= answer.status_code < 500
    assert answer.json["message"]
    assert desk.told() == []


def test_fault_10_nobody_cancels_or_replaces_anothers_order(desk):
    order = desk.place(account=ALICE)
    desk.told()

    answers = [
        desk.call("DELETE", f"/v2/orders/{order['id']}", account=BOB),
        desk.call("PATCH", f"/v2/orders/{order['id']}", {"qty": "1"}, account=BOB),
    ]

    assert [(answer.status_code, answer.json["name"]) for answer in answers] == [(404, "order_not_found")] * 2
    assert desk.call("DELETE", "/v2/orders", account=BOB).json == []
    assert desk.told() == []


def test_fault_11_an_order_is_answered_with_its_id_and_state(desk):
    answer = desk.call("POST", "/v2/orders", a_body())

    assert answer.status_code == 200
    assert answer.json["status"] == "pending_new"
    assert desk.show(answer.json["id"]) == answer.json


def test_fault_12_the_cancel_of_a_filled_order_is_not_confirmed(desk):
    order = desk.place()
    desk.hear(filled(order["id"], 10, remaining=0))

    answer = desk.call("DELETE", f"/v2/orders/{order['id']}")

    assert (answer.status_code, answer.json["name"]) == (422, "not_open")
    assert answer.json["message"] == "The order is no longer open: it was filled."
    assert desk.show(order["id"])["status"] == "filled"


def test_fault_12_a_cancel_that_loses_against_a_fill_leaves_the_order_filled(desk):
    order = desk.place()
    assert desk.call("DELETE", f"/v2/orders/{order['id']}").status_code == 204

    desk.hear(filled(order["id"], 10, remaining=0), cancel_refused(order["id"]))

    shown = desk.show(order["id"])
    assert (shown["status"], shown["canceled_at"], shown["cancel_requested_at"]) == ("filled", None, None)


def test_fault_13_nobody_reads_anothers_orders(desk):
    order = desk.place(account=ALICE, client_order_id="mine")
    desk.hear(rested(order["id"]), filled(order["id"], 4, remaining=6))

    assert desk.call("GET", "/v2/orders", account=BOB, status="all").json == []
    for path in (f"/v2/orders/{order['id']}", f"/v2/orders/{order['id']}/fills"):
        assert desk.call("GET", path, account=BOB).json["name"] == "order_not_found"
        assert desk.call("GET", path, account=ALICE).status_code == 200
    by_name = desk.call("GET", "/v2/orders:by_client_order_id", account=BOB, client_order_id="mine")
    assert by_name.status_code == 404


def test_fault_13_anothers_order_looks_like_one_that_never_was(desk):
    order = desk.place(account=ALICE)

    anothers = desk.call("GET", f"/v2/orders/{order['id']}", account=BOB)
    nobodys = desk.call("GET", f"/v2/orders/{uid(9)}", account=BOB)

    assert (anothers.status_code, anothers.json) == (nobodys.status_code, nobodys.json)
