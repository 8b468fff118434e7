"""One audit at a time, however many ask for it, and none that needs as much memory as there are orders."""

from __future__ import annotations

import itertools
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from loadtest.exchange_process import ExchangeProcess
from loadtest.http_client import Connection
from standalone.audit.finding import MOST_KEPT, Finding
from standalone.audit.merging import merged
from standalone.audit.snapshot import AlreadyLooking, quiet_snapshot
from standalone.audit.spool import Spool
from standalone.databases import SERVICES
from standalone.embedded_postgres import EmbeddedPostgres

AUDIT = [sys.executable, "-m", "standalone.audit"]
_MIB = 1024 * 1024


def test_while_one_looks_a_second_is_told_to_come_again(exchange: ExchangeProcess, operator: Connection) -> None:
    exchange.wait_until_settled()
    with quiet_snapshot(EmbeddedPostgres(exchange.folder).url, SERVICES, 20.0):
        second = operator.request("GET", "/v2/audit")
        command = exchange.audit("--patience", "0.2")

    assert second.status == 429, second.body
    assert int(second.headers["retry-after"]) > 0
    assert "Another audit" in second.json()["message"]
    assert command.returncode == 2
    assert "Another audit or backup is under way" in command.stderr
    assert operator.request("GET", "/v2/audit").status == 200


def test_whoever_waits_has_its_turn_when_the_first_is_over(exchange: ExchangeProcess) -> None:
    exchange.wait_until_settled()
    url_of = EmbeddedPostgres(exchange.folder).url
    with quiet_snapshot(url_of, SERVICES, 20.0):
        waiting = subprocess.Popen(AUDIT, env=exchange.environment(), stdout=subprocess.PIPE)
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(3.0)

    told, _ = waiting.communicate(timeout=60)
    assert waiting.returncode == 0, told


def test_whoever_dies_while_looking_keeps_nobody_waiting(exchange: ExchangeProcess) -> None:
    exchange.wait_until_settled()
    url_of = EmbeddedPostgres(exchange.folder).url
    program = (
        "import sys, time\n"
        "from standalone.audit.snapshot import quiet_snapshot\n"
        "with quiet_snapshot(dict(zip(sys.argv[1::2], sys.argv[2::2])).__getitem__, tuple(sys.argv[1::2]), 20.0):\n"
        "    print('looking', flush=True)\n"
        "    time.sleep(600)\n"
    )
    addresses = itertools.chain.from_iterable((service, url_of(service)) for service in SERVICES)
    command = [sys.executable, "-c", program, *addresses]
    with subprocess.Popen(command, env=exchange.environment(), stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "looking\n"
        with pytest.raises(AlreadyLooking), quiet_snapshot(url_of, SERVICES, 0.1):
            pass
        first.kill()

    started_s = time.monotonic()
    with quiet_snapshot(url_of, SERVICES, 20.0):
        assert time.monotonic() - started_s < 15.0


def test_the_lock_is_of_the_databases_not_of_the_process(exchange: ExchangeProcess) -> None:
    exchange.wait_until_settled()
    url_of = EmbeddedPostgres(exchange.folder).url
    with quiet_snapshot(url_of, SERVICES, 20.0), psycopg.connect(url_of(SERVICES[0])) as other:
        locks = other.execute("select count(*) from pg_locks where locktype = 'advisory' and granted").fetchone()

        assert locks is not None
        assert locks[0] >= 1
        with pytest.raises(AlreadyLooking), quiet_snapshot(url_of, SERVICES, 20.0, waits=False):
            pass


def peak_bytes(rows: int) -> int:
    """The most memory that a replay of so many orders and trades takes while it is compared with what is stored."""

    def names() -> Iterator[str]:
        return (f"{number * 7_919 % rows:032x}" for number in range(rows))

    tracemalloc.start()
    with closing(Spool()) as spool:
        for order in names():
            spool.became(order, "new", 1)
            spool.became(order, "canceled", 1)
        for number in range(rows):
            spool.traded("AAPL", number, 1, 1)
        stored = ((f"{number:032x}", "canceled", 1) for number in range(rows))
        finding = Finding.of(
            None if life[-1] == accepted[0] else order for order, (accepted, life) in merged(stored, spool.lives())
        )
        trades = sum(1 for _ in spool.trades())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (finding.checked, finding.wrong, trades) == (rows, 0, rows)
    return peak


def test_memory_does_not_grow_with_orders_and_trades() -> None:
    few, many = peak_bytes(20_000), peak_bytes(80_000)

    assert many < few + 2 * _MIB


def test_differences_are_counted_and_only_the_first_kept() -> None:
    finding = Finding.of(f"number {number}" if number % 2 else None for number in range(10_000))

    assert (finding.checked, finding.wrong, len(finding.differences)) == (10_000, 5_000, MOST_KEPT)
    assert finding.lines("it holds")[0] == "WRONG it holds (5000 of 10000)"
    assert finding.lines("it holds")[-1].strip() == "and 4995 more"


def test_rows_come_together_by_key_whoever_has_them() -> None:
    left = [("a", 1), ("b", 2), ("b", 3)]
    right = [("b", "x"), ("c", "y")]

    assert list(merged(left, right)) == [("a", [[(1,)], []]), ("b", [[(2,), (3,)], [("x",)]]), ("c", [[], [("y",)]])]
