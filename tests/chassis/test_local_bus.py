"""The bus inside one process keeps the promises of every bus, and one more: told means heard."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from chassis.bus import BusUnavailable, shard_of
from chassis.local_bus import LocalBus
from tests.chassis.builders import PATIENCE_S, Heard, message, opened
from tests.chassis.bus_conformance import BusConformance


@pytest.fixture
def bus() -> Iterator[LocalBus]:
    bus = LocalBus()
    yield bus
    bus.close()


class TestLocalBus(BusConformance):
    """All promises of a bus."""


def test_publishing_returns_when_every_group_has_committed(bus):
    committed = []
    bus.subscribe("ledger", ["accounts"], lambda messages: committed.append("ledger"))
    bus.subscribe("archive", ["accounts"], lambda messages: committed.append("archive"))

    bus.publish([message(opened("alice"))])

    assert sorted(committed) == ["archive", "ledger"]


def test_a_group_that_is_told_to_stop_keeps_no_message(bus):
    refused = threading.Event()

    def stop(messages):
        refused.set()
        raise BusUnavailable("told to stop")

    bus.subscribe("ledger", ["accounts"], stop)
    outcome = []

    def publish():
        try:
            bus.publish([message(opened("alice"))])
        except BusUnavailable:
            outcome.append("still in the outbox")

    publisher = threading.Thread(target=publish)
    publisher.start()
    refused.wait(PATIENCE_S)
    bus.close()
    publisher.join(PATIENCE_S)

    assert outcome == ["still in the outbox"]


def test_closing_waits_for_the_batch_under_way(bus):
    ledger, arrived, go_on = Heard(), threading.Event(), threading.Event()

    def receive(messages):
        arrived.set()
        go_on.wait(PATIENCE_S)
        ledger.receive(messages)

    bus.subscribe("ledger", ["accounts"], receive)
    publisher = threading.Thread(target=bus.publish, args=([message(opened("alice"))],))
    publisher.start()
    arrived.wait(PATIENCE_S)
    closer = threading.Thread(target=bus.close)
    closer.start()
    go_on.set()
    closer.join(PATIENCE_S)
    publisher.join(PATIENCE_S)

    assert len(ledger.messages) == 1


def test_a_key_keeps_its_shard_for_ever():
    assert [shard_of(key) for key in ("AAPL", "MSFT", "", "ü")] == [4, 3, 0, 5]
