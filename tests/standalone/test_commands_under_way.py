"""Two commands on one order, one right after the other: what was acknowledged happens, whoever overtakes whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from loadtest.http_client import Response
from tests.standalone.conftest import TraderMaker
from tests.standalone.trader import Trader

ROUNDS = 6

PATCH_OLD, PATCH_NEW, DELETE_OLD, DELETE_NEW, DELETE_ALL = "PATCH old", "PATCH new", "DELETE old", "DELETE new", "ALL"
PAIRS = [
    (PATCH_OLD, DELETE_OLD),
    (PATCH_OLD, DELETE_NEW),
    (PATCH_OLD, DELETE_ALL),
    (PATCH_OLD, PATCH_OLD),
    (PATCH_OLD, PATCH_NEW),
    (DELETE_OLD, PATCH_OLD),
    (DELETE_OLD, DELETE_OLD),
    (DELETE_OLD, DELETE_ALL),
    (DELETE_ALL, PATCH_OLD),
]


def send(trader: Trader, command: str, ids: Sequence[str], wait: bool) -> Response:
    """One command on the first or the newest order of a chain."""
    order_id = ids[-1] if command.endswith("new") else ids[0]
    headers = {"prefer": "wait=10"} if wait else {}
    if command == DELETE_ALL:
        return trader.connection.request("DELETE", "/v2/orders")
    if command.startswith("DELETE"):
        return trader.connection.request("DELETE", f"/v2/orders/{order_id}", None, **headers)
    return trader.connection.request("PATCH", f"/v2/orders/{order_id}", {"qty": "5", "limit_price": "41"}, **headers)


def open_orders(trader: Trader) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = trader.get("/v2/orders?status=open&limit=500")
    return found


@pytest.mark.parametrize("wait", [False, True], ids=["", "the second waits"])
@pytest.mark.parametrize(("first", "second"), PAIRS, ids=[", ".join(pair) for pair in PAIRS])
def test_a_cancel_that_was_acknowledged_is_not_lost(
    trader: TraderMaker, symbol: str, first: str, second: str, wait: bool
) -> None:
    ann = trader()
    acknowledged: dict[str, list[str]] = {}
    for round_number in range(ROUNDS):
        prefer = "wait=10" if round_number % 2 else "wait=0"
        order = ann.place(symbol, "buy", 3, 40, prefer=prefer).json()
        ids = [order["id"]]

        answers = [send(ann, first, ids, wait=False)]
        if answers[0].status == 200:
            ids.append(answers[0].json()["id"])
        answers.append(send(ann, second, ids, wait))

        cancels = [a for a, c in zip(answers, (first, second), strict=True) if not c.startswith("PATCH")]
        if any(each.status in (200, 202, 204) or (each.status == 207 and each.json()) for each in cancels):
            acknowledged[order["id"]] = ids
        if wait and second in (DELETE_OLD, DELETE_NEW):
            ended = answers[1].status == 200 and answers[1].json()["status"] == "canceled"
            assert ended or answers[1].json()["name"] == "not_open", answers[1].body
    ann.exchange.wait_until_settled()

    left = {order["id"] for order in open_orders(ann)}
    lost = {first_id: ids for first_id, ids in acknowledged.items() if left & set(ids)}
    assert lost == {}
    if len(acknowledged) == ROUNDS:
        assert ann.account()["buying_power"] == ann.account()["cash"]


def test_a_waited_cancel_of_the_old_id_answers_what_became_of_its_replacement(trader: TraderMaker, symbol: str) -> None:
    ann = trader()
    order = ann.buy(symbol, 3, 40)
    send(ann, PATCH_OLD, [order["id"]], wait=False)

    answer = ann.cancel(order["id"])

    assert (answer.status, answer.json()["status"]) == (200, "canceled")
    assert open_orders(ann) == []


def test_an_order_whose_cancel_is_under_way_cannot_be_replaced(trader: TraderMaker, symbol: str) -> None:
    """Refused at once, by name: by the time the replacement came to its book the cancel might have come to nothing."""
    ann = trader()
    answers = []
    for _ in range(ROUNDS):
        order = ann.buy(symbol, 3, 40)
        ann.connection.request("DELETE", f"/v2/orders/{order['id']}")
        answers.append(send(ann, PATCH_OLD, [order["id"]], wait=False))

    assert {answer.status for answer in answers} == {422}
    assert {answer.json()["code"] for answer in answers} <= {42210008, 42210004}
