"""Threads that serve everybody go on, and are begun anew when they fail."""

from __future__ import annotations

import threading

import pytest
from prometheus_client import CollectorRegistry

from live_gateway.handlers.admitting import Admission
from live_gateway.handlers.counts import Counts
from live_gateway.handlers.watched import Watched
from tests.live_gateway.builders import ALICE, BOB, placed
from tests.live_gateway.rig import House, tell
from tests.live_gateway.wire import RawClient

PATIENCE_S = 20.0


def test_what_fails_is_begun_anew_and_counted():
    registry, goes_on, times = CollectorRegistry(), threading.Event(), []

    def work() -> None:
        times.append(1)
        if len(times) < 3:
            raise KeyError("something nobody thought of")
        goes_on.wait(PATIENCE_S)

    watched = Watched("worker", work, Counts(registry))
    assert registry.get_sample_value("live_threads", {"thread": "worker"}) == 0

    watched.start()
    while len(times) < 3:
        assert watched.is_alive()
    assert registry.get_sample_value("live_threads", {"thread": "worker"}) == 1
    assert registry.get_sample_value("live_thread_failures_total", {"thread": "worker"}) == 2
    goes_on.set()
    watched.join()
    assert registry.get_sample_value("live_threads", {"thread": "worker"}) == 0


def test_a_client_that_cannot_be_checked_is_cut_off_and_the_others_are_checked(
    local_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = Admission._check

    def checked(self, client):
        if client.account_id == ALICE:
            raise RuntimeError("nobody thought of that")
        check(self, client)

    monkeypatch.setattr(Admission, "_check", checked)
    url = local_house.open_gateway(live_recheck_ms=200)
    with (
        RawClient(url, {"token": local_house.accounts.token(BOB)}) as bob,
        RawClient(url, {"token": local_house.accounts.token(ALICE)}) as alice,
    ):
        alice.until_cut()
        tell(local_house.bus, placed("his", BOB))
        bob.until(lambda: bob.all_orders())
        with RawClient(url, {"token": local_house.accounts.token(BOB, lasts_s=2.0)}) as short:
            short.until(lambda: short.is_disconnected)

    assert local_house.metric(url, "live_threads") == 2
