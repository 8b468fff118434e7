"""A cancel that overtakes its order is remembered and decides when the order comes."""

from __future__ import annotations

from collections.abc import Callable

from contracts.facts import (
    CancelRefused,
    OrderCanceled,
    OrderFilled,
    OrderReplaced,
    OrderRested,
    Reason,
    ReplaceRefused,
)
from tests.order_matching.rig import Rig, buy, cancel, id_of, replacement, sell

DAY_S = 24 * 3_600


def test_an_order_that_comes_after_its_cancel_ends_without_a_trade(rig: Rig) -> None:
    rig.hear(sell("ask"))
    rig.hear(cancel("bid"))
    before = rig.told(OrderCanceled, CancelRefused)

    rig.hear(buy("bid"))

    assert before == []
    (canceled,) = rig.told(OrderCanceled)
    assert (canceled.order_id, canceled.remaining, canceled.reason) == (id_of("bid"), 10, Reason.REQUESTED)
    assert rig.told(OrderFilled) == []
    assert rig.rows("select count(*) from early_cancels") == [(0,)]


def test_it_is_remembered_over_a_restart(rig: Rig, build: Callable[..., Rig]) -> None:
    rig.hear(cancel("bid"))

    build().hear(buy("bid"))

    assert [fact.order_id for fact in rig.told(OrderCanceled)] == [id_of("bid")]


def test_the_order_has_then_been_seen(rig: Rig) -> None:
    rig.hear(cancel("bid"))
    rig.hear(buy("bid"))

    rig.hear(buy("bid"))
    rig.hear(cancel("bid"))

    assert len(rig.told(OrderCanceled)) == 1
    assert [fact.reason for fact in rig.told(CancelRefused)] == [Reason.ORDER_NOT_OPEN]
    assert rig.told(OrderRested) == []


def test_cancel_and_order_in_one_batch_in_either_order_end_the_order(rig: Rig) -> None:
    rig.hear(cancel("a"), buy("a"), buy("b"), cancel("b"))

    assert sorted(fact.order_id for fact in rig.told(OrderCanceled)) == sorted([id_of("a"), id_of("b")])
    assert rig.open_orders() == []
    assert rig.rows("select count(*) from early_cancels") == [(0,)]


def test_a_cancel_that_comes_early_twice_is_one_cancel(rig: Rig) -> None:
    rig.hear(cancel("bid"))
    rig.hear(cancel("bid"))

    rig.hear(buy("bid"))

    assert len(rig.told(OrderCanceled)) == 1


def test_the_early_cancel_of_a_replacement_ends_both_orders(rig: Rig) -> None:
    bid = buy("bid", at=99)
    rig.hear(bid, sell("ask", at=101))
    rig.hear(cancel("higher"))

    rig.hear(replacement("higher", bid, qty=10, at=101))

    assert [fact.replaces for fact in rig.told(OrderReplaced)] == [id_of("bid")]
    assert [fact.order_id for fact in rig.told(OrderCanceled)] == [id_of("higher")]
    assert rig.told(OrderFilled) == []
    assert [order.order_id for order in rig.open_orders()] == [id_of("ask")]
    assert rig.rebuilt().state() == rig.replayed().state()


def test_the_early_cancel_of_a_replacement_that_is_refused_leaves_nothing_behind(rig: Rig) -> None:
    rig.hear(cancel("late"))

    rig.hear(replacement("late", buy("never came"), qty=10, at=101))

    assert [fact.reason for fact in rig.told(ReplaceRefused)] == [Reason.ORDER_NOT_OPEN]
    assert rig.told(OrderCanceled) == []
    assert rig.rows("select count(*) from early_cancels") == [(0,)]


def test_an_early_cancel_whose_order_never_comes_is_forgotten_after_a_week(rig: Rig) -> None:
    rig.hear(cancel("never"))
    rig.clock.advance(6 * DAY_S)
    rig.tick()
    after_six_days = rig.rows("select count(*) from early_cancels")

    rig.clock.advance(2 * DAY_S)
    rig.tick()

    assert after_six_days == [(1,)]
    assert rig.rows("select count(*) from early_cancels") == [(0,)]
