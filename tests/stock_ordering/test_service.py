"""The service as the chassis runs it: what it hears, what it sets aside, what it documents."""

from __future__ import annotations

import pytest

from chassis.bus import Message
from chassis.codec import encode_facts
from chassis.consumer import Consumer
from chassis.metrics import Metrics
from contracts.facts import AccountOpened, CancelAllRequested
from contracts.streams import ROUTES, Stream
from stock_ordering.consumers import INSTRUMENT_FACTS, OUTCOMES, STREAMS
from tests.stock_ordering.builders import ALICE, filled, listed, rested, uid


def test_everything_on_the_streams_it_hears_has_a_handler():
    on_its_streams = {kind for kind, route in ROUTES.items() if route.stream in STREAMS}

    assert on_its_streams == INSTRUMENT_FACTS | OUTCOMES.keys() | {CancelAllRequested}


def test_a_fact_that_is_not_for_it_is_ignored(desk):
    desk.hear(AccountOpened(account_id=ALICE, name="alice", at_us=1))

    assert desk.told() == []


@pytest.fixture
def deliver(desk):
    consumer = Consumer("stock_ordering", desk.database, desk.handle, Metrics())

    def deliver(message_number, *facts):
        consumer.receive([Message(uid(message_number), Stream.ORDER_OUTCOME, 0, encode_facts(facts))])

    yield deliver
    with desk.database.transaction() as transaction:
        transaction.execute("delete from inbox; delete from dead_letters")


def test_a_fact_that_cannot_be_true_is_set_aside_and_the_rest_go_on(desk, deliver):
    first, second = desk.place()["id"], desk.place()["id"]

    deliver(
        1, rested(first), filled(uid(9), 1, remaining=9), filled(first, 11, remaining=0, sequence=3), rested(second)
    )

    assert (desk.show(first)["status"], desk.show(second)["status"]) == ("new", "new")
    assert desk.rows("select fact_name from dead_letters order by position") == [("order.filled",), ("order.filled",)]


def test_a_message_delivered_twice_counts_once(desk, deliver):
    order = desk.place()["id"]

    for _ in range(2):
        deliver(1, rested(order), filled(order, 4, remaining=6))

    assert desk.show(order)["filled_qty"] == "4"


def test_a_listing_never_changes(desk):
    desk.hear(listed("AAPL", tick=500))

    assert desk.place(limit_price="100.01")["status"] == "pending_new"


def test_every_address_is_documented_with_its_answer(desk):
    document = desk.client().get("/openapi/openapi.json").json

    operations = [
        operation
        for path, methods in document["paths"].items()
        if path.startswith("/v2/")
        for operation in methods.values()
    ]
    assert len(operations) == 11
    for operation in operations:
        assert operation["security"]
        assert operation["summary"].endswith(".")
        assert {"200", "207"} & operation["responses"].keys()
    batch = document["paths"]["/v2/orders:batch"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert batch == {"$ref": "#/components/schemas/BatchBody"}
    assert "OrderBody" in str(document["components"]["schemas"]["BatchBody"])
