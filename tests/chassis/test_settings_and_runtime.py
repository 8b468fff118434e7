"""A service starts with the settings it needs or not at all, and goes on when a tick fails."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import pytest

from chassis.cache import LocalCache
from chassis.clock import FixedClock
from chassis.local_bus import LocalBus
from chassis.questions import LocalQuestions, Unanswered
from chassis.service import Hearing, Parts, Runtime, Service, Ticker
from chassis.settings import SettingsError, read_settings
from tests.chassis.builders import PATIENCE_S, count, eventually, names_opened, opened


@dataclass(frozen=True)
class Wishes:
    database_url: str
    workers: int = 2
    starting_cash: float = 0.5
    is_open: bool = True


def test_what_is_not_said_is_as_it_is_by_default():
    assert read_settings(Wishes, {"DATABASE_URL": "here"}) == Wishes("here")


def test_what_is_said_counts():
    environment = {"DATABASE_URL": "there", "WORKERS": "7", "STARTING_CASH": "1.5", "IS_OPEN": "No", "PATH": "/bin"}

    assert read_settings(Wishes, environment) == Wishes("there", 7, 1.5, False)


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "DATABASE_URL is not set"),
        ({"DATABASE_URL": "x", "WORKERS": "two"}, "WORKERS='two' is not a int"),
        ({"DATABASE_URL": "x", "STARTING_CASH": ""}, "STARTING_CASH='' is not a float"),
        ({"DATABASE_URL": "x", "IS_OPEN": "maybe"}, "IS_OPEN='maybe' is not a bool"),
    ],
)
def test_what_is_missing_or_unreadable_stops_the_start_by_name(environment, sentence):
    with pytest.raises(SettingsError, match=sentence):
        read_settings(Wishes, environment)


def test_a_question_nobody_answers_is_said_to_be_so():
    questions = LocalQuestions()
    questions.register({"last_price": lambda asked: {"price": asked["symbol"]}})

    assert questions.ask("last_price", {"symbol": "AAPL"}) == {"price": "AAPL"}
    with pytest.raises(Unanswered, match="weather"):
        questions.ask("weather", {})


def test_a_service_hears_what_another_says_and_goes_on_after_a_bad_tick(database, metrics):
    parts = Parts(database, LocalCache(), LocalQuestions(), FixedClock(), metrics)
    ticks: list[int] = []
    ticked = threading.Event()

    def tick():
        ticks.append(1)
        if len(ticks) == 1:
            raise ValueError("a bad tick")
        ticked.set()

    def write_down(transaction, facts):
        for fact in facts:
            transaction.execute("insert into openings (name) values (%s)", (fact.name,))

    service = Service(
        name="ledger",
        parts=parts,
        hearing=Hearing("ledger", ["accounts"], write_down),
        tickers=[Ticker("tick", 0.01, tick)],
    )
    bus = LocalBus()
    runtime = Runtime(service, bus)
    runtime.listen()
    runtime.start()
    with database.transaction() as transaction:
        transaction.announce([opened("alice")])
    try:
        eventually(lambda: names_opened(database) == ["alice"])
        assert ticked.wait(PATIENCE_S)
    finally:
        runtime.stop()
        bus.close()
        runtime.join()
    assert count(database, "outbox") == 0


def test_a_stopped_service_says_nothing_more(database, metrics):
    parts = Parts(database, LocalCache(), LocalQuestions(), FixedClock(), metrics)
    bus = LocalBus()
    runtime = Runtime(Service(name="ledger", parts=parts), bus)
    runtime.start()
    runtime.stop()
    bus.close()
    runtime.join()

    with database.transaction() as transaction:
        transaction.announce([opened("alice")])

    assert count(database, "outbox") == 1
