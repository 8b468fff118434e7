"""Live connections to an exchange in one process: beside its requests, and never in the way of its end."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from loadtest.exchange_process import ExchangeProcess
from tests.chassis.builders import eventually
from tests.standalone.conftest import TraderMaker
from tests.standalone.processes import worker_of
from tests.standalone.watcher import Watcher

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for the worker in /proc"),
]

GRACE_S = 9.5
"""After ten seconds gunicorn kills who is still there."""


def test_a_trade_is_seen_by_who_watches_and_by_who_traded(
    exchange: ExchangeProcess, symbol: str, trader: TraderMaker
) -> None:
    maker, taker = trader("maker"), trader("taker")
    watcher, his_own = Watcher(exchange, trader("watcher").token), Watcher(exchange, taker.token)
    watcher.watch(symbol)

    maker.sell(symbol, 5, "101.25")
    order = taker.buy(symbol, 2, "101.25")

    watcher.wait_for_price(symbol, "101.25")
    his_own.wait_for_order(order["id"], "filled")
    assert not [told for update in watcher.told() for told in update.get("orders", ())]
    watcher.leave()
    his_own.leave()


def test_open_connections_are_no_requests_at_once(tmp_path: Path) -> None:
    exchange = ExchangeProcess(tmp_path / "data", {"HTTP_THREADS": "4", "MOST_REQUESTS_AT_ONCE": "3"})
    exchange.start()
    token = exchange.sign_up("watcher")
    watchers = [Watcher(exchange, token) for _ in range(16)]

    statuses = {exchange.connect(token).request("GET", "/v2/account").status for _ in range(8)}

    assert statuses == {200}
    for watcher in watchers:
        watcher.leave()
    assert exchange.stop() == 0


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_fifty_open_connections_do_not_keep_it_from_stopping(tmp_path: Path, told: signal.Signals) -> None:
    exchange = ExchangeProcess(tmp_path / "data", {"LIVE_CONNECTIONS_PER_ACCOUNT": "64"})
    exchange.start()
    token = exchange.sign_up("watcher")
    watchers = [Watcher(exchange, token) for _ in range(50)]
    eventually(lambda: all(watcher.updates for watcher in watchers))

    worker, told_s = worker_of(exchange.process.pid), time.monotonic()
    if told == signal.SIGINT:
        os.killpg(exchange.process.pid, told)  # as Ctrl-C does
    else:
        exchange.process.send_signal(told)
    while worker_of(exchange.process.pid) == worker:
        time.sleep(0.01)
    took_s = time.monotonic() - told_s

    print(f"\nstopped with 50 open connections in {took_s:.1f} s")
    assert exchange.process.wait(60) == 0
    assert took_s < GRACE_S, "it was killed in the end"
    assert "Traceback" not in exchange.log.read_text()
    for watcher in watchers:
        watcher.wait_until_cut_off()
        watcher.leave()
