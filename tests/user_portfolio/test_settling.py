"""Each side of a trade is settled once, against clearing; cost, profit and holds follow to the cent."""

from __future__ import annotations

import pytest

from tests.user_portfolio.builders import ALICE, BOB, buy, canceled, dollars, fill, listed, opened, sell
from tests.user_portfolio.rig import held_amounts
from user_portfolio.domain.activities import CLEARING
from user_portfolio.domain.holds import CorruptFact, HoldState
from user_portfolio.domain.portfolio import Position


@pytest.fixture
def market(rig):
    rig.hear(listed(), opened(ALICE), opened(BOB))
    return rig


def test_a_trade_moves_cash_one_way_and_shares_the_other(market):
    bid, ask = buy("bid", qty=10, at=dollars(90)), sell("ask", qty=10, at=dollars(90), account=BOB)
    market.hear(bid, ask)

    market.hear(fill(bid, qty=10, at=dollars(90)), fill(ask, qty=10, at=dollars(90)))

    assert market.cash(ALICE) == (dollars(9_100), 0)
    assert market.cash(BOB) == (dollars(10_900), 0)
    assert [market.owned(account).quantity for account in (ALICE, BOB)] == [110, 90]
    assert market.owned(BOB).held == 0


def test_clearing_stands_between_the_two_sides_and_is_empty_when_both_are_in(market):
    bid, ask = buy("bid", qty=10, at=dollars(90)), sell("ask", qty=10, at=dollars(90), account=BOB)
    market.hear(bid, ask)

    market.hear(fill(bid, qty=10, at=dollars(90)))

    balances = market.balances()
    assert (balances[CLEARING, "USD"], balances[CLEARING, "AAPL"]) == (dollars(900), -10)

    market.hear(fill(ask, qty=10, at=dollars(90)))

    assert not [key for key in market.balances() if key[0] == CLEARING]


def test_price_improvement_is_released_at_once(market):
    order = buy("order", qty=10, at=dollars(100))
    market.hear(order)

    market.hear(fill(order, qty=4, at=dollars(95), left=6))

    assert market.cash(ALICE) == (dollars(10_000 - 380), dollars(600))


def test_a_finished_order_holds_nothing(market):
    bid, ask = buy("bid", qty=3, at=dollars(100)), sell("ask", qty=3, at=dollars(90))
    market.hear(bid, ask)

    market.hear(
        fill(bid, qty=2, at=dollars(99), left=1),
        fill(ask, qty=3, at=dollars(91)),
        fill(bid, qty=1, at=dollars(98)),
    )

    assert held_amounts(market, bid.order_id, ask.order_id) == [(0, HoldState.ENDED)] * 2


def test_a_fill_heard_twice_is_settled_once(market):
    order = buy("order", qty=10, at=dollars(100))
    one = fill(order, qty=4, at=dollars(100), left=6)
    market.hear(order, one, one)

    market.hear(one)

    assert market.cash(ALICE) == (dollars(9_600), dollars(600))
    assert market.owned(ALICE).quantity == 104


def test_a_fill_that_was_late_is_settled_even_after_its_order_ended(market):
    order = buy("order", qty=10, at=dollars(100))
    market.hear(order, canceled(order, left=6))

    market.hear(fill(order, qty=4, at=dollars(100), left=6))

    assert market.cash(ALICE) == (dollars(9_600), 0)
    assert market.owned(ALICE).quantity == 104


def test_a_late_fill_never_takes_what_other_orders_hold(market):
    late, other = buy("late", qty=100, at=dollars(100)), buy("other", qty=100, at=dollars(100))
    market.hear(late, canceled(late, left=0), other)

    with pytest.raises(CorruptFact):
        market.hear(fill(late, qty=100, at=dollars(100)))

    assert market.cash(ALICE) == (dollars(10_000), dollars(10_000))


@pytest.mark.parametrize("qty", [0, -1, 11])
def test_no_order_fills_more_than_it_has_left_or_less_than_a_share(market, qty):
    order = buy("order", qty=10, at=dollars(100))
    market.hear(order)

    with pytest.raises(CorruptFact):
        market.hear(fill(order, qty=qty, at=dollars(1)))


def test_an_order_that_was_refused_or_never_seen_cannot_fill(market):
    hopeless = buy("hopeless", qty=1_000, at=dollars(100))
    market.hear(hopeless)

    for order in (hopeless, buy("unseen", qty=1, at=dollars(1))):
        with pytest.raises(CorruptFact):
            market.hear(fill(order, qty=1, at=dollars(1)))


def test_a_fill_told_to_the_wrong_account_moves_nothing(market):
    order = buy("order", qty=10, at=dollars(100))
    market.hear(order)

    with pytest.raises(CorruptFact):
        market.hear(fill(buy("order", qty=10, at=dollars(100), account=BOB), qty=10, at=dollars(100)))

    assert market.cash(BOB) == (dollars(10_000), 0)


def test_a_sale_realises_what_it_earns_beyond_the_average_cost(market):
    bid, ask = buy("bid", qty=50, at=dollars(130)), sell("ask", qty=30, at=dollars(120))
    market.hear(bid, fill(bid, qty=50, at=dollars(130)), ask)

    market.hear(fill(ask, qty=30, at=dollars(120)))

    position = market.owned(ALICE)  # 100 at 100 and 50 at 130 cost 110 each
    assert (position.quantity, position.cost_basis) == (120, 120 * dollars(110))
    assert position.realised == 30 * dollars(10)


def test_a_position_sold_out_has_no_cost_left_and_keeps_what_it_earned(market):
    ask = sell("ask", qty=100, at=dollars(90))
    market.hear(ask, fill(ask, qty=33, at=dollars(90), left=67), fill(ask, qty=67, at=dollars(90)))

    position = market.owned(ALICE)
    assert (position.quantity, position.cost_basis) == (0, 0)
    assert position.realised == -100 * dollars(10)


def test_the_rounding_of_the_average_cost_loses_nothing_over_many_sales():
    position = Position("AAPL", quantity=7, cost_basis=100)

    for _ in range(7):
        position.deliver(1, proceeds=15)

    assert (position.quantity, position.cost_basis, position.realised) == (0, 0, 7 * 15 - 100)
