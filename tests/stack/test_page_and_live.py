"""The page, the live gateway and the resident market of a stack, through its one address."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from loadtest.http_client import Response
from loadtest.stack_process import StackProcess, stack_on
from tests.chassis.builders import eventually
from tests.stack.conftest import SETTINGS, skip_where_servers_are_missing
from tests.standalone.a_page import INDEX, SCRIPT, build_a_page
from tests.standalone.watcher import Watcher

pytestmark = pytest.mark.timeout(400)

LIMIT_S = 90.0
MARKET = "market_feed.trade.1"
BUSY = ("AAPL", "AMZN", "MSFT", "NVDA", "TSLA")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    """A stack with a page and two live gateways, in which a market lives."""
    skip_where_servers_are_missing()
    folder = tmp_path_factory.mktemp("lively-stack")
    settings = {**SETTINGS, "PAGE": str(build_a_page(folder / "page")), "MARKET": "on"}
    with stack_on(folder / "data", settings) as running:
        yield running


def wait_until(happened: Callable[[], object], limit_s: float = LIMIT_S) -> None:
    deadline_s = time.monotonic() + limit_s
    while not happened():
        assert time.monotonic() < deadline_s, "it did not happen"
        time.sleep(0.05)


def ask(stack: StackProcess, path: str, **headers: str) -> Response:
    with closing(stack.connect()) as browser:
        return browser.request("GET", path, None, **headers)


def test_the_page_is_at_the_stacks_address_with_the_same_rules(stack: StackProcess) -> None:
    for address in ("/", "/trade/AAPL", "/orders"):
        answer = ask(stack, address)
        assert (answer.status, answer.body.decode()) == (200, INDEX)
        assert "default-src 'self'" in answer.headers["content-security-policy"]
    script = ask(stack, SCRIPT, accept_encoding="gzip")
    assert (script.headers["content-encoding"], "immutable" in script.headers["cache-control"]) == ("gzip", True)


@pytest.mark.parametrize("address", ["/nowhere", "/v2/nowhere", "/metrics", "/readyz", "/openapi/page/swagger"])
def test_any_other_address_is_refused_in_the_exchanges_words(stack: StackProcess, address: str) -> None:
    answer = ask(stack, address)

    assert (answer.status, answer.json()["code"]) == (404, 40410000)


def test_a_trade_of_the_resident_market_is_seen_live(stack: StackProcess) -> None:
    watcher = Watcher(stack, stack.sign_up("watcher"))
    watcher.watch(*BUSY)

    wait_until(lambda: any(update.get("prices") for update in watcher.told()))
    wait_until(lambda: any(update.get("books") for update in watcher.told()))

    watcher.leave()


def test_a_live_gateway_that_is_killed_cuts_off_its_own_and_the_other_takes_them(stack: StackProcess) -> None:
    token = stack.sign_up("reconnecting")
    watchers = [Watcher(stack, token) for _ in range(8)]

    stack.kill_child("live_gateway.web.1", whole=True)
    stack.kill_child("live_gateway.web.2", whole=True)

    for watcher in watchers:
        watcher.wait_until_cut_off()
    stack.wait_until_ready()
    again = Watcher(stack, token)
    eventually(lambda: bool(again.updates))
    again.leave()


def test_a_market_that_dies_comes_back(stack: StackProcess) -> None:
    starts = stack.children()[MARKET].starts

    stack.kill_child(MARKET)

    wait_until(lambda: stack.children()[MARKET].starts > starts)
    stack.wait_until_ready()


def test_replacing_every_process_replaces_the_market_by_one_of_its_own(stack: StackProcess) -> None:
    stack.wait_until_ready()
    before = stack.children()

    stack.replace_all()

    stack.wait_until_ready()
    after = stack.children()
    assert not [name for name in (MARKET, "page.web.1", "live_gateway.web.2") if after[name].pid == before[name].pid]


def test_the_audit_finds_a_moment_to_look_although_the_market_goes_on(stack: StackProcess) -> None:
    stack.wait_until_ready()
    started_s = time.monotonic()

    audit = stack.audit()

    print(f"\naudited a living market in {time.monotonic() - started_s:.1f} s")
    assert audit.returncode == 0, audit.stdout + audit.stderr


def test_open_connections_and_a_living_market_do_not_keep_it_from_stopping(stack: StackProcess) -> None:
    token = stack.sign_up("staying")
    watchers = [Watcher(stack, token) for _ in range(16)]
    started_s = time.monotonic()

    status = stack.stop()

    print(f"\nstopped in {time.monotonic() - started_s:.1f} s")
    assert status == 0
    assert "it is killed" not in stack.log.read_text()
    for watcher in watchers:
        watcher.wait_until_cut_off()
        watcher.leave()
