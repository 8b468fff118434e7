"""Who holds a lock, or has handled a message, and is heard of no more stops nobody for long."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg
import pytest

from chassis.bus import Message
from chassis.clock import FixedClock
from chassis.connections import connection_options
from chassis.database import Database
from chassis.local_bus import LocalBus
from chassis.metrics import Metrics
from chassis.rabbit_bus import RabbitBus
from chassis.relay import Relay
from tests.chassis.builders import Heard, count, eventually, message, opened
from tests.chassis.test_delivery import announce, running
from tests.servers.rabbitmq import RabbitMQ

TAKEN_OVER_WITHIN_S = 15.0


def relay_on(url: str) -> None:
    database = Database(url, FixedClock(), connections=2)
    database.open()
    Relay("accounts", database, LocalBus(), Metrics()).run()


@contextmanager
def another_relay(url: str) -> Iterator[int]:
    process = multiprocessing.get_context("spawn").Process(target=relay_on, args=(url,))
    process.start()
    try:
        assert process.pid is not None
        yield process.pid
    finally:
        process.kill()
        process.join()


def test_the_lock_of_a_frozen_relay_is_the_next_ones_within_seconds(
    database: Database, chassis_database: str, metrics: Metrics
) -> None:
    with another_relay(chassis_database) as pid:
        announce(database, "alice")
        eventually(lambda: count(database, "outbox") == 0)  # it has the lock
        os.kill(pid, signal.SIGSTOP)
        announce(database, "bob")
        frozen_s = time.monotonic()
        with running(Relay("accounts", database, LocalBus(), metrics)):
            eventually(lambda: count(database, "outbox") == 0)

    assert time.monotonic() - frozen_s < TAKEN_OVER_WITHIN_S


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("tcp_keepalives_idle", "5"),
        ("tcp_keepalives_interval", "5"),
        ("tcp_keepalives_count", "2"),
        ("tcp_user_timeout", "15000"),
    ],
)
def test_the_server_notices_a_machine_of_ours_that_is_gone(chassis_database: str, setting: str, value: str) -> None:
    query = "select reset_val from pg_settings where name = %s"  # what it is over TCP; a socket file has no machine
    with psycopg.connect(**connection_options(chassis_database)) as connection:
        assert connection.execute(query, (setting,)).fetchone() == (value,)


def test_what_was_handled_is_not_delivered_again_when_what_followed_it_fails_at_once(rabbitmq: RabbitMQ) -> None:
    """The failure comes to the lane before the acknowledgement has left."""
    heard, good, bad = Heard(), message(opened("good")), message(opened("bad"))
    bus = RabbitBus(rabbitmq.fresh_url(), {"ledger": ["accounts"]})
    failed: list[Sequence[Message]] = []

    def receive(batch: Sequence[Message]) -> None:
        [listener] = bus._listeners
        if good in batch:
            heard.receive(batch)
            bus.publish([bad])
            eventually(lambda: bool(listener._arrived))
            listener._connection.post(lambda: time.sleep(0.3))
        elif not failed:
            failed.append(batch)
            raise ValueError("at once")
        else:
            heard.receive(batch)

    try:
        bus.subscribe("ledger", ["accounts"], receive)
        bus.publish([good])
        eventually(lambda: bad in heard.messages)
    finally:
        bus.close()

    assert heard.messages == [good, bad]
    assert failed
