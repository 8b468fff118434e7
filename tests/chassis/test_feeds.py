"""Both feeds keep the promises of a feed, and the one on RabbitMQ keeps them when the broker goes away."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pika  # type: ignore[import-untyped]
import pytest

from chassis.feed import Feed, LocalFeed
from chassis.local_bus import LocalBus
from chassis.rabbit_bus import RabbitBus
from chassis.rabbit_bus.feed import RabbitFeed
from tests.chassis.builders import eventually
from tests.chassis.feed_conformance import FeedConformance, Seen, told
from tests.servers.cable import Cable
from tests.servers.rabbitmq import RabbitMQ


class TestLocalFeed(FeedConformance):
    """All promises of a feed, in one process."""

    @pytest.fixture
    def bus(self) -> Iterator[LocalBus]:
        bus = LocalBus()
        yield bus
        bus.close()

    @pytest.fixture
    def open_feed(self, bus: LocalBus) -> Iterator[Callable[..., Feed]]:
        yield from _opening(lambda **bound: LocalFeed(bus, **bound))


@pytest.fixture
def url(rabbitmq: RabbitMQ) -> str:
    return rabbitmq.fresh_url()


@pytest.fixture
def bus(url: str) -> Iterator[RabbitBus]:
    bus = RabbitBus(url)
    yield bus
    bus.close()


@pytest.fixture
def open_feed(url: str) -> Iterator[Callable[..., Feed]]:
    yield from _opening(lambda **bound: RabbitFeed(url, **bound))


class TestRabbitFeed(FeedConformance):
    """All promises of a feed, on a broker."""


@pytest.fixture
def cable(url: str) -> Iterator[Cable]:
    cable = Cable(pika.URLParameters(url).port)
    yield cable
    cable.close()


def test_after_an_outage_of_the_broker_it_says_that_it_may_have_missed_something_and_goes_on(bus, url, cable):
    parameters = pika.URLParameters(url)
    feed, seen = RabbitFeed(url.replace(f":{parameters.port}/", f":{cable.port}/")), Seen()
    feed.start(["accounts"], seen.take, seen.miss)
    eventually(feed.wake)
    misses = seen.misses
    cable.pull()
    eventually(lambda: not feed.is_connected())
    bus.publish(told(5))

    cable.put_back()

    eventually(lambda: seen.misses > misses)
    assert feed.is_connected()
    messages = told(3)
    bus.publish(messages)
    assert seen.wait_for(3) == messages
    feed.close()


def test_without_a_broker_it_starts_all_the_same_and_hears_once_there_is_one(bus, url, cable):
    cable.pull()
    parameters = pika.URLParameters(url)
    feed, seen = RabbitFeed(url.replace(f":{parameters.port}/", f":{cable.port}/")), Seen()
    feed.start(["accounts"], seen.take, seen.miss)
    assert not feed.wake(0.1)
    assert not feed.is_connected()

    cable.put_back()

    eventually(lambda: seen.misses > 0)
    bus.publish(told(1))
    seen.wait_for(1)
    feed.close()


def _opening(make: Callable[..., Feed]) -> Iterator[Callable[..., Feed]]:
    feeds: list[Feed] = []

    def open_one(**bound: int) -> Feed:
        feeds.append(make(**bound))
        return feeds[-1]

    yield open_one
    for feed in feeds:
        feed.close()
