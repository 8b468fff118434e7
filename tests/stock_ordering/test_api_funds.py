"""What an account cannot pay for or does not have is refused at once, and never by a figure that is too old."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contracts.facts import Reason
from contracts.names import QUESTION_FUNDS, available_shares_entry, buying_power_entry
from contracts.orders import Side
from stock_ordering.domain.funds import Funds, HeldFunds, OpenOrders, Spending, reconciled
from tests.stock_ordering.builders import ALICE, canceled, filled, listed, refused, rested
from tests.stock_ordering.desk import a_body

THOUSAND = 1_000 * 10_000


def cache(desk, buying_power, **available):
    entries = {available_shares_entry(ALICE, symbol): str(shares) for symbol, shares in available.items()}
    desk.cache.set_many({buying_power_entry(ALICE): str(buying_power), **entries}, 60)


def place(desk, **body):
    return desk.call("POST", "/v2/orders", a_body(**body))


def place_batch(desk, *bodies):
    return [entry["status"] for entry in desk.call("POST", "/v2/orders:batch", {"orders": bodies}).json["orders"]]


def sell(qty, **more):
    return a_body(side="sell", qty=str(qty), **more)


def test_a_cached_figure_that_is_too_old_refuses_nobody(desk):
    cache(desk, 0, AAPL=0)
    desk.neighbours.buying_power, desk.neighbours.available = THOUSAND, {"AAPL": 10}

    assert place(desk).status_code == 200
    assert place(desk, side="sell").status_code == 200


def test_shares_that_are_not_owned_are_refused_at_once_in_words(desk):
    cache(desk, 0, AAPL=4)
    desk.neighbours.available = {"AAPL": 4}

    answer = place(desk, side="sell")

    assert (answer.status_code, answer.json["code"], answer.json["available"]) == (403, 40310001, "4")
    assert answer.json["message"] == "The order sells 10 AAPL; the account has 4 to sell."
    assert desk.told() == []


def test_a_symbol_that_nobody_has_cached_shares_of_is_asked_for(desk):
    cache(desk, 0)
    desk.neighbours.available = {"MSFT": 10}

    assert place(desk, side="sell").status_code == 403
    assert place(desk, side="sell", symbol="MSFT").status_code == 200


def test_an_account_that_nobody_has_cached_is_asked_for(desk):
    desk.neighbours.buying_power, desk.neighbours.available = 0, {}

    assert [place(desk, side=side).status_code for side in ("buy", "sell")] == [403, 403]


def test_without_the_cache_nothing_is_checked_and_nobody_asked(desk, monkeypatch):
    monkeypatch.setattr(desk.cache, "is_away", lambda: True)
    desk.neighbours.buying_power, desk.neighbours.available = 0, {}

    assert [place(desk, side=side).status_code for side in ("buy", "sell")] == [200, 200]
    assert desk.neighbours.asked == []


def test_without_an_answer_the_hold_decides(desk):
    cache(desk, 0, AAPL=0)
    desk.neighbours.are_there = False

    assert [place(desk, side=side).status_code for side in ("buy", "sell")] == [200, 200]


def test_whoever_has_plenty_is_not_asked_about(desk):
    cache(desk, 10**12, AAPL=1_000)

    assert [place(desk, side=side).status_code for side in ("buy", "sell")] == [200, 200]
    assert desk.neighbours.asked == []


@pytest.mark.parametrize("side", ["buy", "sell"])
def test_of_two_orders_that_only_together_are_too_much_the_second_is_refused_at_once(desk, side):
    """The hold has not come to the first one: the books of user_portfolio are as before it."""
    cache(desk, 15 * 10**6, AAPL=15)
    desk.neighbours.buying_power, desk.neighbours.available = 15 * 10**6, {"AAPL": 15}

    assert [place(desk, side=side).status_code for _ in range(2)] == [200, 403]


@pytest.mark.parametrize("side", ["buy", "sell"])
def test_an_order_that_the_hold_has_come_to_is_not_counted_twice(desk, side):
    cache(desk, 30 * 10**6, AAPL=30)
    first = desk.place(side=side)
    neighbours = desk.neighbours
    neighbours.buying_power, neighbours.available, neighbours.known = 20 * 10**6, {"AAPL": 20}, {first["id"]}
    neighbours.cash_held, neighbours.shares_held = (10 * 10**6, 0) if side == "buy" else (0, 10)

    assert [place(desk, side=side, qty="20").status_code for _ in range(2)] == [200, 403]


@pytest.mark.parametrize(
    ("side", "outcome"),
    [
        ("buy", lambda order_id: [canceled(order_id, sequence=2)]),
        ("buy", lambda order_id: [filled(order_id, 1, 9)]),
        ("sell", lambda order_id: [canceled(order_id, sequence=2)]),
        ("sell", lambda order_id: [filled(order_id, 10, 0)]),
    ],
)
def test_books_that_are_older_than_what_the_account_was_told_refuse_nobody(desk, side, outcome):
    """Order entry knows of the outcome; user_portfolio still holds for all of the order."""
    order = desk.place(side=side)
    desk.hear(rested(order["id"]), *outcome(order["id"]))
    cache(desk, 0, AAPL=0)
    neighbours = desk.neighbours
    neighbours.buying_power, neighbours.available, neighbours.known = 0, {"AAPL": 0}, {order["id"]}
    neighbours.cash_held, neighbours.shares_held = (THOUSAND, 0) if side == "buy" else (0, 10)

    assert place(desk).status_code == 200
    assert place(desk, side="sell").status_code == 200


def test_a_batch_counts_its_own_earlier_orders_and_each_name_once(desk):
    cache(desk, 25 * 10**6, AAPL=25)
    desk.neighbours.buying_power, desk.neighbours.available = 25 * 10**6, {"AAPL": 25}

    statuses = place_batch(
        desk,
        a_body(client_order_id="one"),
        sell(20),
        a_body(client_order_id="one"),
        a_body(),
        sell(10),
        sell(5),
        a_body(),
    )

    assert statuses == [200, 200, 200, 200, 403, 200, 403]
    assert len(desk.told()) == 4
    assert len(desk.neighbours.was_asked(QUESTION_FUNDS)) == 1


def test_a_batch_that_is_repeated_costs_nothing_more(desk):
    cache(desk, 20 * 10**6)
    desk.neighbours.buying_power = 20 * 10**6
    batch = [a_body(client_order_id=name) for name in ("one", "two")]
    assert place_batch(desk, *batch) == [200, 200]
    placed = [fact.order_id for fact in desk.told()]
    desk.neighbours.buying_power, desk.neighbours.cash_held = 10 * 10**6, 10 * 10**6
    desk.neighbours.known = set(placed[:1])
    cache(desk, 0)

    assert place_batch(desk, *batch, a_body()) == [200, 200, 403]
    assert desk.told() == []


def test_a_replacement_that_costs_more_than_there_is_is_refused_at_once(desk):
    order = desk.place()
    desk.hear(rested(order["id"]))
    desk.neighbours.known, desk.neighbours.cash_held = {order["id"]}, THOUSAND
    desk.has_buying_power(THOUSAND - 1)
    path = f"/v2/orders/{order['id']}"

    too_much = desk.call("PATCH", path, {"qty": "20"})
    enough = desk.call("PATCH", path, {"qty": "19"})

    assert (too_much.status_code, too_much.json["name"]) == (403, "insufficient_buying_power")
    assert enough.status_code == 200


def test_a_replacement_is_not_refused_by_a_cached_figure(desk):
    order = desk.place()
    desk.hear(rested(order["id"]))
    desk.neighbours.known, desk.neighbours.cash_held = {order["id"]}, THOUSAND
    cache(desk, 0)

    assert desk.call("PATCH", f"/v2/orders/{order['id']}", {"qty": "20"}).status_code == 200


@pytest.mark.parametrize(
    ("reason", "status", "code"),
    [
        (Reason.INSUFFICIENT_BUYING_POWER, 403, 40310000),
        (Reason.INSUFFICIENT_SHARES, 403, 40310001),
        (Reason.SELF_TRADE, 403, 40310003),
        (Reason.SYMBOL_HALTED, 422, 42210003),
        (Reason.ORDER_NOT_OPEN, 422, 42210004),
        (Reason.ALREADY_FILLED, 422, 42210001),
    ],
)
def test_a_repeat_of_a_rejected_order_is_answered_as_it_was(desk, reason, status, code):
    order = desk.place(client_order_id="mine")
    desk.hear(refused(order["id"], reason))

    alone = [desk.call("POST", "/v2/orders", a_body(client_order_id="mine"), wait=wait) for wait in (0, 1)]
    batch = desk.call("POST", "/v2/orders:batch", {"orders": [a_body(client_order_id="mine")]})

    assert {(answer.status_code, answer.json["code"], answer.json["order"]["id"]) for answer in alone} == {
        (status, code, order["id"])
    }
    assert batch.json["orders"] == [{"status": status, "error": alone[0].json}]
    assert desk.show(order["id"])["status"] == "rejected"


def test_a_sale_may_take_the_whole_odd_remainder_with_it(desk):
    desk.hear(listed("ODD", lot=7))
    desk.neighbours.available = {"ODD": 100}

    answers = {qty: place(desk, side="sell", symbol="ODD", qty=str(qty)) for qty in (1, 3, 8, 101, 2)}

    assert {qty: answer.status_code for qty, answer in answers.items()} == {1: 422, 3: 422, 8: 422, 101: 422, 2: 200}
    assert (
        answers[1].json["message"] == "qty must be a multiple of the lot of ODD: 7 shares, or take the odd 2 with it."
    )
    assert place(desk, side="sell", symbol="ODD", qty="9").status_code == 422  # the first one has taken them
    assert place(desk, side="buy", symbol="ODD", qty="2").status_code == 422


@pytest.mark.parametrize("qty", [9, 100])
def test_the_odd_remainder_goes_with_lots_or_with_everything(desk, qty):
    desk.hear(listed("ODD", lot=7))
    cache(desk, 0, ODD=7)
    desk.neighbours.available = {"ODD": 100}

    assert place(desk, side="sell", symbol="ODD", qty=str(qty)).status_code == 200


def test_an_odd_sale_waits_for_somebody_who_knows_the_remainder(desk):
    desk.hear(listed("ODD", lot=7))
    desk.neighbours.are_there = False

    assert place(desk, side="sell", symbol="ODD", qty="2").status_code == 503


def test_the_price_of_an_odd_order_can_be_changed_and_lots_of_it(desk):
    desk.hear(listed("ODD", lot=7))
    desk.neighbours.available = {"ODD": 100}
    order = desk.place(side="sell", symbol="ODD", qty="9")

    answers = [
        desk.call("PATCH", f"/v2/orders/{order['id']}", change).status_code
        for change in ({"qty": "10"}, {"qty": "9", "limit_price": "101"})
    ]

    assert answers == [422, 200]


def test_what_the_hold_has_not_come_to_is_taken_from_what_its_books_say():
    pending = [Spending("1", Side.BUY, "AAPL", 300), Spending("2", Side.SELL, "AAPL", 3)]
    orders, held = OpenOrders(buys=500, sells=5, pending=pending), HeldFunds(1_000, 200, {"AAPL": 10}, 2, ())

    assert reconciled(orders, held) == Funds(700, {"AAPL": 7})
    assert reconciled(orders, replace(held, cash_held=500, shares_held=5, known={"1", "2"})) == Funds(
        1_000, {"AAPL": 10}
    )
    assert reconciled(orders, replace(held, cash_held=201)) is None
    assert reconciled(orders, replace(held, shares_held=3)) is None
