"""What is sent so that a book goes through the steps of a recorded one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from contracts.orders import Side
from loadtest.lobster import DELETED, EXECUTED, NEW, REDUCED, Message, Visible, read_messages, rows
from loadtest.mirror import Action, Cancel, Mirror, Place, Shrink, Take
from tests.loadtest.recordings import NaiveExchange, Step, Street

SHARED = Path(os.environ.get("SHARED", "../shared")) / "data" / "lobster"
BUY, SELL = Side.BUY, Side.SELL
NOTHING = Message(5, 0, 1, 100, BUY)


def book(bids: Sequence[tuple[int, int]] = (), asks: Sequence[tuple[int, int]] = (), depth: int = 2) -> Visible:
    return Visible(depth, tuple(bids), tuple(asks))


def actions_of(*steps: Step) -> list[list[Action]]:
    mirror = Mirror([message for message, _ in steps])
    return [mirror.step(message, after) for message, after in steps]


def differences(steps: Iterable[Step], mirror: Mirror, exchange: NaiveExchange) -> list[int]:
    wrong: list[int] = []
    for row, (message, after) in enumerate(steps, 1):
        for action in mirror.step(message, after):
            exchange.do(action)
        if exchange.depth(after.depth) != (after.bids, after.asks):
            wrong.append(row)
    return wrong


def test_the_first_row_is_built_as_it_is_shown():
    assert actions_of((NOTHING, book(bids=[(100, 5)], asks=[(102, 7), (103, 1)]))) == [
        [Place(1, BUY, 100, 5), Place(2, SELL, 102, 7), Place(3, SELL, 103, 1)]
    ]


def test_a_new_order_is_placed_once():
    sent = actions_of((NOTHING, book(bids=[(100, 5)])), (Message(NEW, 9, 3, 101, BUY), book(bids=[(101, 3), (100, 5)])))

    assert sent[1] == [Place(2, BUY, 101, 3)]


def test_a_hidden_execution_a_cross_and_a_halt_are_not_sent():
    still = book(bids=[(100, 5)])

    sent = actions_of((NOTHING, still), *[(Message(kind, 0, 7, 100, BUY), still) for kind in (5, 6, 7)])

    assert sent[1:] == [[], [], []]


def test_an_execution_is_a_taker_of_the_other_side():
    sent = actions_of((NOTHING, book(bids=[(100, 5)])), (Message(EXECUTED, 8, 2, 100, BUY), book(bids=[(100, 3)])))

    assert sent[1] == [Take(SELL, 100, 2)]


def test_a_partial_cancel_keeps_the_place_and_counts_what_has_filled():
    sent = actions_of(
        (NOTHING, book(asks=[(100, 50)])),
        (Message(EXECUTED, 8, 20, 100, SELL), book(asks=[(100, 30)])),
        (Message(REDUCED, 8, 10, 100, SELL), book(asks=[(100, 20)])),
        (Message(DELETED, 8, 20, 100, SELL), book()),
    )

    assert sent[1:] == [[Take(BUY, 100, 20)], [Shrink(1, 40)], [Cancel(1)]]


def test_orders_that_were_there_before_are_placed_in_the_order_of_their_ids():
    sent = actions_of(
        (NOTHING, book(bids=[(100, 60)])),
        (Message(EXECUTED, 3, 10, 100, BUY), book(bids=[(100, 50)])),
        (Message(DELETED, 7, 20, 100, BUY), book(bids=[(100, 30)])),
    )

    assert sent == [
        [Place(1, BUY, 100, 10), Place(2, BUY, 100, 20), Place(3, BUY, 100, 30)],
        [Take(SELL, 100, 10)],
        [Cancel(2)],
    ]


def test_an_order_that_is_still_to_come_is_not_placed_early():
    sent = actions_of(
        (NOTHING, book(bids=[(100, 60)])),
        (Message(NEW, 9, 5, 100, BUY), book(bids=[(100, 65)])),
        (Message(DELETED, 9, 5, 100, BUY), book(bids=[(100, 60)])),
    )

    assert sent == [[Place(1, BUY, 100, 60)], [Place(2, BUY, 100, 5)], [Cancel(2)]]


def test_a_level_that_comes_into_sight_is_brought_to_its_size():
    sent = actions_of(
        (NOTHING, book(asks=[(101, 1), (102, 2)])),
        (Message(EXECUTED, 1, 1, 101, SELL), book(asks=[(102, 2), (103, 9)])),
    )

    assert sent[1] == [Take(BUY, 101, 1), Place(3, SELL, 103, 9)]


def test_a_level_out_of_sight_is_left_alone_until_it_would_be_seen_again():
    sent = actions_of(
        (NOTHING, book(asks=[(101, 1), (103, 3)])),
        (Message(NEW, 5, 2, 102, SELL), book(asks=[(101, 1), (102, 2)])),
        (Message(DELETED, 5, 2, 102, SELL), book(asks=[(101, 1), (104, 4)])),
    )

    assert sent[1] == [Place(3, SELL, 102, 2)]
    assert sent[2] == [Cancel(3), Cancel(2), Place(4, SELL, 104, 4)]


def test_a_level_that_shrank_out_of_sight_loses_first_what_is_not_heard_of_again():
    sent = actions_of(
        (NOTHING, book(bids=[(102, 1), (100, 10)])),
        (Message(NEW, 5, 7, 100, BUY), book(bids=[(102, 1), (100, 17)])),
        (Message(NEW, 6, 2, 101, BUY), book(bids=[(102, 1), (101, 2)])),
        (Message(DELETED, 6, 2, 101, BUY), book(bids=[(102, 1), (100, 8)])),
        (Message(DELETED, 5, 7, 100, BUY), book(bids=[(102, 1), (100, 1)])),
    )

    assert sent[3] == [Cancel(4), Shrink(2, 1)]
    assert sent[4] == [Cancel(3)]


def test_with_fewer_levels_than_could_be_seen_nothing_else_stands():
    sent = actions_of(
        (NOTHING, book(bids=[(101, 1), (100, 2)])),
        (Message(NEW, 5, 3, 102, BUY), book(bids=[(102, 3), (101, 1)])),
        (Message(DELETED, 5, 3, 102, BUY), book(bids=[(101, 1)])),
    )

    assert sent[0] == [Place(1, BUY, 101, 1), Place(2, BUY, 100, 2)]
    assert sent[2] == [Cancel(3), Cancel(2)]


def test_a_level_in_sight_is_never_mended():
    sent = actions_of(
        (NOTHING, book(bids=[(100, 5)])),
        (Message(NEW, 5, 3, 100, BUY), book(bids=[(100, 99)])),
        (NOTHING, book(bids=[(100, 77)])),
    )

    assert sent[1:] == [[Place(2, BUY, 100, 3)], []]


@pytest.mark.parametrize("depth", [1, 2, 5, 30])
@pytest.mark.parametrize("seed", range(5))
def test_any_recording_is_followed_row_by_row(seed: int, depth: int):
    steps = Street(seed, depth).recording(400)
    mirror, exchange = Mirror([message for message, _ in steps]), NaiveExchange()

    assert differences(steps, mirror, exchange) == []

    assert mirror.executions > 20
    assert exchange.trades >= mirror.executions


def test_with_everything_in_sight_the_makers_are_those_of_the_recording():
    steps = Street(seed=3, depth=200).recording(600)
    mirror = Mirror([message for message, _ in steps])

    assert differences(steps, mirror, NaiveExchange()) == []

    assert mirror.makers_as_recorded == mirror.executions > 50


@pytest.mark.skipif(not SHARED.is_dir(), reason="the recorded order flow (SHARED=folder) is not on this machine")
@pytest.mark.parametrize(
    "messages", sorted(SHARED.glob("*_message_*")), ids=lambda path: path.name[:4] + path.name[40:]
)
def test_real_order_flow_is_followed_row_by_row(messages: Path):
    recording = read_messages(messages)
    books = messages.with_name(messages.name.replace("message", "orderbook"))

    assert differences(rows(recording, books, 4_000), Mirror(recording), NaiveExchange()) == []
