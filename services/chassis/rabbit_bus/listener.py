"""Listens for one consumer group: gathers what its shard queues deliver, hands it over, then acknowledges."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from functools import partial
from typing import Any

import structlog

from chassis.bus import SHARDS, BusUnavailable, Message, Receive
from chassis.pace import Pace
from chassis.rabbit_bus.connection import Connection
from chassis.rabbit_bus.lane import Delivery, Lane
from chassis.rabbit_bus.topology import declare, queue_of

_log = structlog.get_logger()

LARGEST_DELIVERY = 256
"""Messages handed to a group at once."""

_DECLARE_PATIENCE_S = 5.0


class Listener:
    """One connection for the queues, one worker for the messages; the one never waits for the other."""

    def __init__(
        self, url: str, group: str, streams: Sequence[str], receive: Receive, delivery_limit: int, gather_s: float
    ) -> None:
        self._groups = {group: tuple(streams)}
        self._group = group
        self._receive = receive
        self._delivery_limit = delivery_limit
        self._pace = Pace(gather_s)
        self._declared = threading.Event()
        self._changed = threading.Condition()
        self._arrived: deque[Delivery] = deque()
        self._leaving = False
        self._connection = Connection(url, group, self._opened, self._lost)
        self._lanes = [Lane(queue_of(group, shard), self._connection, self._take) for shard in range(SHARDS)]
        self._worker = threading.Thread(target=self._work, name=f"bus-{group}", daemon=True)

    def start(self) -> None:
        """Return once the broker keeps messages for the group, or after a while without a broker."""
        self._connection.start()
        self._worker.start()
        if not self._declared.wait(_DECLARE_PATIENCE_S):
            _log.warning("listens_later", group=self._group, reason="the broker does not answer yet")

    def close(self) -> None:
        """Finish the batch under way, acknowledge it, leave the rest to the broker."""
        with self._changed:
            self._leaving = True
            self._changed.notify()
        self._pace.hurry()
        self._worker.join()
        self._connection.close()

    def _opened(self, connection: Any) -> None:
        def listen() -> None:
            self._declared.set()
            for lane in self._lanes:
                lane.open(connection)

        def prepare(channel: Any) -> None:
            channel.add_on_close_callback(lambda *_: self._connection.drop())
            declare(channel, self._groups, self._delivery_limit, listen)

        connection.channel(on_open_callback=prepare)

    def _lost(self) -> None:
        with self._changed:
            self._arrived.clear()
        for lane in self._lanes:
            lane.channel = None

    def _take(self, delivery: Delivery) -> None:
        with self._changed:
            self._arrived.append(delivery)
            self._changed.notify()

    def _work(self) -> None:
        while batch := self._next_batch():
            messages = [delivery.message for delivery in batch]
            try:
                with self._pace.round() as work:
                    work.took_up(messages)
                    self._receive(messages)
            except BusUnavailable:
                return  # told to stop; the broker keeps what was not acknowledged
            except Exception as error:  # noqa: BLE001  # whatever it is, the broker counts it and sets it aside
                self._give_back(batch, messages, error)
            else:
                self._connection.post(partial(_acknowledge, batch))

    def _next_batch(self) -> list[Delivery]:
        """What has arrived, in order; a message of a lane in trouble alone; nothing when it is time to leave."""
        with self._changed:
            while not (self._arrived or self._leaving):
                self._changed.wait()
        if len(self._arrived) < LARGEST_DELIVERY:
            self._pace.rest()
        with self._changed:
            while not self._leaving:
                batch: list[Delivery] = []
                while self._arrived and len(batch) < LARGEST_DELIVERY:
                    if batch and (batch[-1].alone or self._arrived[0].alone):
                        break
                    delivery = self._arrived.popleft()
                    if delivery.is_valid():
                        batch.append(delivery)
                if batch:
                    return batch
                self._changed.wait()
        return []

    def _give_back(self, batch: list[Delivery], messages: list[Message], error: Exception) -> None:
        _log.warning("batch_given_back", group=self._group, reason=repr(error), messages=len(messages))
        for delivery in {delivery.lane: delivery for delivery in batch}.values():
            channel, delivery.lane.channel = delivery.channel, None  # at once: what followed it must not overtake it
            self._connection.post(partial(delivery.lane.fail, channel))


def _acknowledge(batch: list[Delivery]) -> None:
    """A lane's deliveries are worked off in their order, so the last one answers for all."""
    for delivery in {delivery.lane: delivery for delivery in batch}.values():
        delivery.lane.acknowledge(delivery)
