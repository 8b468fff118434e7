"""Cancel all: everything that the database shows as open, whatever clocks say, however many there are."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from contracts.facts import CancelAllRequested, CancelRequested
from stock_ordering.domain.wishes import ReplaceOrder
from stock_ordering.handlers import canceling
from stock_ordering.handlers.canceling import cancel_all, go_on_canceling
from stock_ordering.handlers.replacing import replace_order
from stock_ordering.store.unit import SqlUnit
from tests.stock_ordering.builders import ALICE, BOB, an_order, rested, uid


@pytest.fixture
def by_twos(monkeypatch):
    """Two orders a transaction, two transactions a request."""
    monkeypatch.setattr(canceling, "CANCELED_AT_ONCE", 2)
    monkeypatch.setattr(canceling, "TRANSACTIONS_AT_ONCE", 2)


def asked_of(books):
    """The orders whose cancel was announced, and what is left to be asked for."""
    told = books.told()
    cancels = {fact.order_id for fact in told if isinstance(fact, CancelRequested)}
    return cancels, [fact for fact in told if isinstance(fact, CancelAllRequested)]


def test_a_clock_that_is_behind_leaves_no_order_standing(books):
    """Another process had placed the orders, by a clock a minute ahead."""
    books.deps.clock.advance(60)
    books.place(*[an_order(number) for number in range(1, 4)])
    books.deps.clock.advance(-60)
    books.told()

    canceled = cancel_all(books.deps, ALICE)

    assert set(canceled.asked) == {uid(1), uid(2), uid(3)}
    assert asked_of(books) == ({uid(1), uid(2), uid(3)}, [])


def test_what_one_request_leaves_is_asked_for_without_another(books, by_twos):
    books.place(*[an_order(number) for number in range(1, 10)], an_order(20, account_id=BOB))
    books.told()

    canceled = cancel_all(books.deps, ALICE)

    cancels, rest = asked_of(books)
    assert (len(canceled.asked), canceled.to_follow) == (4, 5)
    rounds = 0
    while rest:
        assert len(rest) == 1
        with books.transaction() as unit:
            go_on_canceling(unit, books.deps.clock, rest)
        some, rest = asked_of(books)
        assert len(some) <= 2
        cancels |= some
        rounds += 1
    assert cancels == {uid(number) for number in range(1, 10)}
    assert rounds == 3


def test_orders_placed_meanwhile_are_left_alone_and_do_not_keep_it_going(books, by_twos):
    books.place(*[an_order(number) for number in range(1, 8)])
    cancel_all(books.deps, ALICE)
    _, rest = asked_of(books)

    seen = set()
    for number in range(100, 103):
        books.deps.clock.advance(1)
        books.place(an_order(number))
        with books.transaction() as unit:
            go_on_canceling(unit, books.deps.clock, rest)
        some, rest = asked_of(books)
        seen |= some
        if not rest:
            break

    assert not rest
    assert seen == {uid(5), uid(6), uid(7)}


def test_of_several_that_come_together_one_is_gone_on_with_and_the_others_are_told_again(books, by_twos):
    """So a transaction has no more to do than one of a request."""
    books.place(*[an_order(number) for number in range(1, 7)])
    books.place(*[an_order(number, account_id=BOB) for number in range(11, 17)])
    cancel_all(books.deps, ALICE)
    cancel_all(books.deps, BOB)
    _, rest = asked_of(books)

    with books.transaction() as unit:
        go_on_canceling(unit, books.deps.clock, rest)

    cancels, left = asked_of(books)
    assert cancels == {uid(5), uid(6)}
    assert next(fact.account_id for fact in left) == BOB


def test_the_rest_is_heard_by_order_entry_itself(desk, monkeypatch):
    monkeypatch.setattr(canceling, "CANCELED_AT_ONCE", 2)
    monkeypatch.setattr(canceling, "TRANSACTIONS_AT_ONCE", 1)
    ids = {desk.place()["id"] for _ in range(5)}
    desk.told()

    answer = desk.call("DELETE", "/v2/orders")

    assert (answer.status_code, len(answer.json), answer.headers["Orders-To-Follow"]) == (207, 2, "3")
    cancels = set()
    for _ in range(4):
        told = desk.told()
        cancels |= {fact.order_id for fact in told if isinstance(fact, CancelRequested)}
        desk.hear(*[fact for fact in told if isinstance(fact, CancelAllRequested)])
    assert cancels == ids


def test_the_answer_is_short(desk):
    """An entry per order without its body: of some thousand orders some hundred kilobytes."""
    desk.place()

    answer = desk.call("DELETE", "/v2/orders")

    assert set(answer.json[0]) == {"id", "status"}
    assert len(answer.data) < 80


def test_a_replacement_under_way_is_canceled_with_the_order_it_replaces(books):
    books.place(an_order(1))
    books.hear(rested(uid(1)))
    new = replace_order(books.deps, ReplaceOrder(ALICE, uid(1), quantity=20))
    books.told()

    canceled = cancel_all(books.deps, ALICE)

    assert set(canceled.asked) == {uid(1), new.id}


@pytest.mark.parametrize("path", ["/v2/orders", "/v2/orders/{id}"])
def test_a_replacement_committed_while_the_cancel_waits_for_its_order_is_canceled_too(desk, path):
    """The cancel's own statement cannot see it: it began before."""
    order_id = desk.place()["id"]
    desk.hear(rested(order_id))
    desk.told()
    with ThreadPoolExecutor(1) as pool:
        with desk.database.transaction() as transaction:
            unit = SqlUnit(transaction)
            unit.lock_orders([order_id])
            canceling = pool.submit(desk.call, "DELETE", path.format(id=order_id))
            _wait_until_somebody_waits_for_a_row(desk)
            unit.add_orders([an_order(2, replaces=order_id)])
        assert canceling.result(20).status_code in (204, 207)

    assert {fact.order_id for fact in desk.told() if isinstance(fact, CancelRequested)} == {order_id, uid(2)}


def _wait_until_somebody_waits_for_a_row(desk):
    deadline_s = time.monotonic() + 20
    while not desk.rows(
        "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    ):
        assert time.monotonic() < deadline_s
        time.sleep(0.01)
