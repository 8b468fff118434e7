"""Takes messages in: skips repeats, handles a batch in one transaction, sets a bad fact aside, retries the rest."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import structlog

from chassis.backoff import jitter
from chassis.bus import BusUnavailable, Message
from chassis.codec import decode_facts, split_facts
from chassis.database import TRANSIENT, Database, Transaction
from chassis.metrics import Metrics

_log = structlog.get_logger()

HandleFacts = Callable[[Transaction, Sequence[Any]], None]
"""Makes facts true in this service, in their order, within the transaction."""

_LONGEST_PAUSE_S = 2.0


class Consumer:
    """One consumer group's way in. `receive` is what the bus calls."""

    def __init__(self, group: str, database: Database, handle: HandleFacts, metrics: Metrics) -> None:
        self._group = group
        self._database = database
        self._handle = handle
        self._metrics = metrics
        self._stopping = threading.Event()

    def stop(self) -> None:
        self._stopping.set()

    def receive(self, messages: Sequence[Message]) -> None:
        """Commit the effect of these messages, however often it takes; raises BusUnavailable if told to stop."""
        pause_s = 0.05
        while not self._stopping.is_set():
            try:
                return self._receive_once(messages)
            except Exception as error:  # noqa: BLE001  # a batch may have to wait; it is never skipped
                _log.warning("batch_retried", group=self._group, reason=repr(error), pause_s=pause_s)
                self._metrics.batches_retried.labels(self._group).inc()
                self._stopping.wait(pause_s * jitter())
                pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)
        raise BusUnavailable(f"{self._group} is stopping")

    def _receive_once(self, messages: Sequence[Message]) -> None:
        with self._metrics.batch_seconds.labels(self._group).time():
            try:
                self._receive_whole(messages)
            except TRANSIENT:
                raise
            except Exception as error:  # noqa: BLE001  # whatever it is, one fact of the batch has it
                _log.warning("batch_split", group=self._group, reason=repr(error), messages=len(messages))
                self._receive_in_parts(messages)

    def _receive_whole(self, messages: Sequence[Message]) -> None:
        with self._database.transaction() as transaction:
            fresh = _record(transaction, messages)
            facts = [fact for message in fresh for fact in decode_facts(message.body)]
            if facts:
                self._handle(transaction, facts)
        self._metrics.facts_handled.labels(self._group).inc(len(facts))

    def _receive_in_parts(self, messages: Sequence[Message]) -> None:
        """The slow way after a failure: every good fact takes effect, every bad one becomes a dead letter."""
        with self._database.transaction() as transaction:
            for message in _record(transaction, messages):
                try:
                    parts = split_facts(message.body)
                except ValueError as error:
                    self._bury(transaction, message, 0, "unreadable", message.body, error)
                    continue
                singles = [
                    (position, name, b'[["' + name.encode() + b'",' + raw + b"]]")
                    for position, (name, raw) in enumerate(parts)
                ]
                self._handle_or_halve(transaction, message, singles)

    def _handle_or_halve(
        self, transaction: Transaction, message: Message, singles: list[tuple[int, str, bytes]]
    ) -> None:
        try:
            with transaction.savepoint():
                self._handle(transaction, [fact for _, _, body in singles for fact in decode_facts(body)])
        except TRANSIENT:
            raise
        except Exception as error:  # noqa: BLE001  # becomes the dead letter's reason
            if len(singles) == 1:
                self._bury(transaction, message, *singles[0], error)
                return
            middle = len(singles) // 2
            self._handle_or_halve(transaction, message, singles[:middle])
            self._handle_or_halve(transaction, message, singles[middle:])

    def _bury(
        self, transaction: Transaction, message: Message, position: int, name: str, body: bytes, error: Exception
    ) -> None:
        _log.error("dead_letter", group=self._group, fact=name, message_id=message.id, reason=repr(error))
        self._metrics.dead_letters.labels(self._group).inc()
        transaction.execute(
            "insert into dead_letters (message_id, position, stream, shard, fact_name, body, reason) "
            "values (%s, %s, %s, %s, %s, %s, %s)",
            (message.id, position, message.stream, message.shard, name, body, repr(error)),
        )


def _record(transaction: Transaction, messages: Sequence[Message]) -> list[Message]:
    """Note the messages as received and return those that were not before."""
    rows = transaction.rows(
        "insert into inbox (message_id) select distinct unnest(%s::uuid[]) as message_id order by message_id "
        "on conflict do nothing returning message_id",  # in one order: two replicas given the same must not deadlock
        ([message.id for message in messages],),
    )
    fresh = {str(row[0]) for row in rows}
    first_time: list[Message] = []
    for message in messages:
        if message.id in fresh:
            fresh.remove(message.id)
            first_time.append(message)
    return first_time
