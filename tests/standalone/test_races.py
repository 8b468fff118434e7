"""What happens when many things are asked at once: nobody overdraws, repeats, or is told an untruth."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from loadtest.http_client import Connection
from tests.standalone.conftest import TraderMaker
from tests.standalone.trader import WAIT


def test_of_a_hundred_parallel_orders_that_each_need_sixty_percent_of_the_cash_one_is_held(
    trader: TraderMaker, symbol: str
) -> None:
    buyer = trader()
    connections = [buyer.another_connection() for _ in range(100)]
    order = {"symbol": symbol, "side": "buy", "qty": "600", "type": "limit", "limit_price": "100"}

    with ThreadPoolExecutor(100) as pool:
        answers = list(
            pool.map(lambda connection: connection.request("POST", "/v2/orders", order, prefer="wait=20"), connections)
        )

    buyer.exchange.wait_until_settled()
    taken = [answer.json() for answer in answers if answer.status == 200]
    states = [buyer.order(answer["id"])["status"] for answer in taken]
    assert {answer.status for answer in answers} <= {200, 403, 503}  # 503: beyond one account's share of the places
    assert states.count("new") == 1
    assert set(states) <= {"new", "rejected"}
    account = buyer.account()
    assert (account["cash"], account["buying_power"]) == ("100000.00", "40000.00")


def test_fifty_clients_that_repeat_one_client_order_id_at_once_place_one_order(
    trader: TraderMaker, symbol: str
) -> None:
    buyer = trader()
    connections = [buyer.another_connection() for _ in range(50)]
    order = {
        "symbol": symbol,
        "side": "buy",
        "qty": "1",
        "type": "limit",
        "limit_price": "50",
        "client_order_id": "once",
    }

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda connection: connection.request("POST", "/v2/orders", order), connections))

    assert [answer.status for answer in answers] == [200] * 50
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(buyer.get("/v2/orders?status=all&limit=500")) == 1


def test_of_a_thousand_cancels_that_race_a_fill_each_is_answered_truthfully(trader: TraderMaker, symbol: str) -> None:
    maker, taker = trader(), trader()
    sell = {"symbol": symbol, "side": "sell", "qty": "1", "type": "limit", "limit_price": "1"}
    buy = {**sell, "side": "buy", "time_in_force": "ioc"}
    placed = maker.connection.request("POST", "/v2/orders:batch", {"orders": [sell] * 1_000}).json()["orders"]
    order_ids = [answer["order"]["id"] for answer in placed]
    maker.exchange.wait_until_settled()

    with ThreadPoolExecutor(16) as pool:
        takers = [pool.submit(_send, taker.another_connection(), [("POST", "/v2/orders", buy)] * 75) for _ in range(8)]
        shares = [order_ids[start::8] for start in range(8)]
        cancels = [
            pool.submit(_send, maker.another_connection(), [("DELETE", f"/v2/orders/{id_}", None) for id_ in share])
            for share in shares
        ]
    answers = {
        order_id: status
        for share, sent in zip(shares, cancels, strict=True)
        for order_id, status in zip(share, sent.result(), strict=True)
    }
    maker.exchange.wait_until_settled()

    outcomes = Counter((answers[order_id], maker.order(order_id)["status"]) for order_id in order_ids)
    assert set(outcomes) == {(200, "canceled"), (422, "filled")}, outcomes
    assert outcomes.total() == 1_000
    assert all(status == 200 for sent in takers for status in sent.result())
    assert taker.position(symbol) == 1_000 + outcomes[422, "filled"]


def _send(connection: Connection, requests: list[tuple[str, str, Any]]) -> list[int]:
    return [connection.request(method, path, body, prefer=WAIT).status for method, path, body in requests]
