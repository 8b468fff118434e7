"""What makes an order acceptable, and what a market order may cost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.money import LARGEST_PRICE
from contracts.orders import OrderStatus, OrderType, Side, TimeInForce
from contracts.refusals import Refusal, Refused
from stock_ordering.domain import rules
from stock_ordering.domain.announcements import placed
from stock_ordering.domain.trading_day import Ends, next_end_us
from stock_ordering.domain.wishes import ReplaceOrder
from tests.stock_ordering.builders import AAPL, ALICE, NOW_US, a_wish, an_order, uid

DAY_US = 86_400_000_000


def accepted(wish, instrument=AAPL, available=None):
    return rules.accept(wish, instrument, wish.limit_price, uid(1), available)


def test_an_accepted_order_waits_for_its_hold():
    order = accepted(a_wish())

    assert (order.status, order.client_order_id) == (OrderStatus.PENDING_NEW, order.id)


@pytest.mark.parametrize(
    ("wish", "instrument", "refusal"),
    [
        (a_wish(quantity=15), replace(AAPL, lot=10), Refusal.ORDER_NOT_ALLOWED),
        (a_wish(limit_price=1_000_050), AAPL, Refusal.ORDER_NOT_ALLOWED),
        (a_wish(), replace(AAPL, halted=True), Refusal.SYMBOL_HALTED),
    ],
)
def test_an_order_that_does_not_fit_its_instrument_is_refused_by_name(wish, instrument, refusal):
    with pytest.raises(Refused) as caught:
        accepted(wish, instrument)

    assert caught.value.refusal is refusal


@given(
    st.sampled_from(Side),
    st.integers(min_value=1, max_value=LARGEST_PRICE // 100),
    st.sampled_from([1, 50, 100, 500, 10_000]),
    st.integers(min_value=1, max_value=99),
)
def test_a_collar_is_on_a_tick_and_no_further_from_the_last_price_than_it_says(side, last_ticks, tick, percent):
    last = last_ticks * tick
    price = rules.collar_price(side, last, tick, percent)

    assert price % tick == 0
    assert tick <= price <= LARGEST_PRICE
    if side is Side.BUY and last <= LARGEST_PRICE:
        assert price * 100 <= last * (100 + percent)
    if side is Side.SELL and price < LARGEST_PRICE // tick * tick:
        assert price * 100 >= last * (100 - percent)


def test_the_collar_around_100_dollars_is_10_dollars_wide_each_way():
    assert rules.collar_price(Side.BUY, 1_000_000, 100, 10) == 1_100_000
    assert rules.collar_price(Side.SELL, 1_000_000, 100, 10) == 900_000


@pytest.mark.parametrize(
    ("asked", "carried"),
    [
        (TimeInForce.DAY, TimeInForce.IOC),
        (TimeInForce.GTC, TimeInForce.IOC),
        (TimeInForce.IOC, TimeInForce.IOC),
        (TimeInForce.FOK, TimeInForce.FOK),
    ],
)
def test_a_market_order_never_rests(asked, carried):
    order = an_order(type=OrderType.MARKET, limit_price=None, time_in_force=asked)

    assert placed(order).time_in_force is carried
    assert order.time_in_force is asked


def test_a_limit_order_travels_as_it_was_asked_for():
    assert placed(an_order(time_in_force=TimeInForce.DAY)).time_in_force is TimeInForce.DAY


def test_a_day_ends_at_the_same_minute_every_day():
    assert next_end_us(0, 0) == DAY_US
    assert next_end_us(DAY_US - 1, 0) == DAY_US
    assert next_end_us(DAY_US, 0) == 2 * DAY_US
    assert next_end_us(0, 21 * 60) == 21 * 3_600_000_000
    assert next_end_us(22 * 3_600_000_000, 21 * 60) == DAY_US + 21 * 3_600_000_000


ENDS = Ends(day_ends_minute=0, immediate_max_age_us=30)


def test_a_day_order_ends_with_its_day_and_a_gtc_order_never():
    assert ENDS.of(OrderType.LIMIT, TimeInForce.DAY, 5) == DAY_US
    assert ENDS.of(OrderType.LIMIT, TimeInForce.GTC, 5) is None


def test_an_order_that_trades_at_once_or_not_at_all_ends_soon_after_it_was_placed():
    at_once = [(OrderType.MARKET, kind) for kind in TimeInForce]
    at_once += [(OrderType.LIMIT, TimeInForce.IOC), (OrderType.LIMIT, TimeInForce.FOK)]
    assert {ENDS.of(*order, 5) for order in at_once} == {35}


def replacement(old, **wish):
    return rules.accept_replacement(old, ReplaceOrder(ALICE, old.id, **wish), AAPL, uid(2), NOW_US, ENDS)


def test_a_replacement_keeps_what_nobody_asked_to_change():
    old = an_order(status=OrderStatus.NEW)

    new = replacement(old, quantity=20)

    assert (new.quantity, new.price, new.time_in_force) == (20, old.price, old.time_in_force)
    assert (new.replaces, new.status) == (old.id, OrderStatus.PENDING_NEW)


@pytest.mark.parametrize(
    ("old", "wish", "refusal"),
    [
        (an_order(status=OrderStatus.FILLED, filled_quantity=10), {"quantity": 20}, Refusal.NOT_OPEN),
        (an_order(status=OrderStatus.PARTIALLY_FILLED, filled_quantity=4), {"quantity": 4}, Refusal.ORDER_NOT_ALLOWED),
        (an_order(time_in_force=TimeInForce.IOC), {"quantity": 4}, Refusal.ORDER_NOT_ALLOWED),
        (an_order(type=OrderType.MARKET, limit_price=None), {"quantity": 4}, Refusal.ORDER_NOT_ALLOWED),
        (an_order(), {"time_in_force": TimeInForce.FOK}, Refusal.ORDER_NOT_ALLOWED),
        (an_order(), {"limit_price": 1_000_001}, Refusal.ORDER_NOT_ALLOWED),
        (an_order(replaces=uid(7)), {"quantity": 4}, Refusal.REPLACE_PENDING),
    ],
)
def test_a_replacement_that_cannot_be_is_refused_by_name(old, wish, refusal):
    with pytest.raises(Refused) as caught:
        replacement(old, **wish)

    assert caught.value.refusal is refusal
