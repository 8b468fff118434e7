"""Proves that a broker holds nothing: a mark goes through each queue, behind all that waits there."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator

import pika  # type: ignore[import-untyped]
import pika.exceptions  # type: ignore[import-untyped]
import psycopg

from chassis.bus import SHARDS
from chassis.codec import encode_facts
from chassis.rabbit_bus.topology import queue_of
from contracts.groups import GROUPS

_STREAM = "audit"
_POLL_S = 0.02
_REST_S = 0.5
_ANSWER_LIMIT_S = 5.0


class NotQuiet(Exception):
    """Facts kept travelling for as long as we were willing to wait; the text says where they stood."""


def send_marks(broker_url: str, url_of: Callable[[str], str], deadline_s: float) -> None:
    """Return when every consumer group has committed all that its queues held; NotQuiet at `deadline_s`.

    A mark is a message without facts. A queue is in order and has one consumer, which notes a message in its inbox
    in the transaction that makes it true; so a noted mark says that all before it is true. How many messages the
    broker counts would not: it does not tell us of those that a consumer holds and has not answered for.
    """
    marks = {group: [str(uuid.uuid4()) for _ in range(SHARDS)] for group in GROUPS}
    while (reason := _refusal(broker_url, marks)) is not None:  # a queue that was just made may have no leader yet
        if time.monotonic() > deadline_s:
            raise NotQuiet(
                f"The broker does not take messages ({reason!r}), so facts are still travelling."
            ) from reason
        time.sleep(_REST_S)
    while missing := list(_not_noted(url_of, marks)):
        if time.monotonic() > deadline_s:
            raise NotQuiet(
                f"Facts were still waiting at the broker for {', '.join(missing)}:"
                " stop what sends orders, look whether these services run, and run the audit again."
            )
        time.sleep(_POLL_S)


def _refusal(broker_url: str, marks: dict[str, list[str]]) -> Exception | None:
    """Why the broker did not take all marks; None if it did. To send one twice does no harm."""
    try:
        _publish(broker_url, marks)
    except (OSError, pika.exceptions.AMQPError) as error:
        return error
    return None


def _publish(broker_url: str, marks: dict[str, list[str]]) -> None:
    """Straight into each queue; an error where there is no such queue."""
    parameters = pika.URLParameters(broker_url)
    parameters.socket_timeout = parameters.stack_timeout = _ANSWER_LIMIT_S
    connection = pika.BlockingConnection(parameters)
    try:
        channel = connection.channel()
        channel.confirm_delivery()
        for group, ids in marks.items():
            for shard, mark in enumerate(ids):
                kind = pika.BasicProperties(message_id=mark, type=f"{_STREAM}.{shard}", delivery_mode=2)
                channel.basic_publish("", queue_of(group, shard), encode_facts([]), kind, mandatory=True)
    finally:
        connection.close()


def _not_noted(url_of: Callable[[str], str], marks: dict[str, list[str]]) -> Iterator[str]:
    for group, ids in marks.items():
        with psycopg.connect(url_of(group), autocommit=True) as connection:
            noted = connection.execute("select from inbox where message_id = any(%s::uuid[])", (ids,)).rowcount
        if noted < len(ids):
            yield group
