"""Somebody with an account who trades by the API on one side and may log in with a browser on the other."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from loadtest.exchange_process import ExchangeProcess
from loadtest.stack_process import StackProcess
from tests.standalone.trader import Trader

PASSWORD = "correct horse battery"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Person:
    """A name to log in with, and the same account by the API."""

    name: str
    trader: Trader


def new_name(role: str = "person") -> str:
    """A name that nobody has."""
    return f"{role}-{next(_numbers)}"


def signed_up(exchange: ExchangeProcess | StackProcess, role: str = "person") -> Person:
    """A new account with cash and shares."""
    name = new_name(role)
    return Person(name, Trader(exchange, exchange.sign_up(name, PASSWORD)))
