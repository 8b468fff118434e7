"""The audit must be able to fail: whatever is broken by hand, it names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest

from loadtest.exchange_process import ExchangeProcess, exchange_on
from standalone.embedded_postgres import EmbeddedPostgres
from tests.standalone.conftest import SETTINGS
from tests.standalone.trader import Trader

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def traded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExchangeProcess]:
    """An exchange with trades, open orders and money, for breaking."""
    with exchange_on(tmp_path_factory.mktemp("audited") / "data", SETTINGS) as exchange:
        maker = Trader(exchange, exchange.sign_up("maker"))
        taker = Trader(exchange, exchange.sign_up("taker"))
        maker.sell("AAPL", 10, "200.00")
        taker.buy("AAPL", 4, "200.00")
        maker.sell("AAPL", 5, "201.00")
        taker.buy("AAPL", 3, "150.00")
        taker.buy("AAPL", 1)
        exchange.wait_until_settled()
        yield exchange


def test_an_exchange_in_order_passes_with_a_line_per_invariant(traded: ExchangeProcess) -> None:
    audit = traded.audit()

    assert audit.returncode == 0, audit.stdout + audit.stderr
    assert audit.stdout.count("\nok ") + audit.stdout.startswith("ok ") >= 14
    assert "WRONG" not in audit.stdout


BROKEN: list[tuple[str, LiteralString, LiteralString, str]] = [
    (
        "user_portfolio",
        "update accounts set cash = cash + 1 where account_id = (select min(account_id::text)::uuid from accounts)",
        "update accounts set cash = cash - 1 where account_id = (select min(account_id::text)::uuid from accounts)",
        "balance",
    ),
]


@pytest.mark.parametrize(("service", "breaking", "mending", "named"), BROKEN, ids=lambda value: str(value)[:40])
def test_what_is_broken_by_hand_is_named(
    traded: ExchangeProcess, service: str, breaking: LiteralString, mending: LiteralString, named: str
) -> None:
    url = EmbeddedPostgres(Path(traded.folder)).url(service)
    with psycopg.connect(url, autocommit=True) as connection:
        assert connection.execute(breaking).rowcount > 0
    try:
        audit = traded.audit()
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(mending)

    assert audit.returncode == 1, audit.stdout + audit.stderr
    wrong = [line for line in audit.stdout.splitlines() if line.startswith("WRONG")]
    assert any(named in line for line in wrong), audit.stdout
    assert traded.audit().returncode == 0


def test_an_audit_of_an_exchange_that_does_not_run_says_so(tmp_path: Path) -> None:
    exchange = ExchangeProcess(tmp_path / "nothing", {})

    audit = exchange.audit()

    assert audit.returncode == 2
    assert "make run" in audit.stderr
    assert os.linesep not in audit.stderr.strip(), "one sentence"
