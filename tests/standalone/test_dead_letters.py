"""An operator finds what a service gave up on, mends the cause, and puts it back."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from loadtest.exchange_process import ExchangeProcess
from loadtest.http_client import Connection
from standalone.embedded_postgres import EmbeddedPostgres
from tests.chassis.builders import eventually


def dead_letters(exchange: ExchangeProcess, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "standalone.dead_letters", *words],
        env=exchange.environment(),
        text=True,
        capture_output=True,
        check=False,
        timeout=60,
    )


def list_instrument(operator: Connection, symbol: str) -> None:
    listing = {"symbol": symbol, "name": symbol, "tick_size": "0.01", "lot_size": 1, "reference_price": "100.00"}
    assert operator.request("POST", "/v2/operator/instruments", listing).status == 201


@contextmanager
def portfolios(exchange: ExchangeProcess) -> Iterator[psycopg.Connection]:
    with psycopg.connect(EmbeddedPostgres(exchange.folder).url("user_portfolio"), autocommit=True) as connection:
        yield connection


def instruments(connection: psycopg.Connection) -> set[str]:
    return {symbol for (symbol,) in connection.execute("select symbol from instruments")}


def test_a_fact_that_a_service_gave_up_on_is_put_back_when_the_cause_is_mended(
    exchange: ExchangeProcess, operator: Connection
) -> None:
    with portfolios(exchange) as connection:
        connection.execute("alter table instruments add constraint no_poison check (symbol <> 'POISON')")
        for symbol in ("BEFORE", "POISON", "AFTER"):
            list_instrument(operator, symbol)
        eventually(lambda: "AFTER" in instruments(connection))
        listed = dead_letters(exchange)
        name = listed.stdout.split()[0]
        shown = dead_letters(exchange, "show", name)
        still_bad = dead_letters(exchange, "put-back", name)
        exchange.wait_until_settled()
        died_again = dead_letters(exchange).stdout.split()[0]
        connection.execute("alter table instruments drop constraint no_poison")
        dead_letters(exchange, "put-back", "all")
        exchange.wait_until_settled()

        assert {"BEFORE", "POISON", "AFTER"} <= instruments(connection)
    assert name.startswith("user_portfolio/")
    assert "instrument.listed" in listed.stdout
    assert "no_poison" in listed.stdout
    assert '"symbol":"POISON"' in shown.stdout
    assert still_bad.returncode == 0
    assert died_again.startswith("user_portfolio/")
    assert died_again != name
    assert dead_letters(exchange).stdout == "dead letters: 0\n"


def test_a_letter_that_nobody_knows_is_not_put_back(exchange: ExchangeProcess) -> None:
    answer = dead_letters(exchange, "put-back", "user_portfolio/4711", "nobody/1")

    assert answer.returncode == 1
    assert answer.stderr == "There is no dead letter user_portfolio/4711, nobody/1.\n"


def test_what_to_put_back_has_to_be_said(exchange: ExchangeProcess) -> None:
    answer = dead_letters(exchange, "put-back")

    assert answer.returncode == 2
    assert "needs the names of dead letters, or all" in answer.stderr


def test_without_an_exchange_one_sentence_says_so(tmp_path: Path) -> None:
    answer = dead_letters(ExchangeProcess(tmp_path / "nothing", {}))

    assert answer.returncode == 2
    assert "start it with make run" in answer.stderr
    assert len(answer.stderr.splitlines()) == 1
