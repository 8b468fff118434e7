"""The matching faults of the demo this exchange grew out of, by their numbers in its list: none of them is back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from psycopg.errors import UndefinedTable

from contracts.facts import CancelRefused, OrderCanceled, OrderFilled, TradeExecuted
from tests.order_matching.rig import Rig, build_rig, buy, cancel, id_of, sell


@pytest.fixture
def build(fresh_database_url: str) -> Iterator[Callable[..., Rig]]:
    built: list[Rig] = []

    def make(**settings: Any) -> Rig:
        built.append(build_rig(fresh_database_url, **settings))
        return built[-1]

    yield make
    for rig in built:
        rig.database.close()


@pytest.fixture
def rig(build: Callable[..., Rig]) -> Rig:
    return build()


def makers(rig: Rig) -> list[str]:
    return [trade.maker_order_id for trade in rig.told(TradeExecuted)]


def test_fault_1_sells_match_the_lowest_first_and_the_oldest_first_at_a_price(rig: Rig) -> None:
    rig.hear(sell("dear", at=102), sell("cheap, first", at=100), sell("cheap, second", at=100))

    rig.hear(buy("taker", qty=30, at=105))

    assert makers(rig) == [id_of("cheap, first"), id_of("cheap, second"), id_of("dear")]


def test_fault_2_one_symbols_order_does_not_block_anothers_cross(rig: Rig) -> None:
    rig.hear(sell("blocks", at=90, symbol="AAA"), sell("ask", at=100, symbol="BBB"))

    rig.hear(buy("bid", at=100, symbol="BBB"))

    assert makers(rig) == [id_of("ask")]


def test_fault_3_a_partial_fill_leaves_the_rest_of_the_order_standing(rig: Rig) -> None:
    rig.hear(sell("ask", qty=10))

    rig.hear(buy("bid", qty=4))

    assert {fill.order_id: fill.remaining for fill in rig.told(OrderFilled)} == {id_of("ask"): 6, id_of("bid"): 0}
    assert [(order.order_id, order.remaining) for order in rig.open_orders()] == [(id_of("ask"), 6)]


def test_fault_4_the_price_is_the_standing_orders_and_not_always_the_sellers(rig: Rig) -> None:
    rig.hear(buy("bid", at=105))

    rig.hear(sell("taker", at=100))

    assert [trade.price for trade in rig.told(TradeExecuted)] == [105]


def test_fault_5_orders_match_when_they_come_and_not_when_a_timer_ticks(rig: Rig) -> None:
    rig.hear(sell("ask"), buy("bid"))

    assert len(rig.told(TradeExecuted)) == 1
    assert {ticker.name for ticker in rig.service.tickers} == {"expiry", "prune_orders"}  # none of which matches


def test_fault_6_a_restart_does_not_lose_the_book(rig: Rig, build: Callable[..., Rig]) -> None:
    rig.hear(sell("first"), sell("second"))
    rig.database.close()

    restarted = build()
    restarted.hear(buy("taker", qty=15))

    assert makers(restarted) == [id_of("first"), id_of("second")]


def test_fault_7_a_trade_is_not_kept_unless_the_word_of_it_is(rig: Rig) -> None:
    rig.hear(sell("ask", qty=10))
    assert rig.service.hearing is not None
    with rig.database.reading() as reading:
        reading.execute("alter table outbox rename to outbox_out_of_reach")

    with pytest.raises(UndefinedTable), rig.database.transaction() as transaction:
        rig.service.hearing.handle(transaction, [buy("taker", qty=10)])

    assert rig.rows("select * from trades") == []
    assert [order.remaining for order in rig.open_orders()] == [10]
    with rig.database.reading() as reading:
        reading.execute("alter table outbox_out_of_reach rename to outbox")
    rig.hear(buy("taker", qty=10))
    assert len(rig.rows("select * from trades")) == len(rig.told(TradeExecuted)) == 1
    assert len(rig.told(OrderFilled)) == 2


def test_fault_12_the_cancel_of_a_filled_order_is_not_confirmed(rig: Rig) -> None:
    rig.hear(sell("ask"), buy("bid"))

    rig.hear(cancel("bid"))

    assert [fact.order_id for fact in rig.told(CancelRefused)] == [id_of("bid")]
    assert rig.told(OrderCanceled) == []
