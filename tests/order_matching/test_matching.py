"""Facts in, facts and rows out: order_matching on a real database."""

from __future__ import annotations

from collections.abc import Callable

from contracts.facts import (
    BookChanged,
    CancelRefused,
    Level,
    OrderCanceled,
    OrderFilled,
    OrderRefused,
    OrderReplaced,
    OrderRested,
    Reason,
    ReplaceRefused,
    TradeExecuted,
)
from contracts.orders import TimeInForce
from tests.order_matching.builders import BUY, SELL
from tests.order_matching.rig import (
    ANN,
    BOB,
    CAROL,
    Rig,
    buy,
    cancel,
    halted,
    id_of,
    listed,
    replacement,
    resumed,
    sell,
)


def test_an_order_that_meets_nobody_stands_and_says_so(rig: Rig) -> None:
    rig.hear(buy("bid", qty=10, at=100))

    (rested,) = rig.told(OrderRested)
    assert (rested.order_id, rested.account_id, rested.symbol) == (id_of("bid"), ANN, "AAPL")
    assert (rested.remaining, rested.sequence, rested.at_us) == (10, 1, rig.clock.now_us())
    assert [order.order_id for order in rig.open_orders()] == [id_of("bid")]


def test_a_trade_is_told_once_to_the_public_and_once_to_each_side(rig: Rig) -> None:
    rig.hear(sell("ask", qty=10, at=100), buy("bid", qty=4, at=105))

    (trade,) = rig.told(TradeExecuted)
    assert (trade.number, trade.price, trade.quantity, trade.taker_side) == (1, 100, 4, BUY)
    assert (trade.maker_order_id, trade.taker_order_id, trade.sequence) == (id_of("ask"), id_of("bid"), 2)
    fills = {fill.account_id: fill for fill in rig.told(OrderFilled)}
    assert {fill.trade_id for fill in fills.values()} == {trade.trade_id}
    assert {fill.price for fill in fills.values()} == {100}
    assert (fills[BOB].side, fills[BOB].remaining, fills[BOB].is_maker) == (SELL, 6, True)
    assert (fills[ANN].side, fills[ANN].remaining, fills[ANN].is_maker) == (BUY, 0, False)


def test_a_taker_gets_the_makers_better_price_to_the_last_row(rig: Rig) -> None:
    rig.hear(sell("ask", at=100))

    rig.hear(buy("bid", at=110))

    assert rig.rows("select number, price, quantity, taker_side from trades") == [(1, 100, 10, "buy")]


def test_the_changed_levels_are_told_once_a_batch_and_link_up(rig: Rig) -> None:
    rig.hear(buy("a", at=100), buy("b", at=100), sell("c", at=101))
    rig.hear(buy("d", qty=4, at=101))

    first, second = rig.told(BookChanged)
    assert first.levels == (Level(BUY, 100, 20, 2), Level(SELL, 101, 10, 1))
    assert second.levels == (Level(SELL, 101, 6, 1),)
    assert (first.previous_sequence, first.sequence) == (0, 3)
    assert (second.previous_sequence, second.sequence) == (3, 4)


def test_a_batch_that_changes_no_level_tells_none_and_the_chain_goes_on(rig: Rig) -> None:
    rig.hear(buy("a", at=100))
    rig.hear(buy("too low", at=1, tif=TimeInForce.IOC))
    rig.hear(cancel("a"))

    assert [(fact.previous_sequence, fact.sequence) for fact in rig.told(BookChanged)] == [(0, 1), (1, 3)]


def test_a_cancel_takes_the_order_out_of_the_book(rig: Rig) -> None:
    rig.hear(buy("bid", qty=10))
    rig.hear(cancel("bid"))

    (canceled,) = rig.told(OrderCanceled)
    assert (canceled.order_id, canceled.remaining, canceled.reason) == (id_of("bid"), 10, Reason.REQUESTED)
    assert rig.open_orders() == []
    assert rig.rows("select remaining, is_open from orders") == [(10, False)]


def test_the_cancel_of_a_filled_order_is_refused_by_name(rig: Rig) -> None:
    rig.hear(sell("ask"), buy("bid"))

    rig.hear(cancel("bid"))

    (refused,) = rig.told(CancelRefused)
    assert (refused.order_id, refused.account_id, refused.reason) == (id_of("bid"), ANN, Reason.ORDER_NOT_OPEN)
    assert rig.told(OrderCanceled) == []


def test_a_smaller_replacement_keeps_its_place_also_in_the_tables(rig: Rig) -> None:
    first = sell("first")
    rig.hear(first, sell("second", account=CAROL))
    rig.hear(replacement("smaller", first, qty=6, at=100))
    rig.hear(buy("taker", qty=7))

    (replaced,) = rig.told(OrderReplaced)
    assert (replaced.replaces, replaced.remaining, replaced.price, replaced.kept_place) == (
        id_of("first"),
        6,
        100,
        True,
    )
    assert [trade.maker_order_id for trade in rig.told(TradeExecuted)] == [id_of("smaller"), id_of("second")]
    assert rig.rebuilt().state() == rig.replayed().state()


