"""Placing, canceling, replacing and hearing the outcome: one story each, told on the fake and on PostgreSQL."""

from __future__ import annotations

import pytest

from contracts.facts import CancelRequested, OrderPlaced, ReplaceRequested
from contracts.orders import OrderStatus
from contracts.refusals import Refusal, Refused
from stock_ordering.domain.order import ImpossibleMove
from stock_ordering.domain.wishes import ReplaceOrder
from stock_ordering.handlers import canceling
from stock_ordering.handlers.canceling import cancel_all
from stock_ordering.handlers.replacing import replace_order
from stock_ordering.ports import CancelOrder, Placement
from tests.stock_ordering.builders import (
    ALICE,
    BOB,
    an_order,
    canceled,
    filled,
    replaced,
    rested,
    uid,
)


def test_placed_orders_are_announced_in_their_order(books):
    first, second = an_order(2), an_order(1)

    outcomes = books.place(first, second)

    assert [order.id for order in outcomes] == [uid(2), uid(1)]
    told = books.told()
    assert [type(fact) for fact in told] == [OrderPlaced, OrderPlaced]
    assert [fact.order_id for fact in told] == [uid(2), uid(1)]
    assert told[0].at_us < told[1].at_us


def test_one_refused_order_does_not_stop_its_neighbours(books):
    refusal = Refused(Refusal.UNKNOWN_SYMBOL)

    outcomes = books.place(an_order(1), Placement(ALICE, None, refusal), an_order(2))

    assert [outcomes[0].id, outcomes[1], outcomes[2].id] == [uid(1), refusal, uid(2)]
    assert len(books.told()) == 2


def test_a_cancel_is_asked_for_once_however_often_it_is_wished(books):
    books.place(an_order(1))
    books.told()

    books.cancel(CancelOrder(ALICE, uid(1)), CancelOrder(ALICE, uid(1)))
    books.cancel(CancelOrder(ALICE, uid(1)))

    assert [type(fact) for fact in books.told()] == [CancelRequested]
    assert books.order(uid(1)).cancel_requested_at_us is not None


def test_nobody_cancels_anothers_order_nor_one_that_is_not_there(books):
    books.place(an_order(1))
    books.told()

    outcomes = books.cancel(CancelOrder(BOB, uid(1)), CancelOrder(ALICE, uid(9)))

    assert [outcome.refusal for outcome in outcomes] == [Refusal.ORDER_NOT_FOUND, Refusal.ORDER_NOT_FOUND]
    assert books.told() == []


def test_an_order_that_has_ended_is_not_canceled(books):
    books.place(an_order(1), an_order(2))
    books.hear(rested(uid(1)), filled(uid(1), 10, remaining=0))
    books.told()

    outcomes = books.cancel(CancelOrder(ALICE, uid(1)), CancelOrder(ALICE, uid(2)))

    assert outcomes[0].refusal is Refusal.NOT_OPEN
    assert outcomes[0].message == "The order is no longer open: it was filled."
    assert outcomes[1].id == uid(2)


def test_cancel_all_asks_for_the_accounts_open_orders_only(books, monkeypatch):
    monkeypatch.setattr(canceling, "CANCELED_AT_ONCE", 2)
    books.place(*[an_order(number) for number in range(1, 7)], an_order(7, account_id=BOB))
    books.hear(rested(uid(1)), canceled(uid(1)))
    books.cancel(CancelOrder(ALICE, uid(2)))
    books.told()
    books.deps.clock.advance(1)

    canceled_now = cancel_all(books.deps, ALICE)

    assert set(canceled_now.asked) == {uid(3), uid(4), uid(5), uid(6)}
    assert canceled_now.to_follow == 0
    assert {fact.order_id for fact in books.told()} == {uid(3), uid(4), uid(5), uid(6)}


def test_a_replacement_is_announced_with_what_it_replaces(books):
    books.place(an_order(1))
    books.told()

    new = replace_order(books.deps, ReplaceOrder(ALICE, uid(1), quantity=20))

    [fact] = books.told()
    assert isinstance(fact, ReplaceRequested)
    assert (fact.order_id, fact.replaces, fact.quantity) == (new.id, uid(1), 20)
    assert books.order(uid(1)).status is OrderStatus.PENDING_NEW


def test_a_second_replacement_waits_for_the_first(books):
    books.place(an_order(1))
    replace_order(books.deps, ReplaceOrder(ALICE, uid(1), quantity=20))

    with pytest.raises(Refused) as caught:
        replace_order(books.deps, ReplaceOrder(ALICE, uid(1), quantity=30))

    assert caught.value.refusal is Refusal.REPLACE_PENDING


def test_nobody_replaces_anothers_order(books):
    books.place(an_order(1))

    with pytest.raises(Refused) as caught:
        replace_order(books.deps, ReplaceOrder(BOB, uid(1), quantity=20))

    assert caught.value.refusal is Refusal.ORDER_NOT_FOUND


def test_a_batch_of_outcomes_is_folded_in_its_order(books):
    books.place(an_order(1), an_order(2))

    books.hear(
        rested(uid(1)), filled(uid(1), 4, remaining=6), rested(uid(2)), filled(uid(1), 6, 0, 3), canceled(uid(2))
    )

    assert books.order(uid(1)).status is OrderStatus.FILLED
    assert books.order(uid(2)).status is OrderStatus.CANCELED
    with books.transaction() as unit:
        assert [fill.quantity for fill in unit.fills(uid(1), 10, 0)] == [4, 6]


def test_a_batch_heard_again_changes_nothing(books):
    books.place(an_order(1))
    batch = [rested(uid(1)), filled(uid(1), 4, remaining=6), canceled(uid(1), remaining=6)]
    books.hear(*batch)
    before = books.order(uid(1))

    books.hear(*batch)

    assert books.order(uid(1)) == before


def test_an_impossible_fact_leaves_the_whole_batch_undone(books):
    books.place(an_order(1))

    with pytest.raises(ImpossibleMove):
        books.hear(rested(uid(1)), filled(uid(9), 4, remaining=6))

    assert books.order(uid(1)).status is OrderStatus.PENDING_NEW


def test_replacements_can_follow_each_other(books):
    books.place(an_order(1))
    books.hear(rested(uid(1)), filled(uid(1), 4, remaining=6))
    second = replace_order(books.deps, ReplaceOrder(ALICE, uid(1), quantity=20))
    books.hear(replaced(uid(1), second.id, remaining=16, sequence=3), filled(second.id, 1, remaining=15, sequence=4))
    third = replace_order(books.deps, ReplaceOrder(ALICE, second.id, quantity=8))
    books.hear(replaced(second.id, third.id, remaining=3, sequence=6))

    order = books.order(third.id)

    assert (order.filled_quantity, order.carried_quantity, order.filled_notional) == (5, 5, 5_000_000)
    assert books.order(second.id).replaced_by == third.id
