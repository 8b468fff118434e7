"""What a person sees when something that the page needs is away, and comes back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from loadtest.exchange_process import ExchangeProcess, exchange_on
from loadtest.stack_process import StackProcess, stack_on
from tests.browser.conftest import SETTINGS, visitors_of
from tests.browser.people import new_name, signed_up
from tests.stack.conftest import skip_where_servers_are_missing

GATEWAY = "live_gateway.web.1"
SYMBOL = "AAPL"
LOST = r"WebSocket|ERR_|status of 50[234]"
"""What a browser writes to its console while nobody answers."""


@pytest.fixture(scope="module")
def stack(browser, tmp_path_factory):
    skip_where_servers_are_missing()
    with stack_on(tmp_path_factory.mktemp("watched") / "stack", SETTINGS) as running:
        yield running


@pytest.fixture
def stack_visitor(stack: StackProcess, browser, request, tmp_path):
    yield from visitors_of(f"http://{stack.host}:{stack.port}", browser, request, tmp_path)


@pytest.fixture
def frail(tmp_path):
    """An exchange whose customers begin with nothing, to be stopped and started."""
    with exchange_on(tmp_path / "frail", {**SETTINGS, "STARTING_SHARES": "", "STARTING_CASH": "0"}) as running:
        yield running


@pytest.fixture
def frail_visitor(frail: ExchangeProcess, browser, request, tmp_path):
    yield from visitors_of(f"http://{frail.host}:{frail.port}", browser, request, tmp_path)


def test_when_the_gateway_is_killed_nothing_is_missed_and_nothing_comes_twice(stack, stack_visitor):
    seller, buyer, watcher = (signed_up(stack) for _ in range(3))
    seller.trader.sell(SYMBOL, 80, "190.00")
    buyer.trader.buy(SYMBOL, 11, "190.00")
    screen = stack_visitor(watcher)
    screen.complaints.expect(LOST)
    screen.trade(SYMBOL)
    expect(screen.state).to_contain_text("Live")
    expect(screen.tape.newest).to_contain_text("11")
    states = screen.remember_states()

    stack.kill_child(GATEWAY, whole=True)
    buyer.trader.buy(SYMBOL, 12, "190.00")
    buyer.trader.buy(SYMBOL, 13, "189.00")
    seller.trader.sell(SYMBOL, 13, "189.00")
    buyer.trader.buy(SYMBOL, 14, "188.00")
    stack.wait_until_ready()

    expect(screen.tape.newest).to_contain_text("13")
    expect(screen.state).to_contain_text("Live")
    buyer.trader.buy(SYMBOL, 15, "190.00")
    expect(screen.tape.newest).to_contain_text("15")
    screen.tape.will_show(15, 13, 12, 11)
    screen.depth.will_be_that_of(watcher.trader, SYMBOL)
    assert any("Live" not in state for state in states()), "the page never said that it was cut off"


def test_while_the_exchange_is_away_the_page_says_so_and_comes_back_by_itself(frail, frail_visitor):
    screen = frail_visitor()
    screen.complaints.expect(LOST)
    screen.sign_up(new_name())
    screen.trade(SYMBOL)
    expect(screen.state).to_contain_text("Live")
    screen.mark()

    frail.stop()
    expect(screen.state).not_to_contain_text("Live")
    frail.start()

    expect(screen.state).to_contain_text("Live", timeout=30_000)
    signed_up(frail).trader.place(SYMBOL, "buy", "1", "150.00")
    assert screen.is_the_marked_one()


def test_an_account_with_nothing_is_told_what_to_do(frail_visitor):
    screen = frail_visitor()
    screen.sign_up(new_name())

    screen.go_to("Portfolio")

    expect(screen.page.get_by_text("No shares yet")).to_be_visible()
    expect(screen.page.get_by_role("link", name="Go to the market")).to_be_visible()
