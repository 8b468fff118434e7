"""Who signs up without end, or guesses passwords without end, stops neither logins nor the trading of others."""

from __future__ import annotations

import itertools
import os
import sys
from collections import Counter

from loadtest.exchange_process import ExchangeProcess
from loadtest.http_client import Connection
from loadtest.public_address import PublicAddress
from loadtest.stack_process import StackProcess
from tests.attacks.flooding import flood
from tests.attacks.trial import trial

_numbers = itertools.count(1)


def from_elsewhere(exchange: PublicAddress) -> Connection:
    """From an address of the attacker's own: what is limited by address is none of the others' business."""
    return Connection(exchange.host, exchange.port, source="127.0.2.1" if sys.platform == "linux" else "")


def sign_ups(exchange: PublicAddress, seconds: float, count: int) -> Counter[str]:
    """So many at once, and each again as soon as it is answered."""

    def sign_up(connection: Connection, _: int) -> int:
        who = {"name": f"flood-{os.getpid()}-{next(_numbers)}", "password": "correct horse battery"}
        return connection.request("POST", "/v2/auth/signup", who).status

    return flood(lambda _: from_elsewhere(exchange), sign_up, seconds, count)


def guesses(exchange: PublicAddress, seconds: float, count: int) -> Counter[str]:
    """Logins of names that nobody has."""

    def guess(connection: Connection, _: int) -> int:
        who = {"name": f"nobody-{next(_numbers)}", "password": "a guess at random"}
        return connection.request("POST", "/v2/auth/login", who).status

    return flood(lambda _: from_elsewhere(exchange), guess, seconds, count)


def test_a_flood_of_sign_ups_harms_nobody(exchange: ExchangeProcess) -> None:
    trial(exchange, sign_ups, seconds=4, count=140).assert_nobody_was_harmed()


def test_a_flood_of_guesses_harms_nobody(exchange: ExchangeProcess) -> None:
    trial(exchange, guesses, seconds=4, count=140).assert_nobody_was_harmed()


def test_a_flood_of_sign_ups_harms_nobody_on_the_stack(stack: StackProcess) -> None:
    trial(stack, sign_ups, seconds=4, count=140).assert_nobody_was_harmed()
