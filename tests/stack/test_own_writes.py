"""Who was told "canceled" or "filled" by one process finds cash, shares and prices so at every other one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from loadtest.stack_process import StackProcess, stack_on
from tests.stack.conftest import SETTINGS, skip_where_servers_are_missing
from tests.standalone.a_page import build_a_page
from tests.standalone.own_writes import ROUNDS, old_after_fills, refused_after_cancels, second_halves
from tests.standalone.trader import Trader

pytestmark = pytest.mark.timeout(240)

_numbers = itertools.count(1)

REPLICAS = {
    "one": "",
    "two": (
        "stock_ordering.web=2,stock_ordering.consumer=2,user_portfolio.web=2,user_portfolio.consumer=2,"
        "stock_data.web=2,stock_data.consumer=2"
    ),
}


@pytest.fixture(scope="module", params=REPLICAS)
def stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """A stack with one process of each kind, or with two of those that matter."""
    skip_where_servers_are_missing()
    folder = tmp_path_factory.mktemp("stack")
    settings = {**SETTINGS, "REPLICAS": REPLICAS[request.param], "PAGE": str(build_a_page(folder / "page"))}
    with stack_on(folder / "data", settings) as running:
        yield running
        assert_in_order(running)


@pytest.fixture
def traders(stack: StackProcess) -> list[Trader]:
    """A buyer and a seller, each on a fresh connection: one that is idle is closed."""
    return [Trader(stack, stack.sign_up(f"trader-{next(_numbers)}")) for _ in range(2)]


def assert_in_order(stack: StackProcess) -> None:
    stack.wait_until_settled()
    audit = stack.audit()
    assert audit.returncode == 0, audit.stdout + audit.stderr


def test_after_a_waited_cancel_the_cash_is_there_for_the_next_order(traders: list[Trader]) -> None:
    assert refused_after_cancels(traders[0], "MSFT") == []


def test_after_a_waited_fill_everything_that_follows_from_it_is_shown(traders: list[Trader]) -> None:
    assert old_after_fills(traders[0], traders[1], "MSFT") == []


def test_the_second_of_two_orders_that_only_together_are_too_much_is_refused(traders: list[Trader]) -> None:
    too_much = [(403, "insufficient_buying_power"), (403, "insufficient_shares")]

    assert [second_halves(traders[0], "MSFT") for _ in range(ROUNDS)] == [too_much] * ROUNDS
