"""Many at once, on PostgreSQL: nothing is lost, nothing happens twice, nobody waits for ever."""

from __future__ import annotations

import random
import threading

import psycopg
import pytest

from chassis.database import Database
from contracts.facts import CancelRequested, OrderPlaced
from contracts.orders import TERMINAL_STATUSES
from tests.stock_ordering.builders import cancel_refused, canceled, filled, rested
from tests.stock_ordering.desk import Desk, a_body, unlimited


def at_once(*calls):
    """Start every call in a thread of its own at the same moment; their results, in order."""
    start, results = threading.Barrier(len(calls)), {}

    def run(position, call):
        start.wait()
        results[position] = call()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[position] for position in range(len(calls))]


@pytest.fixture
def replica(ordering_database, desk):
    """A second process of the service, on the same database."""
    database = Database(ordering_database.url, desk.clock)
    database.open()
    yield Desk(database, unlimited())
    database.close()


def test_two_replicas_that_get_the_same_batch_in_any_order_place_each_order_once(desk, replica):
    names = [f"order {number}" for number in range(300)]

    def batch(at, order_of_names):
        bodies = [a_body(client_order_id=name) for name in order_of_names]
        entries = at.call("POST", "/v2/orders:batch", {"orders": bodies}).json["orders"]
        return {entry["order"]["client_order_id"]: entry["order"]["id"] for entry in entries}

    answers = at_once(
        lambda: batch(desk, names),
        lambda: batch(replica, names[::-1]),
        lambda: batch(desk, random.Random(1).sample(names, len(names))),
        lambda: batch(replica, random.Random(2).sample(names, len(names))),
    )

    assert all(answer == answers[0] for answer in answers)
    told = [fact.order_id for fact in desk.told()]
    assert sorted(told) == sorted(answers[0].values())


def test_of_different_orders_by_one_name_at_two_replicas_one_is_placed_and_the_others_hear_so(desk, replica):
    order = desk.place()
    desk.hear(rested(order["id"]))
    desk.told()

    def placing(at, quantity):
        return lambda: at.call("POST", "/v2/orders", a_body(client_order_id="storm", qty=quantity))

    def replacing(at):
        return lambda: at.call("PATCH", f"/v2/orders/{order['id']}", {"qty": "9", "client_order_id": "storm"})

    answers = at_once(*[placing(at, 1 + number % 5) for number in range(30) for at in (desk, replica)], replacing(desk))

    [placed] = desk.told()
    assert {answer.json["id"] for answer in answers if answer.status_code == 200} == {placed.order_id}
    refused = [answer.json["name"] for answer in answers if answer.status_code != 200]
    assert set(refused) == {"duplicate_client_order_id"}
    same = [answer for answer in answers if answer.status_code == 200]
    assert len(same) == (12 if isinstance(placed, OrderPlaced) else 1)


def test_cancels_and_fills_of_the_same_orders_cross_without_a_deadlock(desk):
    ids = [desk.place()["id"] for _ in range(60)]
    desk.hear(*[rested(order_id) for order_id in ids])
    shuffled = random.Random(3).sample(ids, len(ids))

    answers = at_once(
        lambda: desk.hear(*[filled(order_id, 10, remaining=0) for order_id in ids[:30]]),
        lambda: desk.hear(*[canceled(order_id) for order_id in shuffled if order_id in ids[30:]]),
        lambda: [desk.call("DELETE", f"/v2/orders/{order_id}").status_code for order_id in shuffled],
        lambda: desk.call("DELETE", "/v2/orders").status_code,
    )

    assert set(answers[2]) <= {204, 422}
    assert answers[3] == 207
    statuses = [desk.show(order_id)["status"] for order_id in ids]
    assert statuses == ["filled"] * 30 + ["canceled"] * 30


def test_cancel_against_fill_every_order_ends_as_it_was_answered(desk):
    """The book decides each race by chance; whoever waits hears what it decided."""
    chance, stop = random.Random(4), threading.Event()

    def decide(order_id):
        if chance.random() < 0.5:
            return [canceled(order_id)]
        return [filled(order_id, 10, remaining=0, sequence=8), cancel_refused(order_id)]

    def book():
        while not stop.wait(0.002):
            outcomes = [
                fact for told in desk.told() if isinstance(told, CancelRequested) for fact in decide(told.order_id)
            ]
            if outcomes:
                desk.hear(*outcomes)

    ids = [desk.place()["id"] for _ in range(40)]
    desk.hear(*[rested(order_id) for order_id in ids])
    thread = threading.Thread(target=book)
    thread.start()
    answers = at_once(
        *[
            lambda order_id=order_id: desk.call("DELETE", f"/v2/orders/{order_id}", wait=20).status_code
            for order_id in ids
        ]
    )
    stop.set()
    thread.join()

    ends = [desk.show(order_id)["status"] for order_id in ids]
    assert set(ends) <= TERMINAL_STATUSES
    assert answers == [200 if end == "canceled" else 422 for end in ends]
    assert {"canceled", "filled"} == set(ends)


def test_without_a_database_a_caller_is_asked_to_come_back(desk, monkeypatch):
    order = desk.place()

    def away(*args, **kwargs):
        raise psycopg.OperationalError("the database is away")

    monkeypatch.setattr(desk.database, "transaction", away)
    monkeypatch.setattr(desk.database, "reading", away)

    for method, path, body in (
        ("POST", "/v2/orders", a_body()),
        ("POST", "/v2/orders:batch", {"orders": [a_body()]}),
        ("PATCH", f"/v2/orders/{order['id']}", {"qty": "20"}),
        ("DELETE", f"/v2/orders/{order['id']}", None),
        ("GET", "/v2/orders", None),
    ):
        answer = desk.call(method, path, body)
        assert (answer.status_code, answer.json["name"]) == (503, "unavailable")
        assert answer.headers["Retry-After"]
