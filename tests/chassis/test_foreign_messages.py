"""What somebody else puts into a queue of ours is set aside, and stops nobody."""

from __future__ import annotations

from collections.abc import Iterator

import pika  # type: ignore[import-untyped]
import pytest

from chassis.rabbit_bus import RabbitBus
from chassis.rabbit_bus.topology import DEAD_LETTERS, EXCHANGE, routing_key
from tests.chassis.builders import Heard, eventually, message, opened
from tests.servers.rabbitmq import RabbitMQ, letters

LEDGER = {"ledger": ["accounts"]}


@pytest.fixture
def url(rabbitmq: RabbitMQ) -> str:
    return rabbitmq.fresh_url()


@pytest.fixture
def bus(url: str) -> Iterator[RabbitBus]:
    bus = RabbitBus(url, LEDGER)
    yield bus
    bus.close()


def tell_as_a_stranger(url: str, shard: int, **properties: str) -> None:
    connection = pika.BlockingConnection(pika.URLParameters(url))
    key = routing_key("accounts", shard)
    connection.channel().basic_publish(EXCHANGE, key, b"hello", pika.BasicProperties(**properties))
    connection.close()


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"message_id": "not one of ours", "type": "accounts.0"},
        {"message_id": "01900000-0000-7000-8000-000000000001"},
        {"message_id": "01900000-0000-7000-8000-000000000001", "type": "accounts"},
        {"message_id": "01900000-0000-7000-8000-000000000001", "type": "accounts.first"},
    ],
)
def test_a_foreign_message_becomes_a_dead_letter_of_the_broker_and_the_next_one_is_heard(url, bus, properties):
    ledger, ours = Heard(), message(opened("alice"))
    bus.publish([message(opened("nobody"), stream="nothing")])  # by now the queues are there
    tell_as_a_stranger(url, ours.shard, **properties)
    bus.publish([ours])

    bus.subscribe("ledger", ["accounts"], ledger.receive)

    assert ledger.wait_for(1) == [ours]
    eventually(lambda: [body for body, _ in letters(url, DEAD_LETTERS)] == [b"hello"])
