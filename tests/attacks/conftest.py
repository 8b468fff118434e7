"""An exchange and a stack that the attacks share: as anyone starts them, only with more cash to trade with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from loadtest.exchange_process import ExchangeProcess, exchange_on
from loadtest.stack_process import StackProcess, stack_on
from tests.stack.conftest import skip_where_servers_are_missing
from tests.standalone.a_page import build_a_page

SETTINGS = {
    "STARTING_CASH": "1000000",
    "STARTING_SHARES": "*:1000",
    "ACCESS_TOKEN_MINUTES": "600",
    "LOGIN_ATTEMPTS_PER_MINUTE": "1000",
}
"""Limits stay as they are, but for those who log in every second with the same name."""


@pytest.fixture(scope="session")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExchangeProcess]:
    """`make run`, for all attacks of the session."""
    with exchange_on(tmp_path_factory.mktemp("attacked") / "data", SETTINGS, limited=True) as running:
        yield running


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """`make stack`, for all attacks of the session."""
    skip_where_servers_are_missing()
    folder = tmp_path_factory.mktemp("attacked-stack")
    with stack_on(folder / "data", {**SETTINGS, "PAGE": str(build_a_page(folder / "page"))}, limited=True) as running:
        yield running
