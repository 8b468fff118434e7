"""Old rows go, however many there are and whoever else is at it, and none that is not old."""

from __future__ import annotations

import threading
from typing import LiteralString

import chassis.pruning
from chassis.bus import Bus
from chassis.cache import LocalCache
from chassis.clock import FixedClock
from chassis.database import Database
from chassis.local_bus import LocalBus
from chassis.metrics import Metrics
from chassis.pruning import ROWS_AT_A_TIME, cautious_now_us, prune
from chassis.questions import LocalQuestions
from chassis.service import Parts, Runtime, Service

_FILL: LiteralString = (
    "insert into inbox (message_id, received_at) select gen_random_uuid(), now() - make_interval(days => %s) "
    "from generate_series(1, %s)"
)
_PRUNE: LiteralString = (
    "delete from inbox where message_id in (select message_id from inbox where received_at < now() - interval '1 day' "
    "order by received_at limit %(rows)s for update skip locked)"
)


def fill(database: Database, rows: int, days_old: int) -> None:
    with database.transaction() as transaction:
        transaction.execute(_FILL, (days_old, rows))


def left(database: Database) -> int:
    with database.reading() as transaction:
        row = transaction.row("select count(*) from inbox")
    assert row is not None
    return int(row[0])


def test_all_that_is_old_goes_in_bounded_transactions(open_database, monkeypatch):
    database = open_database()
    fill(database, 2 * ROWS_AT_A_TIME + 10, days_old=2)
    fill(database, 5, days_old=0)
    transactions, whole = [], Database.transaction

    def counted(self):
        transactions.append(self)
        return whole(self)

    monkeypatch.setattr(Database, "transaction", counted)

    gone = prune(database, _PRUNE, {})

    assert gone == 2 * ROWS_AT_A_TIME + 10
    assert len(transactions) == 3
    assert left(database) == 5


def test_no_time_is_spent_on_it_without_a_bound(open_database, monkeypatch):
    database = open_database()
    monkeypatch.setattr(chassis.pruning, "ROWS_AT_A_TIME", 10)
    fill(database, 10 * chassis.pruning._MOST_TRANSACTIONS + 7, days_old=2)

    assert prune(database, _PRUNE, {}) == 10 * chassis.pruning._MOST_TRANSACTIONS
    assert prune(database, _PRUNE, {}) == 7


def test_two_processes_at_it_do_not_get_into_each_others_way(open_database):
    databases = [open_database(), open_database()]
    fill(databases[0], 6 * ROWS_AT_A_TIME, days_old=2)
    gone: list[int] = []
    threads = [threading.Thread(target=lambda it=it: gone.append(prune(it, _PRUNE, {}))) for it in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    gone.append(prune(databases[0], _PRUNE, {}))
    assert sum(gone) == 6 * ROWS_AT_A_TIME
    assert left(databases[0]) == 0


def test_the_inbox_of_a_service_is_pruned_like_that(open_database):
    database = open_database()
    fill(database, ROWS_AT_A_TIME + 1, days_old=8)
    fill(database, 3, days_old=6)
    bus: Bus = LocalBus()
    parts = Parts(database, LocalCache(), LocalQuestions(), FixedClock(), Metrics())

    Runtime(Service("a_service", parts), bus, relays=False)._prune_inbox()

    assert left(database) == 3
    bus.close()


def test_a_clock_that_is_ahead_has_nothing_deleted(open_database):
    database = open_database()
    year_us = 365 * 86_400 * 1_000_000
    now_us = cautious_now_us(database, 2**60)

    assert cautious_now_us(database, now_us - year_us) == now_us - year_us
    assert cautious_now_us(database, now_us + year_us) < now_us + year_us // 2


def test_the_size_of_a_database_is_a_metric(open_database):
    database, metrics = open_database(), Metrics()
    metrics.watch_database("a_service", database.size_bytes)

    def shown() -> float:
        return metrics.registry.get_sample_value("database_bytes", {"service": "a_service"}) or 0.0

    assert shown() > 1_000_000
    database.close()
    assert shown() > 1_000_000, "as of a minute ago"
