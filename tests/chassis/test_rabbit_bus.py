"""The bus on RabbitMQ keeps the promises of every bus, and keeps them when the broker or a consumer dies."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import pytest

from chassis.bus import SHARDS, BusUnavailable, Message
from chassis.rabbit_bus import DELIVERY_LIMIT, RabbitBus
from chassis.rabbit_bus.topology import DEAD_LETTERS
from tests.chassis.builders import PATIENCE_S, Heard, eventually, message, opened
from tests.chassis.bus_conformance import BusConformance
from tests.servers.rabbitmq import RabbitMQ, letters

LEDGER = {"ledger": ["accounts"]}
OpenBus = Callable[..., RabbitBus]


@pytest.fixture
def url(rabbitmq: RabbitMQ) -> str:
    return rabbitmq.fresh_url()


@pytest.fixture
def open_bus(url: str) -> Iterator[OpenBus]:
    """Opens the bus as one more process would."""
    buses: list[RabbitBus] = []

    def make(groups=LEDGER, delivery_limit=DELIVERY_LIMIT, query="") -> RabbitBus:
        buses.append(RabbitBus(url + query, groups, delivery_limit))
        return buses[-1]

    yield make
    for bus in buses:
        bus.close()


@pytest.fixture
def bus(open_bus: OpenBus) -> RabbitBus:
    return open_bus({})


class TestRabbitBus(BusConformance):
    """All promises of a bus."""


def told(number: int, key: str = "one account") -> list[Message]:
    return [message(opened(f"{each}"), key=key) for each in range(number)]


def tell(bus: RabbitBus, messages: Sequence[Message]) -> None:
    """As a relay does: offer it until the bus takes it."""
    deadline_s = time.monotonic() + PATIENCE_S
    while True:
        try:
            return bus.publish(messages)
        except BusUnavailable:
            assert time.monotonic() < deadline_s, "the bus does not come back"


def first_heard(messages: Sequence[Message]) -> list[str]:
    """What a group acts on: the inbox skips repeats."""
    return list(dict.fromkeys(each.id for each in messages))


def test_what_is_told_before_a_group_first_starts_waits_for_it(open_bus):
    early, ledger = told(3), Heard()
    open_bus().publish(early)

    open_bus().subscribe("ledger", ["accounts"], ledger.receive)

    assert ledger.wait_for(3) == early


def test_nothing_queued_is_lost_when_the_broker_dies_and_nobody_needs_a_hand(rabbitmq, open_bus):
    ledger, arrived, go_on, bus = Heard(), threading.Event(), threading.Event(), open_bus()

    def receive(messages):
        ledger.receive(messages)
        arrived.set()
        assert go_on.wait(PATIENCE_S)

    before, after = told(500), told(20)
    bus.subscribe("ledger", ["accounts"], receive)
    bus.publish(before)
    assert arrived.wait(PATIENCE_S)

    rabbitmq.kill()
    rabbitmq.start()
    go_on.set()
    tell(bus, after)

    expected = [each.id for each in before + after]
    eventually(lambda: len(first_heard(ledger.messages)) == len(expected))
    assert first_heard(ledger.messages) == expected


def test_a_dead_broker_is_told_apart_promptly_and_a_live_one_is_found_again(rabbitmq, open_bus, metrics):
    bus = open_bus()
    metrics.watch_broker(bus.is_connected)
    bus.publish(told(1))
    assert metrics.registry.get_sample_value("broker_connected") == 1

    rabbitmq.kill()
    eventually(lambda: metrics.registry.get_sample_value("broker_connected") == 0)
    started_s = time.monotonic()
    with pytest.raises(BusUnavailable):
        bus.publish(told(1))
    refused_after_s = time.monotonic() - started_s
    rabbitmq.start()

    assert refused_after_s < 2
    tell(bus, told(1))


def test_a_broker_that_dies_in_the_middle_of_a_flood_loses_nothing_it_answered_for(rabbitmq, open_bus):
    ledger, bus = Heard(), open_bus()
    bus.subscribe("ledger", ["accounts"], ledger.receive)
    flood = [told(100, key=f"account {number}") for number in range(60)]

    def publish():
        for batch in flood:
            tell(bus, batch)

    publisher = threading.Thread(target=publish)
    publisher.start()
    ledger.wait_for(500)
    rabbitmq.kill()
    rabbitmq.start()
    publisher.join(3 * PATIENCE_S)

    expected: dict[int, list[str]] = {shard: [] for shard in range(SHARDS)}
    for each in itertools.chain(*flood):
        expected[each.shard].append(each.id)
    eventually(lambda: len(first_heard(ledger.messages)) == 6_000)
    for shard, ids in expected.items():
        assert first_heard([each for each in ledger.messages if each.shard == shard]) == ids


def test_a_consumer_killed_in_the_middle_leaves_its_batch_to_the_next_in_order(url, open_bus):
    ledger, bus, messages = Heard(), open_bus(), told(50)
    bus.publish(messages)

    dying = multiprocessing.get_context("spawn").Process(target=_die_in_the_middle, args=(url,))
    dying.start()
    dying.join(PATIENCE_S)
    bus.subscribe("ledger", ["accounts"], ledger.receive)

    assert dying.exitcode == 9
    assert ledger.wait_for(50) == messages


def _die_in_the_middle(url: str) -> None:
    RabbitBus(url, LEDGER).subscribe("ledger", ["accounts"], lambda _: os._exit(9))
    threading.Event().wait(PATIENCE_S)


def test_of_two_consumers_of_a_shard_one_is_active_and_the_other_takes_over(open_bus):
    first, second, messages = Heard(), Heard(), told(40)
    active, waiting, publisher = open_bus(), open_bus(), open_bus()
    active.subscribe("ledger", ["accounts"], first.receive)
    waiting.subscribe("ledger", ["accounts"], second.receive)

    for each in messages[:20]:
        publisher.publish([each])
    first.wait_for(20)
    active.close()
    publisher.publish(messages[20:])

    assert second.wait_for(20) == messages[20:]
    assert first.messages == messages[:20]


def test_a_message_that_nobody_can_bear_becomes_a_dead_letter_and_its_neighbours_are_heard(url, open_bus):
    ledger, bus, messages = Heard(), open_bus(delivery_limit=4), told(30)
    poison = messages[11]
    tried = []

    def receive(batch):
        if poison in batch:
            tried.append(len(batch))
            raise ValueError("nobody can bear this")
        ledger.receive(batch)

    bus.publish(messages)
    bus.subscribe("ledger", ["accounts"], receive)

    assert ledger.wait_for(29) == [each for each in messages if each is not poison]
    eventually(lambda: len(letters(url, DEAD_LETTERS)) == 1)
    [(body, properties)] = letters(url, DEAD_LETTERS)
    assert (body, properties.message_id, properties.type) == (poison.body, poison.id, f"accounts.{poison.shard}")
    [death] = properties.headers["x-death"]
    assert (death["queue"], death["reason"]) == (f"ledger.{poison.shard}", "delivery_limit")
    assert tried[1:] == [1] * (len(tried) - 1)


def test_a_message_that_kills_its_consumer_becomes_a_dead_letter_and_its_neighbours_are_heard(url, open_bus):
    """A kill counts against every message that was ahead; only the one to blame may come to the limit."""
    ledger, bus, messages = Heard(), open_bus(delivery_limit=12), told(30)
    bus.publish(messages)
    ends = []

    def receive(batch):
        if messages[5] in batch:
            ends.append(batch)
            raise BusUnavailable("the process ends here")
        ledger.receive(batch)

    def ended_or_buried(number):
        return len(ends) > number or len(letters(url, DEAD_LETTERS)) == 1

    for number in range(12):
        process = open_bus(delivery_limit=12)
        process.subscribe("ledger", ["accounts"], receive)
        eventually(partial(ended_or_buried, number))
        process.close()
    bus.subscribe("ledger", ["accounts"], ledger.receive)

    eventually(lambda: len(first_heard(ledger.messages)) == 29)
    assert first_heard(ledger.messages) == [each.id for each in messages if each is not messages[5]]
    assert [properties.message_id for _, properties in letters(url, DEAD_LETTERS)] == [messages[5].id]


def test_a_lane_in_trouble_reads_ahead_again_when_the_trouble_is_over(open_bus):
    ledger, bus, troubles = Heard(), open_bus(), [ValueError("for a moment")]

    def receive(batch):
        if troubles:
            raise troubles.pop()
        ledger.receive(batch)

    bus.subscribe("ledger", ["accounts"], receive)
    bus.publish(told(10))
    ledger.wait_for(10)
    bus.publish(told(300))

    ledger.wait_for(310)
    assert max(ledger.deliveries[10:]) > 1


def test_heartbeats_are_answered_during_a_long_batch(open_bus):
    ledger, bus, messages = Heard(), open_bus(query="?heartbeat=1"), told(2)
    unhurried = threading.Event()

    def receive(batch):
        if not ledger.messages:
            unhurried.wait(4)  # the broker hangs up after two missed heartbeats
        ledger.receive(batch)

    bus.subscribe("ledger", ["accounts"], receive)
    bus.publish(messages[:1])
    ledger.wait_for(1)
    bus.publish(messages[1:])

    assert ledger.wait_for(2) == messages


def test_closing_finishes_the_batch_under_way_and_acknowledges_it(open_bus):
    first, second, messages = Heard(), Heard(), told(20)
    arrived, go_on, bus = threading.Event(), threading.Event(), open_bus()

    def receive(batch):
        arrived.set()
        assert go_on.wait(PATIENCE_S)
        first.receive(batch)

    bus.subscribe("ledger", ["accounts"], receive)
    bus.publish(messages)
    assert arrived.wait(PATIENCE_S)
    closer = threading.Thread(target=bus.close)
    closer.start()
    go_on.set()
    closer.join(PATIENCE_S)
    open_bus().subscribe("ledger", ["accounts"], second.receive)

    second.wait_for(20 - len(first.messages))
    assert first.messages + second.messages == messages


def test_confirms_are_pipelined(open_bus):
    ledger, bus = Heard(), open_bus()
    bus.subscribe("ledger", ["accounts"], ledger.receive)
    batches = [[message(opened(f"{n}"), key=f"account {n}") for n in range(500)] for _ in range(10)]

    started_s = time.monotonic()
    for batch in batches:
        bus.publish(batch)
    published_s = time.monotonic() - started_s
    ledger.wait_for(5_000)
    heard_s = time.monotonic() - started_s

    print(f"\nmessages/s: {5_000 / published_s:,.0f} confirmed, {5_000 / heard_s:,.0f} confirmed and acknowledged")
    assert published_s < PATIENCE_S / 2, "slower than confirms awaited one by one"
