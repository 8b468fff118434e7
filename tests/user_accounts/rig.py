"""A running user_accounts for the tests, and the people who knock at its door."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import user_accounts.main
from chassis.cache import LocalCache
from chassis.clock import FixedClock
from chassis.database import Database
from chassis.identity import Authenticator
from chassis.metrics import Metrics
from chassis.questions import LocalQuestions
from chassis.service import Parts, Service, migrate_service
from chassis.web import ExchangeApp, create_app
from tests.documented import DocumentedClient
from user_accounts.settings import Settings
from user_accounts.store.signing_key import load_signing_key

PASSWORD = "correct horse battery"
CHEAP: dict[str, Any] = {"argon2_time_cost": 1, "argon2_memory_kib": 8, "argon2_parallelism": 1}
"""Passwords of people who do not exist need not be safe."""


def now_clock() -> FixedClock:
    """Stands still at the time the test began: whoever checks a token looks at the real clock."""
    return FixedClock(time.time_ns() // 1_000)


@dataclass(frozen=True)
class Rig:
    """user_accounts with its app. `client` is somebody without a login."""

    app: ExchangeApp
    service: Service
    settings: Settings
    database: Database
    cache: LocalCache
    clock: FixedClock
    questions: LocalQuestions

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    def post(self, path: str, body: Mapping[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        return self.client.post(f"/v2/auth/{path}", json=body, **kwargs)

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        return self.client.get(f"/v2/auth/{path}", **kwargs)

    def sign_up(self, name: str = "alice", password: str = PASSWORD) -> dict[str, Any]:
        answer = self.post("signup", {"name": name, "password": password})
        assert answer.status_code == 201, answer.text
        tokens: dict[str, Any] = answer.json or {}
        return tokens

    def log_in(self, name: str = "alice", password: str = PASSWORD) -> TestResponse:
        return self.post("login", {"name": name, "password": password})

    def me(self, access_token: str) -> TestResponse:
        return self.get("me", headers=bearer(access_token))


def bearer(access_token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {access_token}"}


def key_headers(key: Mapping[str, Any]) -> dict[str, str]:
    return {"APCA-API-KEY-ID": key["key_id"], "APCA-API-SECRET-KEY": key["secret"]}


def refusal(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, (answer.json or {})["name"]


def build_rig(database_url: str, key_file: Path, **settings: Any) -> Rig:
    migrate_service(database_url, Path(user_accounts.main.__file__).parent)
    chosen = Settings(signing_key_file=str(key_file), **{**CHEAP, **settings})
    clock, cache, questions, metrics = now_clock(), LocalCache(), LocalQuestions(), Metrics()
    database = Database(database_url, clock, connections=8)
    database.open()
    service = user_accounts.main.build(Parts(database, cache, questions, clock, metrics), chosen)
    questions.register(service.answers)
    authenticator = Authenticator(user_accounts.main.public_keys(chosen), cache, questions, metrics)
    app = create_app("user_accounts", service.blueprints, authenticator, metrics, {"database": database.answers})
    app.test_client_class = DocumentedClient
    return Rig(app, service, chosen, database, cache, clock, questions)


def all_at_once(count: int, act: Callable[[int], TestResponse]) -> list[TestResponse]:
    """Let this many people act at the same moment and return what each was answered."""
    start = threading.Barrier(count)
    answers: list[TestResponse | None] = [None] * count

    def run(number: int) -> None:
        start.wait()
        answers[number] = act(number)

    people = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    return [answer for answer in answers if answer is not None]


def public_key(settings: Settings) -> str:
    """PEM of what this service's tokens are checked with."""
    return load_signing_key(Path(settings.signing_key_file)).public_pem()
