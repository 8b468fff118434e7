"""Who asks for what came after the last order seen misses none, whichever processes placed them, by whatever clocks."""

from __future__ import annotations

import threading
import time

import pytest

from chassis.database import Database
from stock_ordering.settings import Settings
from stock_ordering.store.unit import SqlUnit
from tests.stock_ordering.builders import ALICE, BOB, NOW_US, rested
from tests.stock_ordering.desk import Desk, a_body

PATIENCE_S = 60.0


@pytest.fixture
def behind(ordering_database, desk):
    """A second process of the service on the same database, with a clock of its own that is a second behind."""
    database = Database(ordering_database.url, desk.clock)
    database.open()
    replica = Desk(database, Settings())
    replica.clock.step(-1)
    yield replica
    database.close()


class Poller:
    """A bot that asks again and again for what came after the last order it has seen."""

    def __init__(self, desk: Desk, account: str = ALICE) -> None:
        self._desk, self._account = desk, account
        self.seen: list[str] = []
        self._last = "2000-01-01T00:00:00Z"

    def poll(self) -> None:
        address = f"/v2/orders?status=all&direction=asc&limit=7&after={self._last}"
        for order in self._desk.client().get(address, headers={"X-Account": self._account}).json or ():
            self.seen.append(order["id"])
            self._last = order["created_at"]


def test_an_order_placed_by_a_process_that_is_behind_comes_after_one_by_a_process_that_is_ahead(desk, behind):
    poller = Poller(desk)
    placed = []

    for process in (desk, behind, desk, behind, behind):
        placed.append(process.place()["id"])
        poller.poll()

    assert poller.seen == placed


def test_a_replacement_comes_after_all_that_was_there(desk, behind):
    old = desk.place()
    desk.hear(rested(old["id"]))

    new = behind.call("PATCH", f"/v2/orders/{old['id']}", {"qty": "20"}).json

    assert new["created_at"] > old["created_at"]


def test_a_batch_comes_in_its_order_after_what_was_there(desk, behind):
    first = desk.place()
    entries = behind.call("POST", "/v2/orders:batch", {"orders": [a_body() for _ in range(20)]}).json["orders"]
    last = behind.place()

    times = [first["created_at"], *(entry["order"]["created_at"] for entry in entries), last["created_at"]]

    assert times == sorted(set(times))


def test_another_accounts_orders_have_times_of_their_own(desk, behind):
    desk.place(account=ALICE)

    assert behind.place(account=BOB)["created_at"] == "2025-06-15T15:06:39.000000Z"


def test_a_process_whose_clock_is_a_century_ahead_does_not_date_what_others_place_after_it(desk):
    desk.clock.step(100 * 365 * 86_400)

    created_at = desk.place()["created_at"]

    assert created_at < time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() + 60))


def test_an_order_is_not_dated_while_an_earlier_one_of_its_account_is_not_committed(desk, behind):
    with behind.database.transaction() as transaction:
        SqlUnit(transaction).take_times([ALICE], NOW_US + 1_000_000, 5)
        placing = threading.Thread(target=desk.place)
        placing.start()
        anothers = desk.place(account=BOB)  # nobody else waits for it
        assert desk.rows("select count(*) from orders where account_id = %s", ALICE) == [(0,)]
    placing.join(PATIENCE_S)

    assert anothers["status"] == "pending_new"
    assert desk.rows("select created_at_us from orders where account_id = %s", ALICE) == [(NOW_US + 1_000_005,)]


def test_a_bot_that_polls_while_two_processes_place_at_once_sees_every_order_once(desk, behind):
    poller, over = Poller(desk), threading.Event()
    placed: list[str] = []

    def place(process, size):
        for _ in range(15):
            entries = process.call("POST", "/v2/orders:batch", {"orders": [a_body() for _ in range(size)]}).json
            placed.extend(entry["order"]["id"] for entry in entries["orders"])

    def poll():
        while not over.is_set():
            poller.poll()

    polling = threading.Thread(target=poll)
    threads = [threading.Thread(target=place, args=each) for each in ((desk, 1), (behind, 1), (desk, 9), (behind, 5))]
    polling.start()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    over.set()
    polling.join(PATIENCE_S)
    while len(poller.seen) < len(placed):
        before = len(poller.seen)
        poller.poll()
        assert len(poller.seen) > before, "some were missed"

    assert len(placed) == 15 * (1 + 1 + 9 + 5)
    assert sorted(poller.seen) == sorted(placed)
