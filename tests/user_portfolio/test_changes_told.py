"""An account that is not as it was is named once for all that happened to it at once, and never without a reason."""

from __future__ import annotations

import pytest

from chassis.codec import decode_facts
from contracts.facts import PortfolioChanged
from contracts.streams import Stream
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
    replaced,
    sell,
)


@pytest.fixture
def market(rig):
    rig.hear(listed(), opened(ALICE), opened(BOB))
    return rig


def test_an_account_that_opens_is_named_once_whatever_it_is_given(rig):
    rig.hear(listed(), opened(ALICE))

    assert rig.changed == [ALICE]


def test_shares_of_a_new_listing_are_news_to_everybody_who_gets_some(market):
    market.hear(listed("MSFT"))
    assert market.changed == []  # this exchange gives AAPL only

    market.hear(opened(identity("carol")))
    assert market.changed == [identity("carol")]


def test_a_hold_is_news_to_the_one_who_ordered(market):
    market.hear(buy("order", qty=1, at=dollars(100)))

    assert market.changed == [ALICE]


def test_a_whole_batch_names_an_account_once(market):
    orders = [buy(f"order{n}", qty=1, at=dollars(100)) for n in range(5)]

    market.hear(*orders, sell("other", qty=1, at=dollars(100), account=BOB))
    market.hear(*[fill(order, qty=1, at=dollars(99)) for order in orders])

    assert market.changed == [ALICE]


def test_an_order_that_is_refused_changes_nothing(market):
    (refused,) = market.hear(buy("order", qty=1_000, at=dollars(100)))

    assert refused.order_id == identity("order")
    assert market.changed == []


def test_what_a_cancel_sets_free_is_news(market):
    order = buy("order", qty=2, at=dollars(100))
    market.hear(order)

    market.hear(canceled(order, left=2))
    assert market.changed == [ALICE]

    market.hear(canceled(order, left=2))
    assert market.changed == []


def test_a_fact_that_comes_again_is_no_news(market):
    order = buy("order", qty=2, at=dollars(100))
    market.hear(order)
    first = fill(order, qty=2, at=dollars(100))
    market.hear(first)

    market.hear(order, first, opened(ALICE), listed())

    assert market.changed == []


def test_a_replacement_that_costs_the_same_is_no_news_and_one_that_costs_less_is(market):
    order = buy("order", qty=4, at=dollars(100))
    market.hear(order)

    same = replace(order, "same", qty=4, at=dollars(100))
    market.hear(same)
    market.hear(replaced(same, left=4))
    assert market.changed == []

    less = replace(same, "less", qty=3, at=dollars(100))
    market.hear(less)
    market.hear(replaced(less, left=3))
    assert market.changed == [ALICE]


def test_the_version_told_is_the_one_that_is_read_afterwards(shop):
    told = shop.take_in(listed(), opened(ALICE))

    assert [type(fact) for fact in told] == [PortfolioChanged]
    assert told[0].version == shop.holdings(ALICE).version
    assert told[0].at_us == shop.clock.now_us()


def test_the_news_travel_with_the_answer_in_one_transaction(service):
    service.hear(buy("order", qty=1, at=dollars(100)))

    with service.database.reading() as reading:
        rows = reading.rows("select stream, body from outbox order by number desc limit 2")
    (portfolio, news), (held, _) = rows
    assert (held, portfolio) == (Stream.ORDER_HELD, Stream.PORTFOLIO)
    assert [fact.account_id for fact in decode_facts(bytes(news))] == [ALICE]
