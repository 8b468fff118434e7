"""The whole exchange as containers: it trades, it keeps its books when one is killed, and it goes when it is told to.

`make containers-test` runs this with its figures shown. The tests are one story and run in their order.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime

import pytest

from loadtest.public_address import PublicAddress
from tests.containers.docker import docker, inspect, run
from tests.containers.house import EVERYBODY, GATEWAY, MARKET, SERVING, House, wait_until
from tests.standalone.trader import Trader
from tests.standalone.watcher import Watcher

pytestmark = pytest.mark.timeout(2_000)

LEAVE_LIMIT_S = 15
DOORS_LEAVING = ("web", "relay", "consumer")
SYMBOL = "IBM"
WAVES = (
    (MARKET,),
    (GATEWAY,),
    *(tuple(name for name in SERVING if name.endswith(f".{door}")) for door in DOORS_LEAVING),
)
"""One kind after the other, as in a stack: who takes work in goes first."""


@pytest.fixture(scope="module")
def exchange(house: House) -> Iterator[PublicAddress]:
    address = house.address()
    yield address
    address.close_connections()


@pytest.fixture(scope="module")
def seller(exchange: PublicAddress) -> Trader:
    return newcomer(exchange, "seller")


@pytest.fixture(scope="module")
def buyer(exchange: PublicAddress) -> Trader:
    return newcomer(exchange, "buyer")


def newcomer(exchange: PublicAddress, name: str) -> Trader:
    """A new account that has got what it starts with."""
    trader = Trader(exchange, exchange.sign_up(name))  # type: ignore[arg-type]  # where it is, is all that counts here
    wait_until(lambda: trader.position(SYMBOL) > 0, "the first shares")
    return trader


def audit(house: House) -> None:
    said = house.operations("python", "-m", "standalone.audit", "--patience", "60")
    assert "audit: clean" in said, said


@pytest.mark.parametrize("name", EVERYBODY)
def test_a_process_has_no_rights_that_it_does_not_need(house: House, name: str) -> None:
    container = house.container(name)

    status = dict(line.split(":", 1) for line in docker("exec", container, "cat", "/proc/1/status").splitlines())
    wrote = run("exec", container, "touch", "/app/mine" if name != GATEWAY else "/usr/share/nginx/html/mine")

    assert set(status["Uid"].split()) == {"101" if name == GATEWAY else "10001"}
    assert int(status["CapEff"], 16) == int(status["CapBnd"], 16) == 0
    assert status["NoNewPrivs"].strip() == "1"
    assert b"Read-only file system" in wrote.stderr
    assert inspect(container)["HostConfig"]["Memory"] > 0


def test_two_users_trade_through_the_gateway_and_all_of_it_is_right(house: House) -> None:
    said = house.operations("python", "-m", "loadtest.smoke", "http://gateway:8080", "--patience", "120")

    assert "smoke: all is well" in said


def test_somebody_who_watches_sees_the_resident_market_move(house: House, exchange: PublicAddress) -> None:
    watcher = Watcher(exchange, exchange.sign_up("watcher"))
    watcher.watch(SYMBOL, "AAPL", "MSFT")

    wait_until(lambda: any(update.get("prices") for update in watcher.told()), "a price")
    wait_until(lambda: any(update.get("books") for update in watcher.told()), "a book")

    watcher.leave()


def test_the_audit_finds_nothing(house: House) -> None:
    audit(house)


def test_a_killed_web_process_is_replaced_and_takes_orders_again(house: House, buyer: Trader) -> None:
    house.kill("stock_ordering.web")
    with closing(buyer.another_connection()) as connection:
        refused = connection.request("GET", "/v2/orders")
    house.start("stock_ordering.web")

    house.wait_until_ready("stock_ordering.web")

    assert (refused.status, refused.json()["code"]) == (503, 50310000)
    assert buyer.buy(SYMBOL, 1)["status"] == "filled", "the resident market sells always"


def test_orders_taken_while_the_books_are_away_are_matched_when_they_are_back(
    house: House, seller: Trader, buyer: Trader
) -> None:
    house.kill("order_matching.consumer")
    sold = seller.sell(SYMBOL, 5, prefer="wait=0")
    bought = buyer.buy(SYMBOL, 5, prefer="wait=0")
    assert (sold["status"], bought["status"]) == ("pending_new", "pending_new")

    house.start("order_matching.consumer")

    for trader, order in ((seller, sold), (buyer, bought)):
        wait_until(
            lambda trader=trader, order=order: trader.order(order["id"])["status"] == "filled",  # type: ignore[misc]
            "the order filled",
        )
    audit(house)


@pytest.mark.parametrize("wave", WAVES, ids=lambda wave: wave[0])
def test_everybody_goes_cleanly_when_told_to(house: House, exchange: PublicAddress, wave: tuple[str, ...]) -> None:
    exchange.close_connections()
    told = datetime.fromisoformat(docker("info", "--format", "{{.SystemTime}}").strip())

    house.stop(*wave, limit_s=2 * LEAVE_LIMIT_S)

    for name in wave:
        state = house.state(name)
        took_s = (datetime.fromisoformat(state["FinishedAt"]) - told).total_seconds()
        print(f"\n{name:28} left after {took_s:4.1f} s", end="")
        assert (state["ExitCode"], state["OOMKilled"]) == (0, False), f"{name}: {house.logs(name)}"
        assert took_s < LEAVE_LIMIT_S, name
        assert "Traceback" not in house.logs(name)
