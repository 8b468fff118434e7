"""Facts, messages and a wait for what is about to happen, for the tests of the chassis."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from chassis.bus import Message, shard_of
from chassis.codec import encode_facts
from chassis.database import Database, Transaction
from contracts.facts import AccountOpened
from contracts.ids import uuid7

PATIENCE_S = 20.0


def opened(name: str, account_id: str = "one account") -> AccountOpened:
    return AccountOpened(account_id=account_id, name=name, at_us=1)


def message(*facts: object, stream: str = "accounts", key: str = "one account") -> Message:
    return Message(uuid7(time.time_ns() // 1_000_000), stream, shard_of(key), encode_facts(facts))


def names_opened(database: Database) -> list[str]:
    """What the tests' handler has written, in order."""
    with database.reading() as transaction:
        return [name for (name,) in transaction.rows("select name from openings order by number")]


def count(database: Database, table: str) -> int:
    with database.reading() as transaction:
        [(number,)] = transaction.rows(f"select count(*) from {table}")
        return int(number)


def eventually(happened: Callable[[], bool]) -> None:
    """Wait until it has happened; AssertionError if it does not."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < deadline_s, "it never happened"
        threading.Event().wait(0.01)


def write_down(transaction: Transaction, facts: Sequence[AccountOpened]) -> None:
    """The tests' handler: cannot bear the name "poison", and that in the middle of its work."""
    for fact in facts:
        transaction.execute("insert into openings (name) values (%s)", (fact.name,))
        if fact.name == "poison":
            raise ValueError("nobody may be called poison")


class Heard:
    """A consumer group that writes down what it hears."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.deliveries: list[int] = []
        self._changed = threading.Condition()

    def receive(self, messages: Sequence[Message]) -> None:
        with self._changed:
            self.messages.extend(messages)
            self.deliveries.append(len(messages))
            self._changed.notify_all()

    def wait_for(self, number: int) -> list[Message]:
        """The messages heard so far, once they are this many."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.messages) >= number, PATIENCE_S)
            return list(self.messages)
