"""A running stock_data for the tests: its app, its way in for facts, and two people who call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

import stock_data.main
from chassis import outbox
from chassis.bus import Message
from chassis.cache import LocalCache
from chassis.clock import FixedClock
from chassis.codec import decode_facts
from chassis.consumer import Consumer
from chassis.database import Database
from chassis.identity import Authenticator
from chassis.metrics import Metrics
from chassis.questions import LocalQuestions
from chassis.service import Parts, Service, migrate_service
from chassis.web import ExchangeApp, create_app
from contracts.names import QUESTION_RESOLVE_KEY
from stock_data.ports import Deps
from stock_data.settings import Settings
from tests.documented import DocumentedClient

TRADER = {"APCA-API-KEY-ID": "trader", "APCA-API-SECRET-KEY": "s"}
OPERATOR = {"APCA-API-KEY-ID": "operator", "APCA-API-SECRET-KEY": "s"}


def resolve_key(asked: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"account_id": asked["key_id"], "name": asked["key_id"], "is_operator": asked["key_id"] == "operator"}


@dataclass(frozen=True)
class Rig:
    """stock_data with its database."""

    app: ExchangeApp
    service: Service
    deps: Deps
    consumer: Consumer
    database: Database
    cache: LocalCache
    clock: FixedClock
    questions: LocalQuestions

    def get(self, path: str, headers: Mapping[str, str] = TRADER, **query: Any) -> TestResponse:
        return self.app.test_client().get(path, query_string=query or None, headers=dict(headers))

    def shown(self, path: str, **query: Any) -> Any:
        """The body of an answer that must be a good one."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json

    def post(self, path: str, body: object = None, headers: Mapping[str, str] = OPERATOR) -> TestResponse:
        return self.app.test_client().post(path, json=body, headers=dict(headers))

    def hear(self, *facts: object) -> list[Message]:
        """Let the facts arrive as the bus brings them; returns the messages, so that they can be repeated."""
        messages = outbox.pack(facts, self.clock.now_us())
        self.consumer.receive(messages)
        return messages

    def told(self) -> list[Any]:
        """Every fact that waits to be published."""
        with self.database.reading() as reading:
            waiting = outbox.waiting(reading.connection, 1_000)
        return [fact for _, message in waiting for fact in decode_facts(message.body)]

    def count(self, table: str) -> int:
        with self.database.reading() as reading:
            rows: Sequence[Any] = reading.connection.execute(f"select count(*) from {table}".encode()).fetchall()
        return int(rows[0][0])


def refusal(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, (answer.json or {})["name"]


TABLES = "instruments, markets, trades, levels, candles, inbox, outbox, dead_letters"


def open_database(database_url: str) -> Database:
    """A database with stock_data's tables."""
    migrate_service(database_url, Path(stock_data.main.__file__).parent)
    database = Database(database_url, FixedClock(), connections=4)
    database.open()
    return database


def empty(database: Database) -> None:
    """As if nothing had ever happened; far quicker than a new database."""
    with database.transaction() as transaction:
        transaction.connection.execute(f"truncate {TABLES}".encode())


def build_rig(database: Database, settings: Settings) -> Rig:
    clock, cache, questions, metrics = FixedClock(), LocalCache(), LocalQuestions(), Metrics()
    parts = Parts(database, cache, questions, clock, metrics)
    service = stock_data.main.build(parts, settings)
    questions.register({QUESTION_RESOLVE_KEY: resolve_key, **service.answers})
    assert service.hearing is not None
    consumer = Consumer(service.hearing.group, database, service.hearing.handle, metrics)
    app = create_app("stock_data", service.blueprints, Authenticator((), cache, questions, metrics), metrics, {})
    app.test_client_class = DocumentedClient
    deps = stock_data.main.compose(parts)
    return Rig(app, service, deps, consumer, database, cache, clock, questions)
