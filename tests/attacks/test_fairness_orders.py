"""Whoever sends thousands of orders and waits for each leaves places, threads and the way to the book to others."""

from __future__ import annotations

import itertools
import os
from collections import Counter

from loadtest.exchange_process import ExchangeProcess
from loadtest.http_client import Connection
from loadtest.public_address import PublicAddress
from loadtest.stack_process import StackProcess
from tests.attacks.flooding import flood
from tests.attacks.trial import trial

CLIENTS = 100
_numbers = itertools.count(1)
_SYMBOLS = ("AAPL", "MSFT", "NVDA", "AMZN", "TSLA")


def batches_and_waits(exchange: PublicAddress, seconds: float, count: int) -> Counter[str]:
    """So many accounts, together a hundred clients: each fourth sends batches of a thousand, the others wait."""
    tokens = [exchange.sign_up(f"greedy-{os.getpid()}-{next(_numbers)}") for _ in range(count)]

    def order(number: int) -> dict[str, str]:
        symbol, price = _SYMBOLS[number % len(_SYMBOLS)], f"{1 + number % 90}.00"
        return {
            "symbol": symbol,
            "side": "buy",
            "qty": "1",
            "type": "limit",
            "limit_price": price,
            "time_in_force": "gtc",
        }

    def send(connection: Connection, number: int) -> int:
        if number % 4 == 0:
            orders = {"orders": [order(number + each) for each in range(1_000)]}
            return connection.request("POST", "/v2/orders:batch", orders).status
        return connection.request("POST", "/v2/orders", order(number), prefer="wait=30").status

    return flood(lambda number: exchange.connect(tokens[number % count]), send, seconds, CLIENTS)


def test_batches_and_waits_of_one_account_harm_nobody(exchange: ExchangeProcess) -> None:
    trial(exchange, batches_and_waits, seconds=5, count=1, name="batches of one").assert_nobody_was_harmed()


def test_batches_and_waits_of_ten_accounts_harm_nobody(exchange: ExchangeProcess) -> None:
    trial(exchange, batches_and_waits, seconds=5, count=10, name="batches of ten").assert_nobody_was_harmed()


def test_batches_and_waits_of_ten_accounts_harm_nobody_on_the_stack(stack: StackProcess) -> None:
    trial(stack, batches_and_waits, seconds=5, count=10, name="batches of ten").assert_nobody_was_harmed()
