"""What the hold and the book say moves an order through its life, and nothing else does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contracts.facts import Reason
from contracts.orders import OPEN_STATUSES, TERMINAL_STATUSES, OrderStatus
from stock_ordering.domain import outcomes
from stock_ordering.domain.order import MOVES, ImpossibleMove
from tests.stock_ordering.builders import (
    an_order,
    cancel_refused,
    canceled,
    expired,
    filled,
    refused,
    replace_refused,
    replaced,
    rested,
    uid,
)

ID = uid(1)


def test_an_order_that_rests_is_new():
    order = an_order()

    outcomes.rest(order, rested(ID))

    assert (order.status, order.resting, order.sequence) == (OrderStatus.NEW, True, 1)


def test_a_partial_fill_leaves_the_order_open():
    order = an_order()

    outcomes.fill(order, filled(ID, 4, remaining=6))

    assert (order.status, order.filled_quantity, order.remaining) == (OrderStatus.PARTIALLY_FILLED, 4, 6)
    assert not order.has_outcome


def test_the_last_share_fills_the_order():
    order = an_order()

    outcomes.fill(order, filled(ID, 4, remaining=6))
    outcomes.fill(order, filled(ID, 6, remaining=0, sequence=3))

    assert order.status is OrderStatus.FILLED
    assert order.ended_at_us is not None


def test_an_order_that_fills_in_part_and_rests_stays_partially_filled():
    order = an_order()

    outcomes.fill(order, filled(ID, 4, remaining=6))
    outcomes.rest(order, rested(ID, remaining=6, sequence=2))

    assert order.status is OrderStatus.PARTIALLY_FILLED
    assert order.has_outcome


def test_the_average_price_weighs_by_quantity_and_rounds_half_to_even():
    order = an_order(quantity=3)
    assert order.average_price() is None

    outcomes.fill(order, filled(ID, 1, remaining=2, at=1_000_001))
    outcomes.fill(order, filled(ID, 1, remaining=1, at=1_000_002, sequence=3))
    assert order.average_price() == 1_000_002

    outcomes.fill(order, filled(ID, 1, remaining=0, at=1_000_000, sequence=4))
    assert order.average_price() == 1_000_001


@pytest.mark.parametrize(("first", "second", "average"), [(10, 11, 10), (11, 12, 12), (10, 12, 11)])
def test_half_a_unit_goes_to_the_even_neighbour(first, second, average):
    order = an_order(quantity=2)

    outcomes.fill(order, filled(ID, 1, remaining=1, at=first))
    outcomes.fill(order, filled(ID, 1, remaining=0, at=second, sequence=3))

    assert order.average_price() == average


def test_a_refused_order_is_rejected_with_its_reason():
    order = an_order()

    outcomes.reject(order, refused(ID))

    assert (order.status, order.reason) == (OrderStatus.REJECTED, Reason.INSUFFICIENT_BUYING_POWER)


@pytest.mark.parametrize(
    ("end", "fact", "status"),
    [
        (outcomes.cancel, canceled(ID, remaining=6), OrderStatus.CANCELED),
        (outcomes.expire, expired(ID, remaining=6), OrderStatus.EXPIRED),
    ],
)
def test_an_order_may_end_with_some_of_it_filled(end, fact, status):
    order = an_order()
    outcomes.fill(order, filled(ID, 4, remaining=6))

    end(order, fact)

    assert (order.status, order.filled_quantity, order.resting) == (status, 4, False)


def test_a_filled_order_is_never_canceled():
    order = an_order()
    outcomes.fill(order, filled(ID, 10, remaining=0))

    with pytest.raises(ImpossibleMove):
        outcomes.cancel(order, canceled(ID, remaining=0))

    assert order.status is OrderStatus.FILLED


def test_a_canceled_order_takes_no_fill():
    order = an_order()
    outcomes.cancel(order, canceled(ID))

    with pytest.raises(ImpossibleMove):
        outcomes.fill(order, filled(ID, 4, remaining=6, sequence=10))


@pytest.mark.parametrize(
    ("take", "fact"),
    [
        (outcomes.fill, filled(ID, 4, remaining=5)),
        (outcomes.rest, rested(ID, remaining=9)),
        (outcomes.cancel, canceled(ID, remaining=9)),
        (outcomes.expire, expired(ID, remaining=11)),
    ],
)
def test_a_fact_that_counts_differently_is_not_believed(take, fact):
    order = an_order()

    with pytest.raises(ImpossibleMove, match="left where the book counts"):
        take(order, fact)

    assert order.status is OrderStatus.PENDING_NEW


def test_a_repeated_fill_is_counted_once():
    order = an_order()
    fact = filled(ID, 4, remaining=6)

    assert outcomes.fill(order, fact) is not None
    assert outcomes.fill(order, fact) is None

    assert order.filled_quantity == 4


def test_an_older_fact_never_overwrites_a_newer_one():
    order = an_order()
    outcomes.rest(order, rested(ID, sequence=1))
    outcomes.cancel(order, canceled(ID, sequence=5))
    before = replace(order)

    outcomes.rest(order, rested(ID, sequence=1))
    outcomes.reject(order, refused(ID))
    outcomes.cancel(order, canceled(ID, sequence=5))
    outcomes.expire(order, expired(ID, sequence=4))

    assert order == before


def test_a_refused_cancel_leaves_the_order_and_takes_back_the_wish():
    order = an_order(cancel_requested_at_us=5)

    outcomes.refuse_cancel(order, cancel_refused(ID))

    assert (order.status, order.cancel_requested_at_us) == (OrderStatus.PENDING_NEW, None)


def test_a_repeated_cancel_that_is_refused_leaves_the_canceled_order_as_it_is():
    order = an_order(cancel_requested_at_us=5)
    outcomes.cancel(order, canceled(ID, sequence=5))

    outcomes.refuse_cancel(order, cancel_refused(ID, sequence=6))

    assert (order.status, order.cancel_requested_at_us) == (OrderStatus.CANCELED, 5)


def test_a_replacement_carries_over_what_had_filled():
    old, new = an_order(1), an_order(2, quantity=20, replaces=ID)
    outcomes.rest(old, rested(ID))
    outcomes.fill(old, filled(ID, 4, remaining=6))

    outcomes.replace(old, new, replaced(ID, new.id, remaining=16))

    assert (old.status, old.replaced_by) == (OrderStatus.REPLACED, new.id)
    assert (new.status, new.filled_quantity, new.remaining) == (OrderStatus.PARTIALLY_FILLED, 4, 16)
    assert new.average_price() == old.average_price()
    assert new.resting


def test_a_replacement_that_lost_its_place_is_not_decided_until_it_rests():
    old, new = an_order(1), an_order(2, quantity=20, replaces=ID)
    outcomes.rest(old, rested(ID))

    outcomes.replace(old, new, replaced(ID, new.id, remaining=20, kept_place=False))
    assert not new.has_outcome

    outcomes.rest(new, rested(new.id, remaining=20, sequence=5))
    assert new.has_outcome


def test_a_repeated_replacement_changes_nothing_more():
    old, new = an_order(1), an_order(2, replaces=ID)
    outcomes.rest(old, rested(ID))
    fact = replaced(ID, new.id, remaining=10)
    outcomes.replace(old, new, fact)
    before = replace(old), replace(new)

    outcomes.replace(old, new, fact)

    assert (old, new) == before


def test_a_replacement_that_miscounts_what_had_filled_is_not_believed():
    old, new = an_order(1), an_order(2, replaces=ID)
    outcomes.rest(old, rested(ID))
    outcomes.fill(old, filled(ID, 4, remaining=6))

    with pytest.raises(ImpossibleMove):
        outcomes.replace(old, new, replaced(ID, new.id, remaining=10))


def test_a_refused_replacement_is_rejected_alone():
    new = an_order(2, replaces=ID)

    outcomes.reject(new, replace_refused(ID, new.id))

    assert (new.status, new.reason) == (OrderStatus.REJECTED, Reason.ORDER_NOT_OPEN)


def test_what_has_ended_stays_ended():
    assert set(MOVES) == set(OrderStatus)
    assert all(not MOVES[status] for status in TERMINAL_STATUSES)
    assert all(MOVES[status] for status in OPEN_STATUSES)
