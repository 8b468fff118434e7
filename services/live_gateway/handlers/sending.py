"""The sender: one thread that tells each client what is new as fast as that client takes it, and no faster."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import structlog

from chassis.clock import Clock
from live_gateway.domain.pending import Pending
from live_gateway.domain.pictures import Picture, instant
from live_gateway.handlers.audience import Audience, Client
from live_gateway.handlers.counts import Counts
from live_gateway.handlers.watched import Watched
from live_gateway.ports import Wire

_log = structlog.get_logger()


class Sender:
    """At most one update is on its way to a client: what happens until it is acknowledged waits, merged, for the next.

    So a slow client slows down nobody but itself, and what is kept for it is bounded.
    """

    def __init__(
        self,
        audience: Audience,
        wire: Wire,
        clock: Clock,
        counts: Counts,
        is_connected: Callable[[], bool],
        *,
        pause_s: float,
        pulse_s: float,
        ack_limit_s: float,
    ) -> None:
        self._audience = audience
        self._wire = wire
        self._clock = clock
        self._counts = counts
        self._is_connected = is_connected
        self._pause_s, self._pulse_s, self._ack_limit_s = pause_s, pulse_s, ack_limit_s
        self._is_leaving = False
        self._thread = Watched("sender", self._run, counts)

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._audience.changed:
            self._is_leaving = True
            self._audience.changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while (found := self._next()) is not None:
            client, pending = found
            if pending is None:
                self._counts.slow.inc()
                self._cut_off(client)
                continue
            try:
                self._wire.send(
                    client.sid, self._update(client, pending), partial(self._acknowledged, client, client.number)
                )
                self._counts.updates.inc()
                self._counts.merged.inc(pending.merged)
            except Exception as error:  # noqa: BLE001  # what is wrong with one line must not silence all others
                _log.warning("live_line_failed", reason=repr(error))
                self._cut_off(client)

    def _next(self) -> tuple[Client, Pending | None] | None:
        """Whoever is to be looked at now, with what it is to be told; None when it is time to leave.

        There is nothing to tell to a client that has not acknowledged the last update in time.
        """
        with self._audience.changed:
            while not self._is_leaving:
                due_s = self._audience.agenda.next_s()
                if due_s is not None and due_s <= time.monotonic():
                    return self._begin(self._audience.agenda.pop())
                self._audience.changed.wait(None if due_s is None else max(due_s - time.monotonic(), 0.0))
        return None

    def _begin(self, client: Client) -> tuple[Client, Pending | None]:
        if client.is_under_way:
            return client, None
        pending, client.pending = client.pending, Pending()
        client.number += 1
        client.is_under_way = True
        client.sent_s = time.monotonic()
        self._audience.agenda.set(client, client.sent_s + self._ack_limit_s)
        return client, pending

    def _update(self, client: Client, pending: Pending) -> Picture:
        return {
            "number": client.number,
            "at": instant(self._clock.now_us()),
            "bus_connected": self._is_connected(),
            **pending.shown(),
        }

    def _cut_off(self, client: Client) -> None:
        self._audience.leave(client.sid)
        self._wire.hang_up(client.sid)

    def _acknowledged(self, client: Client, number: int, *_: object) -> None:
        with self._audience.changed:
            if client.is_under_way and client.number == number and self._audience.find(client.sid) is client:
                client.is_under_way = False
                self._audience.agenda.strike(client)
                rest_s = self._pause_s if client.pending else self._pulse_s
                self._audience.call_up(client, client.sent_s + rest_s)
