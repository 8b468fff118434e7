"""The audit must be able to fail: whatever is broken by hand, it names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest

from loadtest.exchange_process import ExchangeProcess, exchange_on
from loadtest.http_client import Connection
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


# Each row breaks one stored figure, mends it again, and names what the audit must say in between.
BROKEN: list[tuple[str, LiteralString, LiteralString, str]] = [
    (
        "user_portfolio",
        "update accounts set cash = cash + 1",
        "update accounts set cash = cash - 1",
        "balances and holdings are what the ledger says",
    ),
    (
        "user_portfolio",
        "update positions set quantity = quantity + 1",
        "update positions set quantity = quantity - 1",
        "balances and holdings are what the ledger says",
    ),
    (
        "user_portfolio",
        "update ledger_entries set amount = amount + 100 where account = 'clearing' and asset = 'USD'",
        "update ledger_entries set amount = amount - 100 where account = 'clearing' and asset = 'USD'",
        "the ledger sums to zero per currency and symbol",
    ),
    (
        "user_portfolio",
        "update ledger_entries set account = 'nobody' where account = 'clearing' and amount > 0",
        "update ledger_entries set account = 'clearing' where account = 'nobody'",
        "clearing is empty",
    ),
    (
        "user_portfolio",
        "update holds set held = held - 1 where held > 1",
        "update holds set held = held + 1 where held > 0",
        "holds are what open orders can still cost",
    ),
    (
        "user_portfolio",
        "update accounts set cash_held = cash_held + 1",
        "update accounts set cash_held = cash_held - 1",
        "what accounts show as held is the sum of their holds",
    ),
    (
        "user_portfolio",
        "update activities set price = price + 1 where kind = 'FILL'",
        "update activities set price = price - 1 where kind = 'FILL'",
        "every trade has two fills, two settled sides, one print on the tape",
    ),
    (
        "stock_ordering",
        "update orders set filled_notional = filled_notional + 1 where filled_quantity > 0",
        "update orders set filled_notional = filled_notional - 1 where filled_quantity > 0",
        "filled is at most the quantity, and the sum of the fills",
    ),
    (
        "order_matching",
        "update trades set at_us = at_us + 10000000000000 where number = 1",
        "update trades set at_us = at_us - 10000000000000 where number = 1",
        "no fill at or after its order's end",
    ),
    (
        "stock_ordering",
        "update fills set at_us = at_us + 10000000000000 where is_maker",
        "update fills set at_us = at_us - 10000000000000 where is_maker",
        "no fill at or after its order's end",
    ),
    (
        "stock_ordering",
        "update orders set status = 'new' where status = 'partially_filled'",
        "update orders set status = 'partially_filled' where filled_quantity between 1 and quantity - 1",
        "every accepted order is open or over, as its book says",
    ),
    (
        "stock_data",
        "update trades set price = price + 1",
        "update trades set price = price - 1",
        "every trade has two fills, two settled sides, one print on the tape",
    ),
    (
        "stock_data",
        "update levels set quantity = quantity + 1",
        "update levels set quantity = quantity - 1",
        "shown depth and quote are the book",
    ),
    (
        "order_matching",
        "update trades set price = price + 1",
        "update trades set price = price - 1",
        "every trade is in the journal's replay, once",
    ),
    (
        "order_matching",
        "update orders set priority = priority + 1000 where is_open",
        "update orders set priority = priority - 1000 where is_open",
        "replay of the journal gives the same book",
    ),
    (
        "order_matching",
        "insert into dead_letters (message_id, position, stream, shard, fact_name, body, reason) "
        "values (gen_random_uuid(), 0, 'market', 0, 'book.changed', '', 'broken by hand')",
        "delete from dead_letters",
        "no fact was given up",
    ),
]


@pytest.mark.parametrize(
    ("service", "breaking", "mending", "named"), BROKEN, ids=[row[0] + ": " + row[3] for row in BROKEN]
)
def test_what_is_broken_by_hand_is_named(
    traded: ExchangeProcess, service: str, breaking: LiteralString, mending: LiteralString, named: str
) -> None:
    url = EmbeddedPostgres(traded.folder).url(service)
    with psycopg.connect(url, autocommit=True) as connection:
        assert connection.execute(breaking).rowcount > 0
    try:
        audit = traded.audit()
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(mending)

    assert audit.returncode == 1, audit.stdout + audit.stderr
    assert f"WRONG {named}" in audit.stdout
    assert "        " in audit.stdout, "says what is not as it must be"


def test_a_journal_that_was_tampered_with_is_found(traded: ExchangeProcess) -> None:
    url = EmbeddedPostgres(traded.folder).url("order_matching")
    with psycopg.connect(url, autocommit=True) as connection:
        before = connection.execute("select symbol, first_sequence, commands from journal").fetchall()
        connection.execute("update journal set commands = replace(commands, '2000000', '2000100')")
    try:
        audit = traded.audit()
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            for symbol, first_sequence, commands in before:
                connection.execute(
                    "update journal set commands = %s where symbol = %s and first_sequence = %s",
                    (commands, symbol, first_sequence),
                )

    assert "WRONG replay of the journal gives the same book" in audit.stdout
    assert "WRONG every trade is in the journal's replay, once" in audit.stdout


def test_after_all_that_was_mended_the_exchange_is_in_order_again(traded: ExchangeProcess) -> None:
    audit = traded.audit()

    assert audit.returncode == 0, audit.stdout


def test_an_audit_of_an_exchange_that_does_not_run_says_so(tmp_path: Path) -> None:
    exchange = ExchangeProcess(tmp_path / "nothing", {})

    audit = exchange.audit()

    assert audit.returncode == 2
    assert "make run" in audit.stderr
    assert os.linesep not in audit.stderr.strip(), "one sentence"


def test_an_operator_can_audit_through_the_api_and_nobody_else(exchange: ExchangeProcess, operator: Connection) -> None:
    exchange.wait_until_settled()

    audit = operator.request("GET", "/v2/audit")

    assert audit.status == 200, audit.body
    assert audit.json()["clean"] is True
    assert len(audit.json()["invariants"]) >= 14
    assert exchange.connect(exchange.sign_up("curious")).request("GET", "/v2/audit").status == 403
    assert exchange.connect().request("GET", "/v2/audit").status == 401
