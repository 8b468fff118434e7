"""The bus inside one process: a message counts as delivered when every group that hears it has committed."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from chassis.bus import BusUnavailable, Message, Receive

LARGEST_DELIVERY = 256
"""Messages handed to a group at once."""

_QUEUE_BOUND = 4_096
_STOP = None


@dataclass(slots=True)
class _Delivery:
    """A publisher's wait for all groups: counts down as they commit."""

    open: int
    done: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def acknowledge(self) -> None:
        with self.lock:
            self.open -= 1
            if self.open == 0:
                self.done.set()


class _Lane:
    """One group's queue and the thread that works it off in order."""

    def __init__(self, group: str, receive: Receive, closing: threading.Event) -> None:
        self._queue: queue.Queue[tuple[Message, _Delivery] | None] = queue.Queue(_QUEUE_BOUND)
        self._receive = receive
        self._closing = closing
        self._thread = threading.Thread(target=self._run, name=f"bus-{group}", daemon=True)
        self._thread.start()

    def put(self, message: Message, delivery: _Delivery) -> None:
        self._queue.put((message, delivery))

    def stop(self) -> None:
        self._queue.put(_STOP)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._queue.get()) is not _STOP and not self._closing.is_set():
            batch = [first, *self._waiting()]
            try:
                self._receive([message for message, _ in batch])
            except BusUnavailable:
                return  # told to stop; the publisher keeps what was not acknowledged
            for _, delivery in batch:
                delivery.acknowledge()

    def _waiting(self) -> list[tuple[Message, _Delivery]]:
        batch: list[tuple[Message, _Delivery]] = []
        while len(batch) < LARGEST_DELIVERY - 1:
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                break
            if item is _STOP:
                self._queue.put(_STOP)
                break
            batch.append(item)
        return batch


class LocalBus:
    """Bus for one process. One lane a group keeps every order that a broker's shards would keep."""

    def __init__(self) -> None:
        self._lanes: dict[str, _Lane] = {}
        self._hearers: dict[str, list[_Lane]] = {}
        self._overhearing: list[Callable[[Sequence[Message]], None]] = []
        self._closing = threading.Event()

    def subscribe(self, group: str, streams: Sequence[str], receive: Receive) -> None:
        lane = self._lanes[group] = _Lane(group, receive, self._closing)
        for stream in streams:
            self._hearers.setdefault(stream, []).append(lane)

    def overhear(self, hear: Callable[[Sequence[Message]], None]) -> None:
        """Show `hear` all messages as they are told, before any group acts on them; it must neither block nor raise."""
        self._overhearing.append(hear)

    def publish(self, messages: Sequence[Message]) -> None:
        for hear in self._overhearing:
            hear(messages)
        addressed = [(message, lane) for message in messages for lane in self._hearers.get(message.stream, ())]
        if not addressed:
            return
        delivery = _Delivery(len(addressed))
        for message, lane in addressed:
            lane.put(message, delivery)
        while not delivery.done.wait(0.5):
            if self._closing.is_set():
                raise BusUnavailable("the bus is closing")

    def close(self) -> None:
        self._closing.set()
        for lane in self._lanes.values():
            lane.stop()
