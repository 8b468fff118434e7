"""What every feed promises, as one suite: a feed passes it or is none."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from chassis.bus import Bus, Message
from chassis.feed import Feed
from tests.chassis.builders import PATIENCE_S, eventually, message, opened


class Seen:
    """Somebody who looks on."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.misses = 0

    def take(self, told: Message) -> None:
        self.messages.append(told)

    def miss(self) -> None:
        self.misses += 1

    def wait_for(self, number: int) -> list[Message]:
        eventually(lambda: len(self.messages) >= number)
        return list(self.messages)


def told(number: int, stream: str = "accounts") -> list[Message]:
    return [message(opened(f"{each}"), stream=stream) for each in range(number)]


class FeedConformance:
    """Subclasses bring `bus`, and `open_feed`, which makes one more feed on it that lets go beyond so many messages."""

    @pytest.fixture
    def feed(self, open_feed: Callable[..., Feed]) -> Feed:
        return open_feed()

    @pytest.fixture
    def seen(self, feed: Feed) -> Seen:
        seen = Seen()
        feed.start(["accounts"], seen.take, seen.miss)
        eventually(feed.is_connected)
        return seen

    def test_it_shows_what_is_told_in_its_order(self, bus: Bus, feed: Feed, seen: Seen):
        assert feed.wake()
        messages = told(300)

        bus.publish(messages)

        assert seen.wait_for(300) == messages

    def test_it_shows_nothing_of_other_streams(self, bus: Bus, feed: Feed, seen: Seen):
        feed.wake()
        [wanted] = told(1)

        bus.publish([*told(3, stream="market"), wanted])

        assert seen.wait_for(1) == [wanted]

    def test_asleep_it_shows_nothing_and_awake_only_what_is_told_then(self, bus: Bus, feed: Feed, seen: Seen):
        bus.publish(told(3))
        feed.wake()
        [first] = told(1)
        bus.publish([first])
        seen.wait_for(1)
        feed.rest()
        eventually(lambda: _is_quiet(bus, seen))
        feed.wake()
        before = len(seen.messages)
        [last] = told(1)

        bus.publish([last])

        assert seen.wait_for(before + 1)[before:] == [last]
        assert seen.messages[0] == first

    def test_every_feed_is_shown_everything(self, bus: Bus, open_feed: Callable[..., Feed]):
        seen = [Seen(), Seen()]
        for each in seen:
            feed = open_feed()
            feed.start(["accounts"], each.take, each.miss)
            eventually(feed.wake)
        messages = told(20)

        bus.publish(messages)

        assert [each.wait_for(20) for each in seen] == [messages, messages]

    def test_a_feed_that_is_not_read_holds_nobody_up_and_says_what_it_let_go(
        self, bus: Bus, open_feed: Callable[..., Feed]
    ):
        feed, seen, go_on = open_feed(largest=50), Seen(), threading.Event()

        def dawdle(each: Message) -> None:
            assert go_on.wait(PATIENCE_S)
            seen.take(each)

        feed.start(["accounts"], dawdle, seen.miss)
        eventually(feed.wake)
        misses = seen.misses
        for _ in range(10):
            bus.publish(told(100))

        go_on.set()

        eventually(lambda: seen.misses > misses)
        [newest] = told(1)
        bus.publish([newest])
        eventually(lambda: seen.messages[-1:] == [newest])
        assert len(seen.messages) < 1_000

    def test_a_message_that_cannot_be_taken_in_is_missed_and_ends_nothing(
        self, bus: Bus, open_feed: Callable[..., Feed]
    ):
        feed, seen, messages = open_feed(), Seen(), told(3)

        def take(each: Message) -> None:
            if each == messages[1]:
                raise ValueError("nobody can read this")
            seen.take(each)

        feed.start(["accounts"], take, seen.miss)
        eventually(feed.wake)
        misses = seen.misses

        bus.publish(messages)

        assert seen.wait_for(2) == [messages[0], messages[2]]
        assert seen.misses == misses + 1

    def test_closed_it_shows_nothing_more(self, bus: Bus, feed: Feed, seen: Seen):
        feed.wake()
        feed.close()

        bus.publish(told(3))

        assert not feed.is_connected()
        assert seen.messages == []


def _is_quiet(bus: Bus, seen: Seen) -> bool:
    """Whether a feed that was told to rest does so by now."""
    before = len(seen.messages)
    bus.publish(told(1))
    threading.Event().wait(0.05)
    return len(seen.messages) == before
