"""What the broker itself set aside: messages that no delivery was answered for, and those that are none of ours."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pika  # type: ignore[import-untyped]
import pika.exceptions  # type: ignore[import-untyped]

from chassis.codec import split_facts
from chassis.rabbit_bus import DEAD_LETTERS

FOREIGN = "rejected"
"""The broker's word for how a message ended that no consumer could take for one of ours."""

_ENDS = {
    "delivery_limit": "given to a consumer of {queue} until its deliveries were used up; none of them answered for it",
    FOREIGN: "not a message of the exchange, and refused in {queue}",
}
_BY_HAND = "put there by hand: it never was in another queue"
_ANSWER_LIMIT_S = 5.0


class BrokerAway(Exception):
    """The broker could not be asked; the text says why."""


@dataclass(frozen=True, slots=True)
class BrokerLetter:
    """A message in the broker's dead letters. `number` is its place there, the one that died first being 1.

    `queue` is where it waited before, and `end` the broker's word for how it ended; both are empty when somebody put
    it there by hand.
    """

    number: int
    queue: str
    end: str
    died_at: datetime
    message_id: str
    body: bytes

    @property
    def reason(self) -> str:
        """A sentence for people."""
        return _ENDS.get(self.end, f"{self.end} in {{queue}}").format(queue=self.queue) if self.queue else _BY_HAND

    @property
    def fact_name(self) -> str:
        """The names of its facts, each once."""
        try:
            return ", ".join(dict.fromkeys(name for name, _ in split_facts(self.body))) or "no facts"
        except ValueError:
            return "unreadable"


def broker_letters(url: str) -> list[BrokerLetter]:
    """What waits there, in the order in which it died; it stays there. BrokerAway if the broker does not answer."""
    with _held(url) as (_, held):
        return [letter for letter, _, _ in held]


def return_to_queues(url: str, numbers: Collection[int]) -> Iterator[int]:
    """Put letters back at the end of the queue they came from; yields the number of each as soon as it is there.

    A letter goes when its queue has it, so that nothing is lost if the two are torn apart; what is then there twice
    counts once, for every service notes what it has heard. One whose queue is unknown, or gone, stays where it is.
    BrokerAway if the broker does not answer.
    """
    with _held(url) as (channel, held):
        channel.confirm_delivery()
        for letter, tag, properties in held:
            if letter.number in numbers and letter.queue and _is_back(channel, letter, properties):
                channel.basic_ack(tag)
                yield letter.number


def _is_back(channel: Any, letter: BrokerLetter, properties: Any) -> bool:
    properties.headers = None  # all of them are the broker's own, about its death
    properties.delivery_mode = 2
    try:
        channel.basic_publish("", letter.queue, letter.body, properties, mandatory=True)
    except pika.exceptions.UnroutableError:
        return False
    return True


@contextmanager
def _held(url: str) -> Iterator[tuple[Any, list[tuple[BrokerLetter, int, Any]]]]:
    """Everything that waits, each with its delivery tag and properties; what is not acknowledged returns at the end."""
    parameters = pika.URLParameters(url)
    parameters.socket_timeout = parameters.stack_timeout = parameters.blocked_connection_timeout = _ANSWER_LIMIT_S
    try:
        connection = pika.BlockingConnection(parameters)
        try:
            channel = connection.channel()
            yield channel, _in_order(channel)
        finally:
            if connection.is_open:
                connection.close()
    except (OSError, pika.exceptions.AMQPError) as error:
        raise BrokerAway(f"{parameters.host}:{parameters.port}: {error!r}") from error


def _in_order(channel: Any) -> list[tuple[BrokerLetter, int, Any]]:
    """By the time of death: the broker gives what was looked at before in another order."""
    found = []
    while True:
        method, properties, body = channel.basic_get(DEAD_LETTERS)
        if method is None:
            break
        death = ((properties.headers or {}).get("x-death") or [{}])[0]
        found.append((death.get("time", datetime.fromtimestamp(0, UTC)), properties, body, method.delivery_tag, death))
    found.sort(key=lambda each: (each[0], each[1].message_id or "", each[2]))
    return [
        (
            BrokerLetter(
                number,
                str(death.get("queue", "")),
                str(death.get("reason", "")),
                died_at,
                properties.message_id or "",
                body,
            ),
            tag,
            properties,
        )
        for number, (died_at, properties, body, tag, death) in enumerate(found, 1)
    ]
