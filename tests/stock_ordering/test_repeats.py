"""A client order id names one order: the same again gets it, anything else by its name is refused."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from contracts.names import buying_power_entry, last_price_entry
from contracts.orders import TimeInForce
from contracts.refusals import Refusal, Refused
from stock_ordering.domain.wishes import ReplaceOrder
from stock_ordering.handlers.replacing import replace_order
from tests.stock_ordering.builders import (
    ALICE,
    BOB,
    an_order,
    canceled,
    expired,
    filled,
    placement,
    refused,
    replaced,
    rested,
    uid,
)
from tests.stock_ordering.desk import a_body

MARKET = {"type": "market", "limit_price": None, "time_in_force": "day"}


def test_a_repeat_gets_the_first_order_and_is_not_announced(books):
    books.place(an_order(1, client_order_id="mine"))
    books.told()

    [repeat] = books.place(an_order(2, client_order_id="mine"))

    assert repeat.id == uid(1)
    assert books.told() == []


def test_something_else_by_a_used_name_is_refused(books):
    books.place(an_order(1, client_order_id="mine"))
    books.told()

    [alone] = books.place(an_order(2, client_order_id="mine", quantity=99))
    together = books.place(an_order(3, client_order_id="new"), an_order(4, client_order_id="new", limit_price=990_000))

    assert alone.refusal is together[1].refusal is Refusal.DUPLICATE_CLIENT_ORDER_ID
    assert together[0].id == uid(3)
    assert [fact.order_id for fact in books.told()] == [uid(3)]


def test_a_repeat_within_one_batch_gets_the_first_order(books):
    outcomes = books.place(an_order(1, client_order_id="mine"), an_order(2, client_order_id="mine"))

    assert [order.id for order in outcomes] == [uid(1), uid(1)]
    assert len(books.told()) == 1


def test_two_accounts_may_use_the_same_client_order_id(books):
    outcomes = books.place(an_order(1, client_order_id="mine"), an_order(2, client_order_id="mine", account_id=BOB))

    assert [order.id for order in outcomes] == [uid(1), uid(2)]


def test_a_refused_repeat_is_still_a_repeat(books):
    books.place(an_order(1, client_order_id="mine"))
    refusal = Refused(Refusal.INSUFFICIENT_BUYING_POWER)

    same = placement(an_order(2, client_order_id="mine"), refusal)
    larger = placement(an_order(3, client_order_id="mine", quantity=99), refusal)
    outcomes = books.place(same, larger, placement(an_order(4, client_order_id="other"), refusal))

    assert outcomes[0].id == uid(1)
    assert outcomes[1].refusal is Refusal.DUPLICATE_CLIENT_ORDER_ID
    assert outcomes[2] is refusal


def test_a_refused_order_does_not_lose_its_name_to_one_that_comes_with_it(books):
    refusal = Refused(Refusal.INSUFFICIENT_BUYING_POWER)

    outcomes = books.place(
        placement(an_order(1, client_order_id="mine", quantity=99), refusal), an_order(2, client_order_id="mine")
    )

    assert [outcomes[0], outcomes[1].id] == [refusal, uid(2)]


def test_a_repeated_replacement_gets_the_first_one(books):
    books.place(an_order(1))
    wish = ReplaceOrder(ALICE, uid(1), quantity=20, client_order_id="mine")
    first = replace_order(books.deps, wish)
    books.hear(rested(uid(1)), replaced(uid(1), first.id, remaining=20))

    assert replace_order(books.deps, wish).id == first.id


@pytest.mark.parametrize("changes", [{"quantity": 30}, {"limit_price": 990_000}, {"time_in_force": TimeInForce.DAY}])
def test_another_replacement_by_a_used_name_is_refused(books, changes):
    books.place(an_order(1))
    wish = ReplaceOrder(ALICE, uid(1), quantity=20, client_order_id="mine")
    first = replace_order(books.deps, wish)
    spelled_out = replace(wish, limit_price=1_000_000, time_in_force=TimeInForce.GTC)

    with pytest.raises(Refused) as caught:
        replace_order(books.deps, replace(wish, **changes))

    assert caught.value.refusal is Refusal.DUPLICATE_CLIENT_ORDER_ID
    assert replace_order(books.deps, spelled_out).id == first.id


def test_a_new_order_cannot_take_a_replacements_name(books):
    books.place(an_order(1))
    replace_order(books.deps, ReplaceOrder(ALICE, uid(1), quantity=20, client_order_id="mine"))

    [outcome] = books.place(an_order(2, quantity=20, client_order_id="mine"))

    assert outcome.refusal is Refusal.DUPLICATE_CLIENT_ORDER_ID


def test_a_replacement_cannot_take_another_orders_name(books):
    books.place(an_order(1), an_order(2, client_order_id="taken"))

    with pytest.raises(Refused, match="client_order_id must be unique"):
        replace_order(books.deps, ReplaceOrder(ALICE, uid(1), quantity=20, client_order_id="taken"))


def test_a_repeat_gets_its_first_order_though_its_cash_is_held_by_it(desk):
    first = desk.place(client_order_id="mine")
    desk.cache.set_many({buying_power_entry(ALICE): "0"}, 60)

    assert desk.place(client_order_id="mine")["id"] == first["id"]


@pytest.mark.parametrize(
    "changes",
    [
        {"qty": "11"},
        {"qty": "100000000"},
        {"symbol": "MSFT"},
        {"symbol": "NOPE"},
        {"side": "sell"},
        {"limit_price": "100.01"},
        {"limit_price": "100.001"},
        {"time_in_force": "day"},
        {"time_in_force": None},
        {"type": "market", "limit_price": None},
    ],
)
def test_another_order_by_a_used_name_is_refused_in_words(desk, changes):
    desk.place(client_order_id="mine")
    desk.cache.set_many({buying_power_entry(ALICE): "0"}, 60)

    answer = desk.call("POST", "/v2/orders", a_body(client_order_id="mine", **changes))
    batch = desk.call("POST", "/v2/orders:batch", {"orders": [a_body(client_order_id="mine", **changes)]})

    assert (answer.status_code, answer.json["name"]) == (422, "duplicate_client_order_id")
    assert answer.json["message"].startswith("client_order_id must be unique")
    assert batch.json["orders"] == [{"status": 422, "error": answer.json}]
    assert len(desk.told()) == 1


@pytest.mark.parametrize(
    ("first", "repeat"),
    [
        ({"qty": "10", "limit_price": "100"}, {"qty": 10, "limit_price": 100.0}),
        ({"qty": "10.00", "limit_price": 100}, {"qty": 10.0, "limit_price": "100.0000"}),
        ({"time_in_force": "day"}, {"time_in_force": None}),
        ({}, {"extended_hours": False, "order_class": "simple"}),
    ],
)
def test_the_same_in_other_spellings_is_a_repeat(desk, first, repeat):
    placed = desk.place(client_order_id="mine", **first)

    assert desk.place(client_order_id="mine", **repeat)["id"] == placed["id"]


def test_a_market_order_is_the_same_though_its_price_is_another_now(desk):
    desk.cache.set_many({last_price_entry("AAPL"): "1500000"}, 60)
    first = desk.place(client_order_id="mine", **MARKET)
    desk.cache.set_many({last_price_entry("AAPL"): "3000000"}, 60)

    assert desk.place(client_order_id="mine", **MARKET)["id"] == first["id"]


@pytest.mark.parametrize(
    "outcome",
    [
        lambda order: [refused(order["id"])],
        lambda order: [rested(order["id"]), filled(order["id"], 10, remaining=0)],
        lambda order: [rested(order["id"]), canceled(order["id"])],
        lambda order: [rested(order["id"]), expired(order["id"])],
    ],
)
def test_a_name_stays_used_whatever_became_of_its_order(desk, outcome):
    order = desk.place(client_order_id="mine", time_in_force="day")
    desk.hear(*outcome(order))
    desk.clock.advance(3 * 86_400)

    another = desk.call("POST", "/v2/orders", a_body(client_order_id="mine", time_in_force="day", qty="11"))

    repeat = desk.call("POST", "/v2/orders", a_body(client_order_id="mine", time_in_force="day"))
    assert (repeat.json.get("order") or repeat.json)["id"] == order["id"]
    assert (another.status_code, another.json["name"]) == (422, "duplicate_client_order_id")


def test_a_name_stays_used_when_its_order_has_been_replaced(desk):
    order = desk.place(client_order_id="mine")
    desk.hear(rested(order["id"]))
    change = {"qty": "20", "client_order_id": "next"}
    new = desk.call("PATCH", f"/v2/orders/{order['id']}", change).json
    desk.hear(replaced(order["id"], new["id"], remaining=20))

    repeats = [desk.place(client_order_id="mine"), desk.call("PATCH", f"/v2/orders/{order['id']}", change).json]
    another = desk.call("PATCH", f"/v2/orders/{order['id']}", {**change, "limit_price": "99"})

    assert [repeat["id"] for repeat in repeats] == [order["id"], new["id"]]
    assert (another.status_code, another.json["name"]) == (422, "duplicate_client_order_id")


def test_fifty_clients_with_one_client_order_id_place_one_order(desk):
    ids, start = [], threading.Barrier(50)

    def place():
        start.wait()
        ids.append(desk.place(client_order_id="storm")["id"])

    threads = [threading.Thread(target=place) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(ids) == 50
    assert len(set(ids)) == 1
    assert [fact.order_id for fact in desk.told()] == ids[:1]
    assert desk.rows("select count(*) from orders") == [(1,)]
