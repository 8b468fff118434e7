"""What is known to be impossible is refused at once; whoever waits is told a refusal as one."""

from __future__ import annotations

from tests.standalone.conftest import TraderMaker
from tests.standalone.own_writes import ROUNDS, second_halves
from tests.standalone.trader import Trader

TOO_MUCH = [(403, "insufficient_buying_power"), (403, "insufficient_shares")]


def test_the_second_of_two_orders_that_only_together_are_too_much_is_refused(trader: TraderMaker, symbol: str) -> None:
    seller = trader()

    assert [second_halves(seller, symbol) for _ in range(ROUNDS)] == [TOO_MUCH] * ROUNDS


def test_shares_that_are_not_there_are_refused_and_leave_no_order(trader: TraderMaker, symbol: str) -> None:
    seller = trader()
    assert seller.position(symbol) == 1_000

    alone = seller.place(symbol, "sell", 1_001, "100", prefer="")
    batch = _batch(seller, [_sale(symbol, 600), _sale(symbol, 600), _sale(symbol, 400), _sale(symbol, 1)])

    assert (alone.status, alone.json()["code"], alone.json()["available"]) == (403, 40310001, "1000")
    assert batch == [200, 403, 200, 403]
    assert len(seller.get("/v2/orders?status=all")) == 2


def test_who_waits_is_told_that_an_order_would_trade_with_its_own_account(trader: TraderMaker, symbol: str) -> None:
    selfish = trader()
    selfish.sell(symbol, 1, "100")

    refused = selfish.place(symbol, "buy", 1, "100", client_order_id="mine")
    repeat = selfish.place(symbol, "buy", 1, "100", client_order_id="mine", prefer="")

    assert (refused.status, refused.json()["name"]) == (403, "self_trade")
    assert refused.json()["message"] == "The order would have traded with another order of the same account."
    assert refused.json()["order"]["status"] == "rejected"
    assert (repeat.status, repeat.json()) == (403, refused.json())


def _sale(symbol: str, qty: int) -> dict[str, object]:
    return {"symbol": symbol, "side": "sell", "qty": qty, "type": "limit", "limit_price": "100"}


def _batch(trader: Trader, orders: list[dict[str, object]]) -> list[int]:
    answer = trader.connection.request("POST", "/v2/orders:batch", {"orders": orders})
    return [entry["status"] for entry in answer.json()["orders"]]