def test_a_chain_of_replacements_in_one_batch_leaves_the_last(rig: Rig) -> None:
    first = sell("first")
    second = replacement("second", first, qty=8, at=100)
    third = replacement("third", second, qty=7, at=100)

    rig.hear(first, second, third)

    assert [(order.order_id, order.remaining) for order in rig.open_orders()] == [(id_of("third"), 7)]
    assert rig.rebuilt().state() == rig.replayed().state()


def test_a_dearer_replacement_goes_to_the_end_and_may_trade(rig: Rig) -> None:
    bid = buy("bid", at=99)
    rig.hear(bid, sell("ask", at=101))

    rig.hear(replacement("higher", bid, qty=15, at=101))

    assert [trade.price for trade in rig.told(TradeExecuted)] == [101]
    assert [(order.order_id, order.remaining) for order in rig.open_orders()] == [(id_of("higher"), 5)]
    assert dict(rig.rows("select order_id, remaining from orders where not is_open")) == {
        id_of("bid"): 10,
        id_of("ask"): 0,
    }


def test_a_replacement_of_a_filled_order_is_refused_and_remembered(rig: Rig) -> None:
    bid = buy("bid")
    rig.hear(bid, sell("ask"))
    rig.hear(replacement("late", bid, qty=20, at=100))
    rig.hear(cancel("late"))

    (refused,) = rig.told(ReplaceRefused)
    assert (refused.order_id, refused.replaces, refused.reason) == (id_of("late"), bid.order_id, Reason.ORDER_NOT_OPEN)
    assert [fact.order_id for fact in rig.told(CancelRefused)] == [id_of("late")]


def test_a_halted_symbol_refuses_by_name_until_it_resumes(rig: Rig) -> None:
    rig.hear(halted())
    rig.hear(buy("too early"))
    rig.hear(resumed())
    rig.hear(buy("in time"))

    (refused,) = rig.told(OrderRefused)
    assert (refused.order_id, refused.reason, refused.sequence) == (id_of("too early"), Reason.SYMBOL_HALTED, 2)
    assert [fact.order_id for fact in rig.told(OrderRested)] == [id_of("in time")]


def test_a_halt_is_known_to_the_next_replica(rig: Rig, build: Callable[..., Rig]) -> None:
    rig.hear(halted())

    build().hear(buy("too early"))

    assert [fact.reason for fact in rig.told(OrderRefused)] == [Reason.SYMBOL_HALTED]


def test_the_self_trade_rule_is_a_setting(build: Callable[..., Rig]) -> None:
    strict, lenient = build(self_trade="refuse"), build(self_trade="cancel_newest")

    strict.hear(sell("mine", account=ANN), buy("into myself"))
    lenient.hear(buy("again"))

    assert [fact.reason for fact in strict.told(OrderRefused)] == [Reason.SELF_TRADE]
    assert [fact.reason for fact in strict.told(OrderCanceled)] == [Reason.SELF_TRADE]
    assert strict.replayed().state() == strict.rebuilt().state()


def test_an_order_for_a_symbol_nobody_listed_yet_opens_its_book(rig: Rig) -> None:
    rig.hear(buy("early bird", symbol="NEW"))
    rig.hear(listed("NEW"))

    assert [order.order_id for order in rig.open_orders("NEW")] == [id_of("early bird")]


def test_listing_twice_is_listing_once(rig: Rig) -> None:
    rig.hear(buy("bid"))
    rig.hear(listed())

    assert rig.rows("select symbol, sequence from books") == [("AAPL", 1)]


def test_one_symbols_orders_never_meet_anothers(rig: Rig) -> None:
    rig.hear(sell("apple", symbol="AAPL"), sell("banana", symbol="BNNA"))

    rig.hear(buy("hungry", symbol="BNNA", qty=20))

    assert [(trade.symbol, trade.number) for trade in rig.told(TradeExecuted)] == [("BNNA", 1)]
    assert [order.order_id for order in rig.open_orders("AAPL")] == [id_of("apple")]


def test_a_repeated_order_changes_nothing(rig: Rig) -> None:
    rig.hear(sell("ask", qty=100))
    rig.hear(buy("bid", qty=10))

    rig.hear(buy("bid", qty=10), buy("bid", qty=10))

    assert len(rig.told(TradeExecuted)) == 1
    assert rig.rows("select sequence from books") == [(2,)]


def test_a_message_delivered_twice_changes_nothing(rig: Rig) -> None:
    messages = rig.hear(sell("ask", qty=100), buy("bid", qty=10))

    rig.consumer.receive(messages)

    assert len(rig.told(TradeExecuted)) == 1


def test_an_order_that_means_nothing_is_set_aside_alone(rig: Rig) -> None:
    rig.hear(buy("good"), buy("free of charge", at=0), sell("also good"))

    assert rig.dead_letters() == 1
    assert len(rig.told(TradeExecuted)) == 1
    assert rig.rebuilt().state() == rig.replayed().state()
