"""So many open orders for an account and so many new ones a day, counted by what is committed."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chassis.database import Database
from tests.stock_ordering.builders import ALICE, BOB, canceled, rested
from tests.stock_ordering.desk import Desk, a_body, empty, unlimited

MakeDesk = Callable[..., Desk]
A_DAY_S = 86_400


@pytest.fixture
def build(ordering_database: Database) -> MakeDesk:
    def build(**settings: Any) -> Desk:
        empty(ordering_database)
        return Desk(ordering_database, unlimited(**settings))

    return build


def place(desk: Desk, account: str = ALICE, **body: Any) -> tuple[int, str]:
    answer = desk.call("POST", "/v2/orders", a_body(**body), account=account)
    return answer.status_code, (answer.json or {}).get("name", "")


def counted(desk: Desk, account: str = ALICE) -> int:
    with desk.database.transaction() as transaction:
        row = transaction.row("select orders from orders_of_the_day where account_id = %s", (account,))
    return 0 if row is None else int(row[0])


def test_beyond_so_many_open_orders_one_has_to_be_over_first(build):
    desk = build(open_orders_per_account=2)
    first, _ = desk.place(), desk.place()

    refused = desk.call("POST", "/v2/orders", a_body())
    others = place(desk, BOB)
    desk.hear(rested(first["id"]), canceled(first["id"]))

    assert (refused.status_code, refused.json["code"]) == (403, 40310004)
    assert (refused.json["name"], refused.json["limit"]) == ("too_many_open_orders", 2)
    assert "the 2 open orders" in refused.json["message"]
    assert others == (200, "")
    assert place(desk) == (200, "")
    assert place(desk) == (403, "too_many_open_orders")


def test_of_a_batch_as_many_are_taken_as_there_is_room_for(build):
    desk = build(open_orders_per_account=3)
    desk.place()

    answer = desk.call("POST", "/v2/orders:batch", {"orders": [a_body() for _ in range(5)]})

    assert [each["status"] for each in answer.json["orders"]] == [200, 200, 403, 403, 403]
    assert answer.json["orders"][4]["error"]["name"] == "too_many_open_orders"
    assert len(desk.told()) == 3


def test_a_repeat_is_answered_with_its_order_however_many_there_are(build):
    desk = build(open_orders_per_account=1, orders_per_day_per_account=1)
    first = desk.place(client_order_id="mine")

    again = desk.call("POST", "/v2/orders", a_body(client_order_id="mine"))

    assert (again.status_code, again.json["id"]) == (200, first["id"])
    assert counted(desk) == 1


def test_an_order_can_be_replaced_where_no_other_may_be_open(build):
    desk = build(open_orders_per_account=1)
    first = desk.place()
    desk.hear(rested(first["id"]))

    assert desk.call("PATCH", f"/v2/orders/{first['id']}", {"qty": "5"}).status_code == 200


def test_so_many_orders_a_day_and_replacements_are_orders(build):
    desk = build(orders_per_day_per_account=2)
    first = desk.place()
    desk.hear(rested(first["id"]))
    assert desk.call("PATCH", f"/v2/orders/{first['id']}", {"qty": "5"}).status_code == 200

    refused = desk.call("POST", "/v2/orders", a_body())

    assert (refused.status_code, refused.json["code"], refused.json["limit"]) == (403, 40310005, 2)
    assert refused.json["name"] == "too_many_orders_today"
    assert "2 orders that it may place a day" in refused.json["message"]
    assert place(desk, BOB) == (200, "")
    assert counted(desk) == 2


def test_the_next_day_begins_at_nothing_and_a_clock_that_is_behind_does_not_begin_it_again(build):
    desk = build(orders_per_day_per_account=1)
    desk.place()
    assert place(desk) == (403, "too_many_orders_today")

    desk.clock.advance(A_DAY_S)
    assert place(desk) == (200, "")
    desk.clock.advance(-A_DAY_S)

    assert place(desk) == (403, "too_many_orders_today")
    assert counted(desk) == 1


def test_what_is_refused_or_said_twice_is_not_counted(build):
    desk = build(orders_per_day_per_account=100)
    orders = [a_body(client_order_id="one"), a_body(client_order_id="one"), a_body(symbol="NONE"), a_body()]

    desk.call("POST", "/v2/orders:batch", {"orders": orders})

    assert counted(desk) == 2


def test_two_processes_at_once_take_no_more_than_one(build, ordering_database):
    desk = build(open_orders_per_account=30, orders_per_day_per_account=30)
    other = Desk(ordering_database, unlimited(open_orders_per_account=30, orders_per_day_per_account=30))
    together = threading.Barrier(8)

    def send(number: int) -> Counter[int]:
        together.wait(20)
        answer = (desk, other)[number % 2].call("POST", "/v2/orders:batch", {"orders": [a_body() for _ in range(10)]})
        return Counter(each["status"] for each in (answer.json or {})["orders"])

    with ThreadPoolExecutor(8) as clients:
        answers = sum(clients.map(send, range(8)), Counter[int]())

    assert answers == {200: 30, 403: 50}
    assert counted(desk) == 30
