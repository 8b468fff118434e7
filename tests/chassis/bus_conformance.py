"""What every bus promises, as one suite: a bus passes it or is none."""

from __future__ import annotations

import threading

import pytest

from chassis.bus import SHARDS, Bus, BusUnavailable, Message
from tests.chassis.builders import PATIENCE_S, Heard, message, opened


class BusConformance:
    """Subclasses bring a fixture `bus`: a bus of its own for every test, closed after it."""

    def test_a_message_reaches_every_group_that_hears_its_stream(self, bus: Bus):
        ledger, archive = Heard(), Heard()
        bus.subscribe("ledger", ["accounts"], ledger.receive)
        bus.subscribe("archive", ["accounts", "market"], archive.receive)
        told = message(opened("alice"))

        bus.publish([told])

        assert ledger.wait_for(1) == [told]
        assert archive.wait_for(1) == [told]

    def test_a_group_hears_nothing_of_other_streams(self, bus: Bus):
        ledger = Heard()
        bus.subscribe("ledger", ["accounts"], ledger.receive)
        heard = message(opened("alice"))

        bus.publish([message(opened("nobody"), stream="market"), heard])

        assert ledger.wait_for(1) == [heard]

    def test_a_stream_that_nobody_hears_holds_nobody_up(self, bus: Bus):
        bus.publish([message(opened("alice"), stream="accounts")])

    def test_what_arrives_is_what_was_sent(self, bus: Bus):
        ledger = Heard()
        bus.subscribe("ledger", ["accounts"], ledger.receive)
        told = Message("01900000-0000-7000-8000-000000000001", "accounts", 7, bytes(range(256)) * 1_000)

        bus.publish([told])

        assert ledger.wait_for(1) == [told]

    def test_messages_of_a_shard_arrive_in_the_order_they_were_told(self, bus: Bus):
        ledger = Heard()
        bus.subscribe("ledger", ["accounts", "market"], ledger.receive)
        told = [
            message(opened(f"{number}"), stream=stream, key=f"account {number % 20}")
            for number in range(600)
            for stream in ("accounts", "market")
        ]

        for start in range(0, len(told), 100):
            bus.publish(told[start : start + 100])

        heard = ledger.wait_for(len(told))
        assert len(heard) == len(told)
        for stream in ("accounts", "market"):
            for shard in range(SHARDS):
                assert _of(heard, stream, shard) == _of(told, stream, shard)

    def test_a_slow_group_does_not_keep_a_message_from_the_others(self, bus: Bus):
        quick, go_on = Heard(), threading.Event()
        bus.subscribe("slow", ["accounts"], lambda _: _wait(go_on))
        bus.subscribe("quick", ["accounts"], quick.receive)
        publisher = threading.Thread(target=bus.publish, args=([message(opened("alice"))],))

        publisher.start()

        quick.wait_for(1)
        go_on.set()
        publisher.join(PATIENCE_S)
        assert not publisher.is_alive()

    def test_what_waits_is_handed_over_together(self, bus: Bus):
        ledger, arrived, go_on = Heard(), threading.Event(), threading.Event()

        def receive(messages):
            arrived.set()
            _wait(go_on)
            ledger.receive(messages)

        bus.subscribe("ledger", ["accounts"], receive)
        publishers = [
            threading.Thread(target=bus.publish, args=([message(opened(f"{number}")) for number in range(50)],))
            for _ in range(4)
        ]
        for publisher in publishers:
            publisher.start()
        arrived.wait()
        go_on.set()

        ledger.wait_for(200)
        for publisher in publishers:
            publisher.join(PATIENCE_S)
        assert len(ledger.deliveries) < 200

    def test_publishing_nothing_is_no_trouble(self, bus: Bus):
        bus.publish([])

    def test_a_closed_bus_takes_no_messages(self, bus: Bus):
        ledger = Heard()
        bus.subscribe("ledger", ["accounts"], ledger.receive)
        bus.close()

        with pytest.raises(BusUnavailable):
            bus.publish([message(opened("alice"))])
        assert ledger.messages == []


def _of(messages: list[Message], stream: str, shard: int) -> list[str]:
    return [each.id for each in messages if (each.stream, each.shard) == (stream, shard)]


def _wait(event: threading.Event) -> None:
    assert event.wait(PATIENCE_S)
