"""One account's thousand orders: counted as a thousand, and placed in steps that let the orders of others between."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from chassis.database import Database
from contracts.facts import OrderPlaced
from stock_ordering.handlers import placing
from stock_ordering.settings import Settings
from tests.chassis.builders import eventually
from tests.stock_ordering.builders import BOB, rested
from tests.stock_ordering.desk import Desk, a_body, empty

MakeDesk = Callable[..., Desk]


@pytest.fixture
def build(ordering_database: Database) -> MakeDesk:
    def build(**settings: Any) -> Desk:
        empty(ordering_database)
        return Desk(ordering_database, Settings(**settings))

    return build


def batch(desk: Desk, size: int, **call: Any) -> Any:
    return desk.call("POST", "/v2/orders:batch", {"orders": [a_body() for _ in range(size)]}, **call)


def test_a_batch_counts_as_its_orders_and_the_account_pays_it_off_before_its_next_order(build):
    desk = build(orders_per_second_per_account=10)

    taken, next_one = batch(desk, 600), desk.call("POST", "/v2/orders", a_body())

    assert [each["status"] for each in taken.json["orders"]] == [200] * 600
    assert (next_one.status_code, next_one.json["name"]) == (429, "too_many_requests")
    assert "orders a second" in next_one.json["message"]
    assert 20 <= int(next_one.headers["Retry-After"]) <= 59
    assert batch(desk, 1).status_code == 429
    assert desk.call("PATCH", f"/v2/orders/{taken.json['orders'][0]['order']['id']}", {"qty": "5"}).status_code == 429


def test_who_has_placed_too_much_may_still_cancel_and_look_and_others_may_order(build):
    desk = build(orders_per_second_per_account=1)
    mine = desk.place()
    assert desk.call("POST", "/v2/orders", a_body()).status_code == 429

    assert desk.call("DELETE", f"/v2/orders/{mine['id']}").status_code == 204
    assert desk.call("GET", "/v2/orders").status_code == 200
    assert desk.call("POST", "/v2/orders", a_body(), account=BOB).status_code == 200


@pytest.mark.parametrize("body", [{"orders": 7}, {"orders": []}, {}, {"orders": [{}] * 5_000}])
def test_a_batch_that_is_none_is_refused_as_such_and_costs_no_more_than_the_largest(build, body):
    desk = build(orders_per_second_per_account=1_000)

    assert desk.call("POST", "/v2/orders:batch", body).status_code in (200, 422)
    eventually(lambda: desk.call("POST", "/v2/orders", a_body()).status_code == 200)


def test_without_a_limit_batches_follow_one_another(build):
    desk = build(orders_per_second_per_account=0)

    assert [batch(desk, 300).status_code for _ in range(3)] == [200] * 3


def test_a_long_batch_lets_the_orders_of_others_between_its_own(build):
    desk = build(orders_per_second_per_account=0, batch_step=10)
    answered: list[Any] = []
    sender = threading.Thread(target=lambda: answered.append(batch(desk, 25)))
    sender.start()
    announced: list[Any] = []

    def hear_of(orders: int) -> None:
        def heard() -> bool:
            announced.extend(desk.told())
            return len(announced) >= orders

        eventually(heard)

    hear_of(10)
    other = desk.place(account=BOB)
    hear_of(11)
    for count in (10, 20):
        assert len([fact for fact in announced if fact.account_id != BOB]) == count
        desk.hear(*(rested(fact.order_id) for fact in announced if isinstance(fact, OrderPlaced)))
        hear_of(11 + count if count == 10 else 26)
    sender.join(20)

    [answer] = answered
    assert [each["status"] for each in answer.json["orders"]] == [200] * 25
    mine = [each["order"]["client_order_id"] for each in answer.json["orders"]]
    told = [fact.order_id for fact in announced]
    assert told.index(other["id"]) == 10
    assert len(set(mine)) == 25


def test_a_batch_goes_on_while_nothing_comes_through(build, monkeypatch):
    monkeypatch.setattr(placing, "LONGEST_STEP_S", 0.05)
    desk = build(orders_per_second_per_account=0, batch_step=10)

    answer = batch(desk, 35)

    assert [each["order"]["status"] for each in answer.json["orders"]] == ["pending_new"] * 35
    assert len(desk.told()) == 35
