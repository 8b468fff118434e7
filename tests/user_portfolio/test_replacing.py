"""A replacement holds only what it can cost beyond its original, and that always suffices."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.facts import Reason, ReplaceHeld, ReplaceRefused
from contracts.orders import Side
from tests.user_portfolio.builders import (
    ALICE,
    BOB,
    buy,
    canceled,
    dollars,
    fill,
    identity,
    listed,
    opened,
    replace,
    replace_refused,
    replaced,
    sell,
)
from tests.user_portfolio.rig import held_amounts
from user_portfolio.domain.holds import CorruptFact, Hold, HoldState


@pytest.fixture
def market(rig):
    rig.hear(listed(), opened(ALICE), opened(BOB))
    return rig


def test_a_higher_price_holds_the_difference_and_goes_on_to_the_book(market):
    order = buy("order", qty=10, at=dollars(100))
    asked = replace(order, "dearer", qty=10, at=dollars(110))
    market.hear(order)

    (held,) = market.hear(asked)

    assert market.cash(ALICE) == (dollars(10_000), dollars(1_100))
    assert isinstance(held, ReplaceHeld)
    same = ("order_id", "replaces", "account_id", "symbol", "side", "time_in_force", "quantity", "price")
    assert all(getattr(held, name) == getattr(asked, name) for name in same)


def test_a_cheaper_replacement_holds_nothing_more_until_the_book_has_replaced(market):
    order = buy("order", qty=10, at=dollars(100))
    cheaper = replace(order, "cheaper", qty=10, at=dollars(70))
    market.hear(order, cheaper)
    assert market.cash(ALICE) == (dollars(10_000), dollars(1_000))

    market.hear(replaced(cheaper, left=10))

    assert market.cash(ALICE) == (dollars(10_000), dollars(700))
    assert held_amounts(market, order.order_id, cheaper.order_id) == [
        (0, HoldState.ENDED),
        (dollars(700), HoldState.OPEN),
    ]


def test_the_total_counts_what_the_original_had_filled(market):
    order = buy("order", qty=10, at=dollars(100))
    more = replace(order, "more", qty=15, at=dollars(100))
    market.hear(order, fill(order, qty=4, at=dollars(100), left=6), more)

    market.hear(replaced(more, left=11), fill(more, qty=11, at=dollars(100)))

    assert market.cash(ALICE) == (dollars(8_500), 0)
    assert market.hold(more.order_id).filled == 15


def test_more_shares_to_sell_are_held_and_fewer_released(market):
    order = sell("order", qty=60, at=dollars(100))
    more = replace(order, "more", qty=90, at=dollars(90))
    market.hear(order, more)
    assert market.owned(ALICE).held == 90

    fewer = replace(more, "fewer", qty=20, at=dollars(90))
    market.hear(replaced(more, left=90), fewer, replaced(fewer, left=20))

    assert market.owned(ALICE).held == 20


def test_a_replacement_can_itself_be_replaced_before_the_book_has_been_heard(market):
    order = buy("order", qty=10, at=dollars(100))
    second = replace(order, "second", qty=10, at=dollars(110))
    third = replace(second, "third", qty=20, at=dollars(105))
    market.hear(order, second, third)

    market.hear(
        fill(order, qty=2, at=dollars(100), left=8),
        replaced(second, left=8),
        fill(second, qty=3, at=dollars(110), left=5),
        replaced(third, left=15),
    )

    assert market.cash(ALICE) == (dollars(10_000 - 200 - 330), 15 * dollars(105))


def test_a_refused_replacement_leaves_the_original_as_it_was(market):
    order = buy("order", qty=10, at=dollars(100))
    asked = replace(order, "dearer", qty=20, at=dollars(110))
    market.hear(order, asked)

    market.hear(replace_refused(asked, Reason.SELF_TRADE), replace_refused(asked, Reason.SELF_TRADE))

    assert market.cash(ALICE) == (dollars(10_000), dollars(1_000))
    assert held_amounts(market, order.order_id, asked.order_id) == [
        (dollars(1_000), HoldState.OPEN),
        (0, HoldState.ENDED),
    ]


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (buy("order", qty=10, at=dollars(100)), Reason.INSUFFICIENT_BUYING_POWER),
        (sell("order", qty=10, at=dollars(100)), Reason.INSUFFICIENT_SHARES),
    ],
)
def test_a_replacement_the_account_cannot_cover_is_refused(market, order, reason):
    market.hear(order)

    (refused,) = market.hear(replace(order, "huge", qty=101, at=dollars(100)))

    assert (type(refused), refused.reason, refused.replaces) == (ReplaceRefused, reason, order.order_id)
    assert market.hold(order.order_id).state == HoldState.OPEN
    assert market.hear(refused) == []


def test_an_order_that_is_over_cannot_be_replaced(market):
    order = buy("order", qty=10, at=dollars(100))
    market.hear(order, canceled(order, left=10))

    (refused,) = market.hear(replace(order, "late", qty=10, at=dollars(100)))

    assert refused.reason == Reason.ORDER_NOT_OPEN


def test_nobody_replaces_an_order_that_is_unknown_or_another_accounts(market):
    theirs = buy("theirs", qty=10, at=dollars(100), account=BOB)
    market.hear(theirs)

    mine = buy("theirs", qty=10, at=dollars(100), account=ALICE)
    answers = market.hear(
        replace(mine, "stolen", qty=10, at=dollars(1)),
        replace(buy("unseen", qty=1, at=1), "stray", qty=1, at=1),
    )

    assert [answer.reason for answer in answers] == [Reason.ORDER_NOT_OPEN] * 2
    assert market.cash(BOB) == (dollars(10_000), dollars(1_000))


def test_a_total_that_has_filled_already_is_refused(market):
    order = buy("order", qty=10, at=dollars(100))
    market.hear(order, fill(order, qty=6, at=dollars(100), left=4))

    (refused,) = market.hear(replace(order, "less", qty=6, at=dollars(100)))

    assert refused.reason == Reason.ALREADY_FILLED


def test_a_repeated_request_and_a_repeated_outcome_change_nothing(market):
    order = buy("order", qty=10, at=dollars(100))
    asked = replace(order, "dearer", qty=10, at=dollars(110))
    market.hear(order, asked, replaced(asked, left=10), fill(asked, qty=4, at=dollars(110), left=6))
    before = market.cash(ALICE)

    assert market.hear(asked, replaced(asked, left=10)) == []
    assert market.cash(ALICE) == before == (dollars(9_560), dollars(660))


def test_a_replaced_order_that_ends_gives_back_all(market):
    order = buy("order", qty=10, at=dollars(100))
    asked = replace(order, "dearer", qty=10, at=dollars(110))
    market.hear(order, asked, replaced(asked, left=10))

    market.hear(canceled(asked, left=10))

    assert market.cash(ALICE) == (dollars(10_000), 0)


def test_a_replacement_by_an_account_nobody_has_heard_of_is_refused_by_name(market):
    order = buy("stray", qty=1, at=1, account=identity("nobody"))

    (refused,) = market.hear(replace(order, "again", qty=2, at=1))

    assert (type(refused), refused.reason) == (ReplaceRefused, Reason.ORDER_NOT_OPEN)


def test_an_outcome_that_the_holds_cannot_cover_is_corrupt(market):
    order = buy("order", qty=10, at=dollars(100))
    asked = replace(order, "fewer", qty=5, at=dollars(100))
    market.hear(order, asked)

    with pytest.raises(CorruptFact):
        market.hear(replaced(asked, left=50))


@given(
    side=st.sampled_from(Side),
    quantity=st.integers(1, 30),
    price=st.integers(1, 30),
    filled=st.integers(0, 29),
    new_quantity=st.integers(1, 60),
    new_price=st.integers(1, 60),
)
def test_the_shortfall_is_the_worst_of_all_that_can_fill_meanwhile(
    side, quantity, price, filled, new_quantity, new_price
):
    filled = min(filled, quantity - 1, new_quantity - 1)
    hold = Hold("order", "account", "AAPL", side, price, quantity, filled, 0, HoldState.OPEN)
    per_share, new_per_share = (price, new_price) if side == Side.BUY else (1, 1)

    worst = max(
        (new_quantity - by_then) * new_per_share - (quantity - by_then) * per_share
        for by_then in range(filled, min(quantity, new_quantity) + 1)
    )

    assert hold.shortfall(new_quantity, new_price) == max(0, worst)
