"""Canceling, replacing, waiting, looking up: the truth, and only about one's own orders."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import pytest

from contracts.facts import CancelRequested, ReplaceRequested
from tests.stock_ordering.builders import (
    BOB,
    cancel_refused,
    canceled,
    filled,
    refused,
    replace_refused,
    replaced,
    rested,
)

BODY = {"symbol": "AAPL", "qty": 10.0, "side": "buy", "type": "limit", "limit_price": 100.0}


@contextmanager
def the_book_says(desk, kind, facts_about):
    """Hear the facts as soon as an order of that kind is announced, while the block runs."""
    done = threading.Event()

    def answer():
        while not done.wait(0.005):
            for fact in desk.told():
                if isinstance(fact, kind):
                    desk.hear(*facts_about(fact.order_id))
                    return

    book = threading.Thread(target=answer)
    book.start()
    try:
        yield
    finally:
        done.set()
        book.join()


def test_a_cancel_is_on_its_way_and_the_order_says_so(desk):
    order = desk.place()
    desk.told()

    answer = desk.call("DELETE", f"/v2/orders/{order['id']}")

    assert (answer.status_code, answer.data) == (204, b"")
    assert [type(fact) for fact in desk.told()] == [CancelRequested]
    shown = desk.show(order["id"])
    assert (shown["status"], shown["cancel_requested_at"]) == ("pending_new", "2025-06-15T15:06:40.000000Z")


def test_a_cancel_that_waits_is_answered_by_the_book(desk):
    order = desk.place()

    with the_book_says(desk, CancelRequested, lambda order_id: [canceled(order_id)]):
        answer = desk.call("DELETE", f"/v2/orders/{order['id']}", wait=20)

    assert (answer.status_code, answer.json["status"], answer.json["reason"]) == (200, "canceled", "requested")
    assert answer.headers["Preference-Applied"] == "wait=20"
    assert answer.headers["Book-Sequence"] == "9"


@pytest.mark.parametrize(
    "outcome",
    [
        lambda order_id: [filled(order_id, 10, remaining=0)],
        lambda order_id: [filled(order_id, 10, remaining=0), cancel_refused(order_id)],
    ],
)
def test_a_cancel_that_a_fill_overtook_is_not_confirmed(desk, outcome):
    order = desk.place()

    with the_book_says(desk, CancelRequested, outcome):
        answer = desk.call("DELETE", f"/v2/orders/{order['id']}", wait=20)

    assert (answer.status_code, answer.json["name"]) == (422, "not_open")
    assert answer.json["order_status"] == "filled"


def test_a_cancel_the_book_refuses_is_not_confirmed(desk):
    order = desk.place()

    with the_book_says(desk, CancelRequested, lambda order_id: [rested(order_id), cancel_refused(order_id)]):
        answer = desk.call("DELETE", f"/v2/orders/{order['id']}", wait=20)

    assert (answer.status_code, answer.json["name"]) == (422, "not_open")


def test_when_the_time_is_over_the_cancel_is_still_pending(desk):
    order = desk.place()

    answer = desk.call("DELETE", f"/v2/orders/{order['id']}", wait=1)

    assert (answer.status_code, answer.json["status"]) == (202, "pending_new")


def test_cancel_all_lists_every_order_it_asked_for(desk):
    mine = {desk.place()["id"] for _ in range(3)}
    desk.place(account=BOB)

    answer = desk.call("DELETE", "/v2/orders")

    assert answer.status_code == 207
    assert {(entry["id"], entry["status"]) for entry in answer.json} == {(order_id, 200) for order_id in mine}
    assert desk.call("DELETE", "/v2/orders").json == []


def test_a_waiting_order_is_answered_when_it_rests(desk):
    with the_book_says(desk, object, lambda order_id: [filled(order_id, 4, 6), rested(order_id, 6, 2)]):
        answer = desk.call("POST", "/v2/orders", BODY, wait=20)

    assert (answer.json["status"], answer.json["filled_qty"]) == ("partially_filled", "4")
    assert answer.headers["Preference-Applied"] == "wait=20"


def test_a_waiting_order_is_answered_when_the_hold_refuses(desk):
    with the_book_says(desk, object, lambda order_id: [refused(order_id)]):
        answer = desk.call("POST", "/v2/orders", BODY, wait=20)

    assert (answer.status_code, answer.json["code"]) == (403, 40310000)
    assert answer.json["message"] == "The account's buying power did not cover the order."
    assert answer.json["order"] == desk.show(answer.json["order"]["id"])
    assert answer.json["order"]["status"] == "rejected"


def test_a_waiting_order_is_pending_when_the_time_is_over(desk):
    answer = desk.call("POST", "/v2/orders", BODY, wait=1)

    assert (answer.status_code, answer.json["status"]) == (200, "pending_new")
    assert "Book-Sequence" not in answer.headers


def test_another_process_may_hear_what_this_one_waits_for(desk):
    def hear_without_notice(order_id):
        with desk.database.transaction() as transaction:
            transaction.execute(
                "update orders set status = 'new', resting = true, sequence = 3 where id = %s", (order_id,)
            )
        return []

    with the_book_says(desk, object, hear_without_notice):
        answer = desk.call("POST", "/v2/orders", BODY, wait=20)

    assert (answer.json["status"], answer.headers["Book-Sequence"]) == ("new", "3")


def test_a_replacement_takes_the_old_orders_place(desk):
    old = desk.place()
    desk.hear(rested(old["id"]), filled(old["id"], 4, remaining=6))

    def book(new_id):
        return [replaced(old["id"], new_id, remaining=16)]

    with the_book_says(desk, ReplaceRequested, book):
        answer = desk.call("PATCH", f"/v2/orders/{old['id']}", {"qty": "20", "time_in_force": "day"}, wait=20)

    new, old = answer.json, desk.show(old["id"])
    assert (new["replaces"], new["status"], new["qty"]) == (old["id"], "partially_filled", "20")
    assert (new["filled_qty"], new["time_in_force"]) == ("4", "day")
    assert (old["status"], old["replaced_by"]) == ("replaced", new["id"])
    assert old["replaced_at"] is not None


def test_a_refused_replacement_leaves_the_old_order_open_for_another(desk):
    old = desk.place()
    desk.hear(rested(old["id"]))
    first = desk.call("PATCH", f"/v2/orders/{old['id']}", {"qty": "20"}).json
    assert desk.call("PATCH", f"/v2/orders/{old['id']}", {"qty": "30"}).json["name"] == "replace_pending"

    desk.hear(replace_refused(old["id"], first["id"]))

    assert desk.show(first["id"])["status"] == "rejected"
    assert desk.show(old["id"])["status"] == "new"
    assert desk.call("PATCH", f"/v2/orders/{old['id']}", {"qty": "30"}).status_code == 200


def test_twenty_replacements_at_once_are_one(desk):
    old, answers, start = desk.place(), [], threading.Barrier(20)

    def patch():
        start.wait()
        answers.append(desk.call("PATCH", f"/v2/orders/{old['id']}", {"qty": "20"}).status_code)

    threads = [threading.Thread(target=patch) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [200] + [422] * 19


def test_orders_are_listed_newest_first_and_by_what_is_asked(desk):
    placed = []
    for number in range(5):
        desk.clock.advance(1)
        placed.append(desk.place(side="sell" if number % 2 else "buy", symbol="MSFT" if number == 4 else "AAPL"))
    ids = [order["id"] for order in placed]
    desk.hear(rested(ids[0]), canceled(ids[0]))

    def listed(**query):
        return [order["id"] for order in desk.call("GET", "/v2/orders", **query).json]

    assert listed() == ids[:0:-1]
    assert listed(status="closed") == ids[:1]
    assert listed(status="all", direction="asc") == ids
    assert listed(status="all", direction="asc", limit="2") == ids[:2]
    assert listed(status="all", direction="asc", after=placed[1]["submitted_at"]) == ids[2:]
    assert listed(status="all", until="2025-06-15T15:06:42") == ids[:1]
    assert listed(side="sell") == [ids[3], ids[1]]
    assert listed(symbols="MSFT,AAPL", status="all", nested="True") == ids[::-1]
    assert listed(symbols="MSFT") == [ids[4]]
    assert desk.call("GET", "/v2/orders", symbols="NOPE").status_code == 404


def test_orders_placed_together_can_be_paged_without_losing_one(desk):
    desk.call("POST", "/v2/orders:batch", {"orders": [BODY] * 25})
    seen, after = [], "2000-01-01T00:00:00Z"

    while page := desk.call("GET", "/v2/orders", direction="asc", limit="10", after=after).json:
        seen += [order["id"] for order in page]
        after = page[-1]["submitted_at"]

    assert len(seen) == len(set(seen)) == 25


def test_an_order_is_found_by_the_owners_own_name_for_it(desk):
    order = desk.place(client_order_id="mine, ~ö")

    assert desk.call("GET", "/v2/orders:by_client_order_id", client_order_id="mine, ~ö").json == order
    assert desk.call("GET", "/v2/orders:by_client_order_id", client_order_id="other").status_code == 404


def test_fills_are_listed_oldest_first_and_in_pages(desk):
    order = desk.place()
    desk.hear(*[filled(order["id"], 1, remaining=left, sequence=20 - left) for left in range(9, -1, -1)])

    path = f"/v2/orders/{order['id']}/fills"

    assert [fill["leaves_qty"] for fill in desk.call("GET", path).json] == [str(left) for left in range(9, -1, -1)]
    assert [fill["leaves_qty"] for fill in desk.call("GET", path, limit="2", offset="3").json] == ["6", "5"]


def test_the_exchange_is_always_open_and_its_day_ends_at_midnight(desk):
    clock = desk.call("GET", "/v2/clock").json

    assert clock["is_open"] is True
    assert (clock["timestamp"], clock["next_close"]) == ("2025-06-15T15:06:40.000000Z", "2025-06-16T00:00:00.000000Z")


def test_every_day_is_a_trading_day(desk):
    days = desk.call("GET", "/v2/calendar", start="2025-06-28", end="2025-07-01").json

    assert [day["date"] for day in days] == ["2025-06-28", "2025-06-29", "2025-06-30", "2025-07-01"]
    assert days[0] == {"date": "2025-06-28", "open": "00:00", "close": "23:59"}
    assert desk.call("GET", "/v2/calendar").json[0]["date"] == "2025-06-15"
    assert desk.call("GET", "/v2/calendar", start="9999-12-30").json[-1]["date"] == "9999-12-31"
    assert desk.call("GET", "/v2/calendar", start="2025-06-28", end="2025-06-01").status_code == 422
    assert desk.call("GET", "/v2/calendar", start="0001-01-01", end="9999-12-31").status_code == 422
