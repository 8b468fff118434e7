"""Day orders end when their day does, through the same book as everything else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chassis.settings import SettingsError, read_settings
from contracts.facts import BookChanged, OrderExpired, TradeExecuted
from order_matching.settings import Settings
from tests.order_matching.rig import Rig, buy, id_of, sell


def test_a_day_order_expires_when_its_time_has_come(rig: Rig) -> None:
    until = rig.clock.now_us() + 60_000_000
    rig.hear(buy("today", qty=10, until=until), sell("some", qty=3), buy("forever", at=99))
    rig.tick()
    before = rig.told(OrderExpired)

    rig.clock.advance(60)
    rig.tick()

    assert before == []
    (expired,) = rig.told(OrderExpired)
    assert (expired.order_id, expired.remaining, expired.at_us) == (id_of("today"), 7, until)
    assert [order.order_id for order in rig.open_orders()] == [id_of("forever")]


def test_the_level_of_an_expired_order_is_told_gone(rig: Rig) -> None:
    rig.hear(buy("today", until=rig.clock.now_us() + 1_000_000))
    rig.clock.advance(1)

    rig.tick()

    assert [level.quantity for level in rig.told(BookChanged)[-1].levels] == [0]


def test_expiry_is_in_the_journal(rig: Rig) -> None:
    rig.hear(buy("a", until=rig.clock.now_us() + 1), buy("b"))
    rig.clock.advance(1)

    rig.tick()

    assert rig.rebuilt().state() == rig.replayed().state()


def test_an_expired_order_does_not_trade(rig: Rig, build: Callable[..., Rig]) -> None:
    rig.hear(buy("today", until=rig.clock.now_us() + 1_000_000))
    other = build()
    other.clock.advance(1)
    other.tick()

    rig.hear(sell("late"))

    assert rig.told(TradeExecuted) == []


def test_every_symbol_with_something_over_is_looked_through(rig: Rig) -> None:
    soon = rig.clock.now_us() + 1
    rig.hear(buy("a", symbol="AAA", until=soon), buy("b", symbol="BBB", until=soon), buy("c", symbol="CCC"))
    rig.clock.advance(1)

    rig.tick()

    assert sorted(fact.symbol for fact in rig.told(OrderExpired)) == ["AAA", "BBB"]
    assert dict(rig.rows("select symbol, sequence from books")) == {"AAPL": 0, "AAA": 2, "BBB": 2, "CCC": 1}


def test_when_nothing_is_over_nothing_happens(rig: Rig) -> None:
    rig.hear(buy("forever"))

    rig.tick()
    rig.tick()

    assert rig.rows("select sequence from books") == [(1,)]


@pytest.mark.parametrize(
    ("name", "value"), [("SELF_TRADE", "allow"), ("EXPIRY_EVERY_S", "0"), ("EXPIRY_EVERY_S", "soon")]
)
def test_a_setting_that_means_nothing_stops_the_start_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read_settings(Settings, {name: value})


def test_without_settings_self_trades_are_refused_and_expiry_is_looked_for_each_second() -> None:
    assert read_settings(Settings, {}) == Settings(self_trade="refuse", expiry_every_s=1.0)
