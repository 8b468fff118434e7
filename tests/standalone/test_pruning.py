"""What never traded is forgotten after its time, and nothing else; the audit knows the difference."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg
import pytest

import order_matching.store
import stock_ordering.store.pruning
import user_portfolio.store.pruning
from chassis.clock import SystemClock
from chassis.database import Database
from loadtest.exchange_process import ExchangeProcess, exchange_on
from order_matching.store import prune_closed_orders
from standalone.embedded_postgres import EmbeddedPostgres
from stock_ordering.store.pruning import prune_untraded_orders
from tests.standalone.conftest import SETTINGS
from tests.standalone.trader import Trader
from user_portfolio.store.pruning import prune_holds

pytestmark = pytest.mark.timeout(300)

PRUNES: dict[str, Callable[[Database, int, int], None]] = {
    "stock_ordering": prune_untraded_orders,
    "order_matching": prune_closed_orders,
    "user_portfolio": prune_holds,
}
DAYS = 86_400 * 1_000_000


@pytest.fixture(scope="module")
def aged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExchangeProcess]:
    with exchange_on(tmp_path_factory.mktemp("aged") / "data", SETTINGS) as exchange:
        yield exchange


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets so many days pass, as far as whoever prunes can tell."""

    def pass_days(days: float) -> None:
        for module in (stock_ordering.store.pruning, order_matching.store, user_portfolio.store.pruning):
            monkeypatch.setattr(module, "cautious_now_us", lambda _, now_us: now_us + int(days * DAYS))

    return pass_days


@contextmanager
def databases(exchange: ExchangeProcess) -> Iterator[dict[str, Database]]:
    with ExitStack() as opened:
        found = {}
        for service in PRUNES:
            found[service] = Database(EmbeddedPostgres(exchange.folder).url(service), SystemClock(), connections=2)
            opened.callback(found[service].close)
            found[service].open()
        yield found


def prune_all(exchange: ExchangeProcess, kept_days: int = 7) -> None:
    """Every service's, in two processes' place at once."""
    failed: list[BaseException] = []

    def prune(service: str, database: Database) -> None:
        try:
            PRUNES[service](database, SystemClock().now_us(), kept_days)
        except BaseException as error:
            failed.append(error)
            raise

    with databases(exchange) as opened:
        threads = [threading.Thread(target=prune, args=each) for each in opened.items() for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failed == []


def count(exchange: ExchangeProcess, service: str, query: Any) -> int:
    with psycopg.connect(EmbeddedPostgres(exchange.folder).url(service)) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def test_what_never_traded_goes_and_what_has_traded_or_is_open_stays(
    aged: ExchangeProcess, later: Callable[[float], None]
) -> None:
    maker, taker = Trader(aged, aged.sign_up("maker")), Trader(aged, aged.sign_up("taker"))
    canceled = taker.buy("AAPL", 1, "1.00", client_order_id="mine")
    assert taker.cancel(canceled["id"]).status == 200
    missed = taker.buy("AAPL", 1, "1.00", time_in_force="ioc")
    replaced = taker.buy("AAPL", 2, "1.00")
    standing = taker.replace(replaced["id"], limit_price="1.01").json()
    sold = maker.sell("AAPL", 5, "200.00")
    bought = taker.buy("AAPL", 2, "200.00")
    assert maker.cancel(sold["id"]).status == 200
    own = maker.sell("MSFT", 1, "300.00")
    refused = maker.place("MSFT", "buy", 1, "300.00").json()["order"]
    assert refused["status"] == "rejected"
    aged.wait_until_settled()
    before = {trader.token: (trader.account()["cash"], trader.position("AAPL")) for trader in (maker, taker)}

    later(6.9)
    prune_all(aged)
    assert taker.order(canceled["id"])["status"] == "canceled"

    later(8)
    prune_all(aged)

    for trader, gone in ((taker, canceled), (taker, missed), (taker, replaced), (maker, refused)):
        assert trader.connection.request("GET", f"/v2/orders/{gone['id']}").status == 404
        assert trader.cancel(gone["id"]).status == 404
    assert [taker.order(each["id"])["status"] for each in (standing, bought)] == ["new", "filled"]
    assert [maker.order(each["id"])["status"] for each in (sold, own)] == ["canceled", "new"]
    assert count(aged, "order_matching", "select count(*) from orders") == 2
    assert count(aged, "user_portfolio", "select count(*) from holds") == 2
    assert before == {trader.token: (trader.account()["cash"], trader.position("AAPL")) for trader in (maker, taker)}
    assert taker.buy("AAPL", 3, "1.00", client_order_id="mine")["id"] != canceled["id"]
    aged.wait_until_settled()
    audit = aged.audit()
    assert audit.returncode == 0, audit.stdout


def test_the_exchange_goes_on_where_it_was(aged: ExchangeProcess, later: Callable[[float], None]) -> None:
    maker, taker = Trader(aged, aged.sign_up("maker-2")), Trader(aged, aged.sign_up("taker-2"))
    resting = maker.sell("TSLA", 10, "250.00")
    later(30)
    prune_all(aged)

    assert taker.buy("TSLA", 4, "250.00")["status"] == "filled"
    assert maker.order(resting["id"])["filled_qty"] == "4"
    assert maker.replace(resting["id"], limit_price="251.00").status == 200
    aged.wait_until_settled()
    assert aged.audit().returncode == 0


@pytest.mark.parametrize("which", ["is open", "has traded", "is too young"])
def test_an_order_that_should_be_there_is_missed_all_the_same(
    aged: ExchangeProcess, later: Callable[[float], None], which: str
) -> None:
    trader = Trader(aged, aged.sign_up(f"loser-{time.time_ns()}"))
    order = trader.buy("AMZN", 1, "1.00")
    if which != "is open":
        assert trader.cancel(order["id"]).status == 200
    aged.wait_until_settled()
    lost = {"has traded": "filled_quantity > 0", "is open": f"id = '{order['id']}'"}.get(which, f"id = '{order['id']}'")
    later(-30 if which == "is too young" else 30)
    if which != "is too young":
        prune_all(aged)
    url = EmbeddedPostgres(aged.folder).url("stock_ordering")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")  # the fills of a lost order stay behind
        if which == "is too young":
            connection.execute("update pruned set before_us = 0")
        connection.execute("create table lost as select * from orders where false")
        moving = f"with gone as (delete from orders where {lost} returning *) insert into lost select * from gone"
        connection.execute(moving.encode())
    try:
        audit = aged.audit()
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("insert into orders select * from lost")
            connection.execute("drop table lost")
            connection.execute("update pruned set before_us = (extract(epoch from now()) + 3000000) * 1000000")

    assert "WRONG every accepted order is open or over, as its book says" in audit.stdout
    assert "nobody placed it" in audit.stdout


def test_nothing_goes_where_nothing_is_to_go(aged: ExchangeProcess, later: Callable[[float], None]) -> None:
    trader = Trader(aged, aged.sign_up("keeper"))
    order = trader.buy("AAPL", 1, "1.00")
    assert trader.cancel(order["id"]).status == 200
    aged.wait_until_settled()

    later(10_000)
    prune_all(aged, kept_days=0)

    assert trader.order(order["id"])["status"] == "canceled"
