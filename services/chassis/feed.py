"""Hears what is told from now on without holding anybody up: for what is shown, never for what is booked."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

import structlog

from chassis.bus import Message
from chassis.local_bus import LocalBus

_log = structlog.get_logger()

LARGEST = 10_000
"""Messages that may wait in a feed; beyond that the oldest are let go and `missed` is told."""

WAKE_LIMIT_S = 5.0

Take = Callable[[Message], None]


class Feed(Protocol):
    """Every message of some streams, as it is told: at most once, to this process alone, and only while awake."""

    def start(self, streams: Sequence[str], take: Take, missed: Callable[[], None]) -> None:
        """Get ready, asleep. `take` gets one message at a time, in the order they were told; one it fails at is missed.

        `missed` is called whenever something may have been missed, once everything told from then on is heard.
        """

    def wake(self, limit_s: float = WAKE_LIMIT_S) -> bool:
        """Hear from now on; return once it does, or False if it does not yet."""

    def rest(self) -> None:
        """Hear nothing until woken, at no cost to anybody."""

    def is_connected(self) -> bool:
        """Whether what is told now would be heard."""

    def close(self) -> None: ...


class LocalFeed:
    """Feed on the bus within a process. A publisher only puts its messages down; a thread of the feed's own reads."""

    def __init__(self, bus: LocalBus, largest: int = LARGEST) -> None:
        self._bus = bus
        self._largest = largest
        self._changed = threading.Condition()
        self._arrived: deque[Message] = deque()
        self._has_missed = False
        self._is_awake = False
        self._is_closing = False
        self._thread = threading.Thread(target=self._run, name="feed", daemon=True)

    def start(self, streams: Sequence[str], take: Take, missed: Callable[[], None]) -> None:
        self._streams = frozenset(streams)
        self._take, self._missed = take, missed
        self._bus.overhear(self._hear)
        self._thread.start()

    def wake(self, limit_s: float = WAKE_LIMIT_S) -> bool:
        with self._changed:
            self._is_awake = True
        return True

    def rest(self) -> None:
        with self._changed:
            self._is_awake = False
            self._arrived.clear()

    def is_connected(self) -> bool:
        return not self._is_closing

    def close(self) -> None:
        with self._changed:
            self._is_closing = True
            self._is_awake = False
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join()

    def _hear(self, messages: Sequence[Message]) -> None:
        if not self._is_awake:
            return
        with self._changed:
            self._arrived.extend(message for message in messages if message.stream in self._streams)
            if len(self._arrived) > self._largest:
                self._arrived.clear()
                self._has_missed = True
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not (self._arrived or self._has_missed or self._is_closing):
                    self._changed.wait()
                if self._is_closing:
                    return
                arrived, self._arrived = self._arrived, deque()
                has_missed, self._has_missed = self._has_missed, False
            if has_missed:
                self._missed()
            for message in arrived:
                self._take_one(message)

    def _take_one(self, message: Message) -> None:
        try:
            self._take(message)
        except Exception:  # noqa: BLE001  # one message nobody can read must not end the feed
            _log.exception("feed_message_failed", message_id=message.id)
            self._missed()
