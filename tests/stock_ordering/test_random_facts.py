"""Facts in any order, right and wrong ones mixed: the order never leaves its table and never loses count."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.orders import TERMINAL_STATUSES, OrderStatus
from stock_ordering.domain import outcomes
from stock_ordering.domain.order import MOVES, ImpossibleMove, Order
from tests.stock_ordering.builders import (
    an_order,
    cancel_refused,
    canceled,
    expired,
    filled,
    refused,
    replaced,
    rested,
    uid,
)

ID, NEXT = uid(1), uid(2)
LEFT = st.integers(min_value=0, max_value=10)
WHEN = st.integers(min_value=0, max_value=8)
FACTS = st.one_of(
    st.builds(lambda left, when: (outcomes.rest, rested(ID, left, when)), LEFT, WHEN),
    st.builds(
        lambda shares, left, when: (outcomes.fill, filled(ID, shares, left, when)), st.integers(1, 10), LEFT, WHEN
    ),
    st.builds(lambda left, when: (outcomes.cancel, canceled(ID, left, when)), LEFT, WHEN),
    st.builds(lambda left, when: (outcomes.expire, expired(ID, left, when)), LEFT, WHEN),
    st.builds(lambda when: (outcomes.reject, refused(ID, sequence=when)), WHEN),
    st.builds(lambda when: (outcomes.refuse_cancel, cancel_refused(ID, when)), WHEN),
)


def apply(order: Order, take: Any, fact: Any) -> bool:
    """Whether the order believed the fact."""
    try:
        take(order, fact)
    except ImpossibleMove:
        return False
    return True


@settings(max_examples=500, deadline=None)
@given(st.lists(FACTS, max_size=30))
def test_an_order_only_ever_moves_as_its_table_says(facts):
    order, counted = an_order(), 0
    for take, fact in facts:
        before = replace(order)
        apply(order, take, fact)

        assert order.status is before.status or order.status in MOVES[before.status]
        assert order.sequence >= before.sequence
        counted += order.filled_quantity - before.filled_quantity
        assert 0 <= before.filled_quantity <= order.filled_quantity == counted <= order.quantity
        assert (order.status is OrderStatus.FILLED) == (order.remaining == 0)
        assert order.is_open == (order.ended_at_us is None)
        if before.status in TERMINAL_STATUSES:
            assert (order.status, order.filled_quantity, order.ended_at_us, order.reason) == (
                before.status,
                before.filled_quantity,
                before.ended_at_us,
                before.reason,
            )


@settings(max_examples=500, deadline=None)
@given(st.lists(FACTS, max_size=30))
def test_a_fact_taken_twice_leaves_the_order_as_once(facts):
    order = an_order()
    for take, fact in facts:
        if apply(order, take, fact):
            before = replace(order)
            apply(order, take, fact)
            assert order == before


@settings(max_examples=300, deadline=None)
@given(st.lists(FACTS, max_size=12), LEFT, WHEN)
def test_a_replacement_either_happens_whole_or_not_at_all(facts, left, when):
    old, new = an_order(1), an_order(2, quantity=10, replaces=ID)
    for take, fact in facts:
        apply(old, take, fact)
    filled_before = old.filled_quantity

    if apply(old, lambda order, fact: outcomes.replace(order, new, fact), replaced(ID, NEXT, left, when)):
        assert (old.status, old.replaced_by) == (OrderStatus.REPLACED, NEXT)
        assert new.filled_quantity == new.carried_quantity == filled_before
        assert new.remaining == left
    else:
        assert old.replaced_by is None
        assert new.status is OrderStatus.PENDING_NEW
