"""The whole service on PostgreSQL: its app, its way in for messages, and the questions it asks answered here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.test import TestResponse

import user_portfolio.main
from chassis import outbox
from chassis.bus import Message
from chassis.cache import LocalCache
from chassis.clock import FixedClock
from chassis.consumer import Consumer
from chassis.database import Database
from chassis.identity import Authenticator
from chassis.metrics import Metrics
from chassis.questions import LocalQuestions, Unanswered
from chassis.service import Parts
from chassis.web import ExchangeApp, create_app
from contracts.names import QUESTION_CLOSES, QUESTION_LAST_PRICE, QUESTION_RESOLVE_KEY
from contracts.streams import Stream
from tests.documented import DocumentedClient
from tests.user_portfolio.builders import ALICE
from user_portfolio.settings import Settings


@dataclass
class StockData:
    """Answers for last and past prices as stock_data would, and can be taken away.

    Past prices are those of `trades`, as (time, price) by symbol, beside a `reference` price.
    """

    prices: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    is_there: bool = True
    reference: dict[str, int] = field(default_factory=dict)
    trades: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    asked_closes: list[list[str]] = field(default_factory=list)

    def trade(self, symbol: str, price: int, at_us: int) -> None:
        self.trades.setdefault(symbol, []).append((at_us, price))

    def answer_closes(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        self.asked_closes.append(question["symbols"])
        if not self.is_there:
            raise Unanswered("stock_data is away")
        return {"closes": {symbol: self._closes(symbol, question) for symbol in question["symbols"]}}

    def _closes(self, symbol: str, question: Mapping[str, Any]) -> Mapping[str, Any]:
        windows: dict[int, int] = {}
        before = None
        for at_us, price in sorted(self.trades.get(symbol, [])):
            window = at_us // (question["span_s"] * 1_000_000)
            if window < question["first"]:
                before = price
            elif window <= question["last"]:
                windows[window] = price
        return {
            "reference": self.reference.get(symbol, 1_000_000),
            "before": before,
            "windows": [list(each) for each in windows.items()],
        }

    def answer(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        self.asked.append(question["symbol"])
        if not self.is_there:
            raise Unanswered("stock_data is away")
        price = self.prices.get(question["symbol"])
        return {} if price is None else {"price": price}


@dataclass(frozen=True)
class ServiceRig:
    app: ExchangeApp
    consumer: Consumer
    database: Database
    cache: LocalCache
    stock_data: StockData
    questions: LocalQuestions

    def get(self, path: str, account: str | None = ALICE, **query: Any) -> TestResponse:
        headers = {"APCA-API-KEY-ID": account, "APCA-API-SECRET-KEY": "s"} if account else {}
        return self.app.test_client().get(path, query_string=query, headers=headers)

    def shown(self, path: str, account: str = ALICE, **query: Any) -> Any:
        """The body of an answer that must be a good one."""
        answer = self.get(path, account, **query)
        assert answer.status_code == 200, answer.text
        return answer.json

    def hear(self, *facts: object) -> list[Message]:
        """Let the facts arrive as the bus brings them; returns the messages, so that they can be repeated.

        What the service tells itself about them arrives as well.
        """
        messages = outbox.pack(facts, FixedClock().now_us())
        self.consumer.receive(messages)
        while to_itself := self.told_to_itself():
            self.consumer.receive(to_itself)
        return messages

    def told_to_itself(self) -> list[Message]:
        """What no relay has brought yet; it is gone from the outbox then."""
        with self.database.reading() as reading:
            told = outbox.waiting(reading.connection, 1_000_000)
            to_itself = {number: each for number, each in told if each.stream == Stream.SHARE_GRANTING}
            outbox.remove(reading.connection, list(to_itself))
        return list(to_itself.values())

    def count(self, table: str) -> int:
        with self.database.reading() as reading:
            return int(reading.rows(f"select count(*) from {table}")[0][0])


def build_service(database: Database, settings: Settings) -> ServiceRig:
    stock_data, questions, cache, metrics = StockData(), LocalQuestions(), LocalCache(), Metrics()
    questions.register({QUESTION_RESOLVE_KEY: _resolve_key, QUESTION_LAST_PRICE: stock_data.answer})
    questions.register({QUESTION_CLOSES: stock_data.answer_closes})
    service = user_portfolio.main.build(Parts(database, cache, questions, FixedClock(), metrics), settings)
    questions.register(service.answers)
    assert service.hearing is not None
    app = create_app("user_portfolio", service.blueprints, Authenticator((), cache, questions, metrics), metrics, {})
    app.test_client_class = DocumentedClient
    consumer = Consumer(service.hearing.group, database, service.hearing.handle, metrics)
    return ServiceRig(app, consumer, database, cache, stock_data, questions)


def refusal(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, (answer.json or {})["name"]


def _resolve_key(asked: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"account_id": asked["key_id"], "name": "somebody", "is_operator": False}


BuildService = Callable[..., ServiceRig]
