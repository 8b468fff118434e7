"""An order is held for in full before it may go to the book, or refused by name."""

from __future__ import annotations

import pytest

from contracts.facts import OrderExpired, OrderHeld, OrderRefused, Reason
from contracts.names import buying_power_entry
from tests.user_portfolio.builders import ALICE, BOB, buy, canceled, dollars, fill, identity, listed, opened, sell
from tests.user_portfolio.rig import held_amounts
from user_portfolio.domain.holds import CorruptFact, HoldState


@pytest.fixture
def market(rig):
    rig.hear(listed(), opened(ALICE), opened(BOB))
    return rig


def test_a_buy_holds_its_whole_cost_and_goes_on_to_the_book(market):
    order = buy("order", qty=10, at=dollars(120))

    (held,) = market.hear(order)

    assert market.cash(ALICE) == (dollars(10_000), dollars(1_200))
    assert isinstance(held, OrderHeld)
    same = ("order_id", "account_id", "symbol", "side", "type", "time_in_force", "quantity", "price", "expires_at_us")
    assert all(getattr(held, name) == getattr(order, name) for name in same)
    assert held.at_us == market.clock.now_us()


def test_a_sell_holds_its_shares(market):
    (held,) = market.hear(sell("order", qty=60, at=dollars(120)))

    assert isinstance(held, OrderHeld)
    assert market.owned(ALICE).held == 60
    assert market.cash(ALICE) == (dollars(10_000), 0)


def test_a_buy_may_take_the_last_cent_and_not_one_more(market):
    first, second = market.hear(
        buy("all", qty=100, at=dollars(100)),
        buy("more", qty=1, at=1),
    )

    assert isinstance(first, OrderHeld)
    assert isinstance(second, OrderRefused)
    assert second.reason == Reason.INSUFFICIENT_BUYING_POWER
    assert market.cash(ALICE) == (dollars(10_000), dollars(10_000))


def test_shares_cannot_be_promised_twice(market):
    first, second = market.hear(sell("most", qty=60, at=1), sell("again", qty=41, at=1))

    assert isinstance(first, OrderHeld)
    assert (type(second), second.reason) == (OrderRefused, Reason.INSUFFICIENT_SHARES)


def test_nobody_sells_what_they_never_owned(market):
    (refused,) = market.hear(sell("short", qty=1, at=1, symbol="TSLA"))

    assert refused.reason == Reason.INSUFFICIENT_SHARES


def test_an_order_that_overtakes_the_news_of_its_account_opens_it_once(market):
    newcomer = identity("newcomer")

    (held,) = market.hear(buy("eager", qty=1, at=dollars(1), account=newcomer))
    market.hear(opened(newcomer))

    assert isinstance(held, OrderHeld)
    assert market.cash(newcomer) == (dollars(10_000), dollars(1))
    assert market.owned(newcomer).quantity == market.owned(BOB).quantity


def test_an_order_that_comes_together_with_the_news_of_its_account_is_held_for(market):
    newcomer = identity("newcomer")

    (held,) = market.hear(opened(newcomer), buy("eager", qty=1, at=dollars(1), account=newcomer))

    assert isinstance(held, OrderHeld)
    assert market.cash(newcomer) == (dollars(10_000), dollars(1))


def test_orders_are_answered_in_the_order_in_which_they_came(market):
    orders = [buy(f"order{number}", qty=40, at=dollars(100)) for number in range(4)]

    answers = market.hear(*orders)

    assert [answer.order_id for answer in answers] == [order.order_id for order in orders]
    assert [type(answer) for answer in answers] == [OrderHeld, OrderHeld, OrderRefused, OrderRefused]


def test_a_repeated_order_is_held_for_once(market):
    order = buy("order", qty=10, at=dollars(100))
    market.hear(order, order)

    assert market.hear(order) == []
    assert market.cash(ALICE) == (dollars(10_000), dollars(1_000))


def test_a_refused_order_stays_refused_when_it_is_repeated_after_the_cash_came_back(market):
    first, late = buy("first", qty=100, at=dollars(100)), buy("late", qty=1, at=dollars(1))
    market.hear(first, late)
    market.hear(canceled(first, left=100))

    assert market.hear(late) == []
    assert market.cash(ALICE) == (dollars(10_000), 0)


def test_a_canceled_order_gives_back_what_it_held(market):
    bid, ask = buy("bid", qty=10, at=dollars(100)), sell("ask", qty=10, at=dollars(200))
    market.hear(bid, ask)

    market.hear(canceled(bid, left=10), canceled(ask, left=10))

    assert market.cash(ALICE) == (dollars(10_000), 0)
    assert market.owned(ALICE).held == 0
    assert held_amounts(market, bid.order_id, ask.order_id) == [(0, HoldState.ENDED)] * 2


@pytest.mark.parametrize("kind", [OrderExpired, OrderRefused])
def test_an_expired_order_and_one_the_book_refused_give_back_what_they_held(market, kind):
    order = buy("order", qty=10, at=dollars(100))
    market.hear(order)
    ending = {"remaining": 10} if kind is OrderExpired else {"reason": Reason.SELF_TRADE}

    market.hear(kind(order_id=order.order_id, account_id=ALICE, symbol="AAPL", sequence=2, at_us=5, **ending))

    assert market.cash(ALICE) == (dollars(10_000), 0)


def test_a_cancel_after_a_partial_fill_gives_back_the_rest_once(market):
    order = buy("order", qty=10, at=dollars(100))
    market.hear(order, fill(order, qty=4, at=dollars(100), left=6))

    market.hear(canceled(order, left=6), canceled(order, left=6))
    market.hear(canceled(order, left=6))

    assert market.cash(ALICE) == (dollars(9_600), 0)


def test_our_own_refusal_comes_back_and_changes_nothing(market):
    (refused,) = market.hear(buy("order", qty=1_000, at=dollars(100)))

    assert market.hear(refused) == []
    assert held_amounts(market, refused.order_id) == [(0, HoldState.REFUSED)]
    assert market.cash(ALICE) == (dollars(10_000), 0)


def test_the_end_of_an_order_nobody_knows_releases_nothing(market):
    market.hear(buy("known", qty=1, at=dollars(1)))

    market.hear(canceled(buy("unknown", qty=10, at=dollars(100)), left=10))

    assert market.cash(ALICE) == (dollars(10_000), dollars(1))


def test_another_account_cannot_end_an_order(market):
    order = buy("order", qty=10, at=dollars(100))
    market.hear(order)

    with pytest.raises(CorruptFact):
        market.hear(canceled(buy("order", qty=10, at=dollars(100), account=BOB), left=10))

    assert market.cash(ALICE) == (dollars(10_000), dollars(1_000))


@pytest.mark.parametrize(("qty", "at"), [(0, 100), (-5, 100), (5, 0), (5, -100)])
def test_an_order_without_a_positive_price_and_quantity_is_corrupt(market, qty, at):
    with pytest.raises(CorruptFact):
        market.hear(buy("nonsense", qty=qty, at=at))


def test_order_entry_learns_the_buying_power_that_is_left(market):
    market.hear(buy("order", qty=10, at=dollars(100)))

    entry = buying_power_entry(ALICE)
    assert market.cache.get_many([entry]) == {entry: str(dollars(9_000))}
