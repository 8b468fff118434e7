"""Two replicas of order_matching forced on the same symbols at once, over a real broker: one book, no trade twice."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from typing import Any

import pytest

from chassis import outbox
from chassis.bus import Message
from chassis.rabbit_bus import RabbitBus
from contracts.facts import TradeExecuted
from contracts.ids import uuid7
from contracts.streams import Stream
from tests.chassis.builders import PATIENCE_S, eventually
from tests.order_matching.rig import NOW_US, Rig, build_rig
from tests.order_matching.test_fence import assert_one_truth, crowd
from tests.servers.rabbitmq import RabbitMQ

GROUPS = {"left": ("left", *Stream), "right": ("right", *Stream)}
"""Two groups, so that the broker gives both all it has and a single active consumer of each is active."""

SEED = int(os.environ.get("REPLICAS_SEED", str(time.time_ns() % 1_000_000)))
BATCHES = 150
_START = multiprocessing.get_context("spawn")


class Replica:
    """A process of its own, with its own pool and its own pictures of the books."""

    def __init__(self, group: str, broker: str, database_url: str, go: Event) -> None:
        self.ready = _START.Event()
        self.leave = _START.Event()
        self.received = _START.Value("i", 0)
        self.handled = _START.Value("i", 0)
        told = (group, broker, database_url, go, self.ready, self.leave, self.received, self.handled)
        self.process = _START.Process(target=_live, args=told)
        self.process.start()

    def end(self) -> None:
        self.leave.set()
        self.process.join(PATIENCE_S)
        self.process.kill()
        self.process.join()


def _live(
    group: str, broker: str, database_url: str, go: Event, ready: Event, leave: Event, received: Any, handled: Any
) -> None:
    rig = build_rig(database_url)
    registry = rig.service.parts.metrics.registry

    def receive(messages: Sequence[Message]) -> None:
        rig.consumer.receive(messages)
        handled.value = int(registry.get_sample_value("facts_handled_total", {"group": "order_matching"}) or 0)
        received.value += len(messages)

    ready.set()
    go.wait(PATIENCE_S)
    bus = RabbitBus(broker, GROUPS)
    bus.subscribe(group, GROUPS[group], receive)
    leave.wait(6 * PATIENCE_S)
    bus.close()
    rig.database.close()


@contextmanager
def two_replicas(broker: str, database_url: str) -> Iterator[list[Replica]]:
    """Both listen from the same moment on, and leave when the block is done."""
    go = _START.Event()
    replicas = [Replica(group, broker, database_url, go) for group in GROUPS]
    try:
        for replica in replicas:
            assert replica.ready.wait(PATIENCE_S), "a replica does not start"
        go.set()
        yield replicas
    finally:
        for replica in replicas:
            replica.end()
    assert [replica.process.exitcode for replica in replicas] == [0, 0]


@pytest.fixture
def broker(rabbitmq: RabbitMQ) -> str:
    return rabbitmq.fresh_url()


@pytest.fixture
def witness(fresh_database_url: str) -> Iterator[Rig]:
    """Looks at the database that both write."""
    rig = build_rig(fresh_database_url)
    yield rig
    rig.database.close()


def as_published() -> list[Message]:
    """A crowd's orders, cancels and replacements, in the order in which the broker gets them."""
    return [message for facts in crowd(seed=SEED, batches=BATCHES) for message in outbox.pack(facts, NOW_US)]


def a_copy_for_each(messages: Sequence[Message]) -> list[Message]:
    """Messages of each replica's own, which the inbox that both share cannot tell from news."""
    return [Message(uuid7(1), group, each.shard, each.body) for each in messages for group in GROUPS]


def publish_one_by_one(broker: str, messages: Sequence[Message]) -> None:
    """So that the replicas have small batches, many of them, and each its own."""
    bus = RabbitBus(broker, GROUPS)
    for message in messages:
        bus.publish([message])
    bus.close()


def assert_traded_once(witness: Rig) -> None:
    trades = witness.told(TradeExecuted)
    assert len(trades) > 100
    assert len({(trade.symbol, trade.number) for trade in trades}) == len(trades)
    assert witness.dead_letters() == 0
    assert_one_truth(witness)


def outcome(rig: Rig) -> tuple[list[Any], list[Any]]:
    """Who traded with whom, and what stands in the book."""
    trades = [
        (trade.number, trade.price, trade.quantity, trade.maker_order_id, trade.taker_order_id)
        for trade in rig.told(TradeExecuted)
    ]
    return trades, [(order.order_id, order.remaining) for order in rig.open_orders()]


@pytest.fixture
def alone(database_url: Callable[[str], str]) -> Iterator[Rig]:
    """One replica that has heard it all by itself."""
    rig = build_rig(database_url("alone"))
    rig.consumer.receive(as_published())
    yield rig
    rig.database.close()


@pytest.mark.parametrize(
    "copies", [list, a_copy_for_each], ids=["one message for both", "messages of their own, unknown to the inbox"]
)
def test_two_replicas_that_both_get_everything_trade_as_one_would(broker, fresh_database_url, witness, alone, copies):
    print(f"\nREPLICAS_SEED={SEED}")
    messages = as_published()

    with two_replicas(broker, fresh_database_url) as replicas:
        publish_one_by_one(broker, copies(messages))
        eventually(lambda: all(replica.received.value >= len(messages) for replica in replicas))

    print("facts handled by each:", [replica.handled.value for replica in replicas])
    assert all(replica.handled.value for replica in replicas), "one of them had nothing to do: nothing was shown"
    assert_traded_once(witness)
    assert outcome(witness) == outcome(alone)
