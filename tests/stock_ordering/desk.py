"""The order desk with its real app and a real database, but for who is calling and what the book says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

import stock_ordering.main
from chassis.cache import LocalCache
from chassis.clock import FixedClock
from chassis.codec import decode_facts
from chassis.database import Database
from chassis.identity import Caller
from chassis.metrics import Metrics
from chassis.questions import LocalQuestions
from chassis.service import Parts, migrate_service
from chassis.web import create_app
from contracts.names import buying_power_entry
from contracts.refusals import Refusal, Refused
from stock_ordering.settings import Settings
from tests.documented import DocumentedClient
from tests.stock_ordering.builders import ALICE, listed
from tests.stock_ordering.neighbours import Neighbours

LIMITS = (
    "orders_per_second_per_account",
    "batch_step",
    "open_orders_per_account",
    "orders_per_day_per_account",
)


def unlimited(**given: Any) -> Settings:
    """Settings for tests that place as much as they like."""
    return Settings(**{**dict.fromkeys(LIMITS, 0), **given})


class NamedCallers:
    """Believes everyone who says who they are."""

    def caller(self, headers: Headers) -> Caller:
        account_id = headers.get("X-Account")
        if not account_id:
            raise Refused(Refusal.UNAUTHENTICATED)
        return Caller(account_id, "somebody")


def open_database(url: str) -> Database:
    """A migrated database."""
    migrate_service(url, Path(stock_ordering.main.__file__).parent)
    database = Database(url, FixedClock())
    database.open()
    return database


def empty(database: Database) -> None:
    """As after the migrations; takes far less time than another database."""
    with database.transaction() as transaction:
        transaction.execute("delete from fills; delete from orders; delete from order_times")
        transaction.execute("delete from orders_of_the_day")
        transaction.execute("delete from instruments; delete from outbox")


class Desk:
    """Orders of AAPL and MSFT can be placed. `hear` is what the book and the hold would say."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.clock, self.cache, self.questions = FixedClock(), LocalCache(), LocalQuestions()
        self.neighbours = Neighbours()
        self.neighbours.register(self.questions)
        self.database = database
        parts = Parts(self.database, self.cache, self.questions, self.clock, Metrics())
        service = stock_ordering.main.build(parts, settings)
        assert service.hearing is not None
        self.handle = service.hearing.handle
        callers: Any = NamedCallers()
        self.app = create_app("stock_ordering", service.blueprints, callers, Metrics(), {})
        self.app.test_client_class = DocumentedClient
        self.hear(listed("AAPL"), listed("MSFT", tick=500, lot=10))

    def hear(self, *facts: object) -> None:
        with self.database.transaction() as transaction:
            self.handle(transaction, facts)

    def has_buying_power(self, amount: int, account: str = ALICE) -> None:
        """In the books of user_portfolio, and cached from there."""
        self.neighbours.buying_power = amount
        self.cache.set_many({buying_power_entry(account): str(amount)}, 60)

    def told(self) -> list[Any]:
        """The facts announced since the last time this was asked."""
        with self.database.transaction() as transaction:
            rows = transaction.rows("delete from outbox returning number, body")
        return [fact for _, body in sorted(rows) for fact in decode_facts(body)]

    def client(self) -> FlaskClient:
        return self.app.test_client()

    def call(
        self, method: str, path: str, body: object = None, account: str = ALICE, wait: int = 0, **query: str
    ) -> TestResponse:
        headers = {"X-Account": account, **({"Prefer": f"wait={wait}"} if wait else {})}
        return self.client().open(path, method=method, json=body, headers=headers, query_string=query)

    def place(self, account: str = ALICE, **body: Any) -> dict[str, Any]:
        """Place an order to buy 10 AAPL at 100 dollars but for what `body` says; it must be accepted."""
        answer = self.call("POST", "/v2/orders", a_body(**body), account)
        assert answer.status_code == 200, answer.text
        return dict(answer.json or {})

    def show(self, order_id: str, account: str = ALICE) -> dict[str, Any]:
        return dict(self.call("GET", f"/v2/orders/{order_id}", account=account).json or {})

    def rows(self, query: Any, *params: object) -> Sequence[Any]:
        with self.database.reading() as transaction:
            return transaction.rows(query, params)


def a_body(**given: Any) -> dict[str, Any]:
    """The body of an order to buy 10 AAPL at 100 dollars; a field given as None is left out."""
    body = {"symbol": "AAPL", "qty": "10", "side": "buy", "type": "limit", "time_in_force": "gtc", "limit_price": "100"}
    return {name: value for name, value in {**body, **given}.items() if value is not None}
