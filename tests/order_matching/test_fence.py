"""The tables are the truth and the book in memory a picture: no replica, failure or restart forks a book."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from contracts.facts import BookChanged, OrderFilled, TradeExecuted
from order_matching.domain.book import Book
from order_matching.store import Store
from tests.order_matching.builders import BUY, SELL
from tests.order_matching.rig import ANN, Rig, buy, cancel, held, id_of, replacement, sell


def crowd(seed: int, batches: int) -> list[list[object]]:
    """Batches of orders, cancels and replacements around one price."""
    dice = random.Random(seed)
    sent: list[list[object]] = []
    for batch in range(batches):
        facts: list[object] = []
        for number in range(dice.randrange(1, 12)):
            name = f"{batch}-{number}"
            side = dice.choice((BUY, SELL))
            order = held(name, side, dice.randrange(1, 9), 100 + dice.randrange(-3, 4), account=id_of(f"of {name}"))
            facts.append(order)
            if dice.random() < 0.3:
                facts.append(cancel(f"{dice.randrange(batch + 1)}-{dice.randrange(6)}"))
            if dice.random() < 0.3:
                facts.append(replacement(f"{name} again", order, dice.randrange(1, 9), order.price + dice.randrange(2)))
        sent.append(facts)
    return sent


def hear_all(rig: Rig, batches: list[list[object]]) -> None:
    for facts in batches:
        rig.hear(*facts)


def lose_power_before_the_commit(rig: Rig, *facts: object) -> None:
    assert rig.service.hearing is not None
    with rig.database.transaction() as transaction:
        rig.service.hearing.handle(transaction, facts)
        raise RuntimeError("the power is out")


def assert_one_truth(rig: Rig) -> None:
    """Open orders, journal, trades and levels all tell of the same book."""
    replayed = rig.replayed()
    assert rig.rebuilt().state() == replayed.state()
    numbers = [row[0] for row in rig.rows("select number from trades order by number")]
    assert numbers == list(range(1, replayed.trades + 1))
    assert len(rig.told(OrderFilled)) == 2 * len(numbers)
    levels: dict[tuple[str, int], tuple[int, int]] = {}
    told_sequence = 0
    for fact in rig.told(BookChanged):
        assert fact.previous_sequence == told_sequence, "a gap between two BookChanged"
        told_sequence = fact.sequence
        levels |= {(level.side, level.price): (level.quantity, level.orders) for level in fact.levels}
    depth = {
        (level.side, level.price): (level.quantity, level.orders)
        for side in (BUY, SELL)
        for level in replayed.depth(side)
    }
    assert {place: total for place, total in levels.items() if total != (0, 0)} == depth


def test_two_replicas_in_turn_keep_one_book(build: Callable[..., Rig]) -> None:
    replicas = [build(), build()]

    for number, facts in enumerate(crowd(seed=7, batches=40)):
        replicas[number % 2].hear(*facts)

    assert replicas[0].rows("select trades > 20 from books") == [(True,)]
    assert_one_truth(replicas[0])


def test_two_replicas_at_the_same_time_keep_one_book(build: Callable[..., Rig]) -> None:
    replicas = [build(), build()]
    batches = crowd(seed=17, batches=60)

    with ThreadPoolExecutor(2) as pool:
        halves = [pool.submit(hear_all, replicas[half], batches[half::2]) for half in range(2)]
        for half in halves:
            half.result()

    assert replicas[0].dead_letters() == 0
    assert_one_truth(replicas[0])


def test_a_picture_that_is_behind_is_never_matched_against(build: Callable[..., Rig]) -> None:
    first, second = build(), build()
    first.hear(sell("ask", qty=10))
    second.hear(buy("taker", qty=10))

    first.hear(buy("too late", qty=10, account=id_of("late")))

    assert len(first.told(TradeExecuted)) == 1
    assert [order.order_id for order in first.open_orders()] == [id_of("too late")]
    assert_one_truth(first)


def test_a_picture_at_the_rows_sequence_is_used_again(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.hear(sell("ask", qty=10))
    monkeypatch.setattr(Store, "resting", lambda *_: pytest.fail("the book was rebuilt for nothing"))

    rig.hear(buy("taker", qty=4))
    rig.hear(buy("taker too", qty=4))

    assert len(rig.told(TradeExecuted)) == 2


@pytest.mark.parametrize("step", ["save", "announce"])
def test_after_a_failure_the_book_is_rebuilt_from_what_is_true(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    rig.hear(sell("ask", qty=10))

    def fail(*_: object) -> None:
        raise RuntimeError("the disk is on fire")

    with monkeypatch.context() as broken:
        broken.setattr(Store, step, fail)
        rig.hear(buy("lost", qty=10))
    rig.hear(buy("kept", qty=4, account=id_of("other")))

    assert rig.dead_letters() == 1
    assert [trade.taker_order_id for trade in rig.told(TradeExecuted)] == [id_of("kept")]
    assert_one_truth(rig)


def test_a_commit_that_fails_takes_the_picture_with_it(rig: Rig, build: Callable[..., Rig]) -> None:
    """Another replica then reaches the same sequence by other commands: the number alone would not show it."""
    rig.hear(sell("ask", qty=10))
    with pytest.raises(RuntimeError, match="power"):
        lose_power_before_the_commit(rig, buy("lost", qty=10))

    build().hear(buy("won", qty=3))
    rig.hear(buy("next", qty=4, account=id_of("next")))

    assert [(trade.taker_order_id, trade.quantity) for trade in rig.told(TradeExecuted)] == [
        (id_of("won"), 3),
        (id_of("next"), 4),
    ]
    assert_one_truth(rig)


def test_a_restart_goes_on_where_it_was(build: Callable[..., Rig]) -> None:
    for facts in crowd(seed=11, batches=25):
        build().hear(*facts)

    assert_one_truth(build())


def test_a_bad_order_in_the_middle_of_a_crowd_leaves_one_truth(rig: Rig) -> None:
    for facts in crowd(seed=13, batches=10):
        rig.hear(*facts, buy(f"worthless {len(facts)} {facts[0]}", at=0))

    assert rig.dead_letters() == 10
    assert_one_truth(rig)


def test_a_book_is_rebuilt_in_the_order_of_the_queue_and_not_of_the_table(rig: Rig, build: Callable[..., Rig]) -> None:
    first = sell("first", qty=10)
    rig.hear(first, sell("second", qty=10, account=id_of("second")))
    rig.hear(replacement("first again", first, qty=9, at=100))

    build().hear(buy("taker", qty=9))

    assert [trade.maker_order_id for trade in rig.told(TradeExecuted)] == [id_of("first again")]


def test_the_journal_is_one_row_a_batch(rig: Rig) -> None:
    rig.hear(*(buy(f"bid {number}", account=ANN) for number in range(50)))
    rig.hear(buy("one more"))

    assert rig.rows("select first_sequence, last_sequence from journal order by first_sequence") == [(1, 50), (51, 51)]


def test_tables_that_contradict_each_other_stop_the_symbol(rig: Rig, build: Callable[..., Rig]) -> None:
    """Corrupt data is worse than no data: an order is set aside, not matched against a crossed book."""
    rig.hear(buy("bid", at=99), sell("ask", at=101))
    with rig.database.transaction() as transaction:
        transaction.execute("update orders set price = 102 where side = 'buy'")

    build().hear(buy("taker", at=101))

    assert rig.dead_letters() == 1
    assert rig.told(TradeExecuted) == []
    with pytest.raises(ValueError, match="cross"):
        Book(resting=rig.open_orders(), sequence=2)
