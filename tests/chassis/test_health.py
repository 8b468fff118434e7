"""A process that answers no requests still says how it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import HTTPError
from urllib.request import urlopen

from chassis.health import HealthServer
from chassis.metrics import Metrics


@contextmanager
def serving(metrics: Metrics, **checks: bool) -> Iterator[str]:
    asked = {name: (lambda answer=answer: answer) for name, answer in checks.items()}
    server = HealthServer("ledger", "127.0.0.1", 0, metrics, asked)
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.stop()


def get(url: str) -> tuple[int, str]:
    try:
        with urlopen(url, timeout=5) as answer:  # noqa: S310  # our own address
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def test_it_is_ready_when_everything_it_needs_answers(metrics):
    with serving(metrics, database=True, broker=True) as url:
        status, body = get(f"{url}/readyz")

    assert (status, json.loads(body)) == (200, {"ready": True, "checks": {"database": True, "broker": True}})


def test_it_says_what_is_missing(metrics):
    with serving(metrics, database=True, broker=False) as url:
        status, body = get(f"{url}/readyz")

    assert (status, json.loads(body)["checks"]) == (503, {"database": True, "broker": False})


def test_it_lives_even_where_it_is_not_ready(metrics):
    with serving(metrics, broker=False) as url:
        assert get(f"{url}/livez")[0] == 200


def test_it_shows_its_metrics_and_nothing_else(metrics):
    metrics.dead_letters.labels("ledger").inc()

    with serving(metrics) as url:
        assert 'dead_letters_total{group="ledger"} 1.0' in get(f"{url}/metrics")[1]
        assert get(f"{url}/v2/orders")[0] == 404


def test_while_a_database_is_away_all_other_metrics_are_shown(open_database):
    database, metrics = open_database(), Metrics()
    metrics.watch_outbox("ledger", database.waiting_or_unknown)
    metrics.watch_database("ledger", database.size_bytes)
    metrics.dead_letters.labels("ledger").inc()
    with serving(metrics) as url:
        assert 'outbox_waiting{service="ledger"} 0.0' in get(f"{url}/metrics")[1]
        database.close()

        status, body = get(f"{url}/metrics")

    assert status == 200
    assert {'outbox_waiting{service="ledger"} NaN', 'dead_letters_total{group="ledger"} 1.0'} <= set(body.splitlines())
