"""Gateways as processes: several side by side, killed, stopped, and cut off from the broker."""

from __future__ import annotations

import signal
import socket
import threading
import time
from contextlib import ExitStack
from typing import Any

import pika  # type: ignore[import-untyped]
import pytest
import socketio  # type: ignore[import-untyped]

from contracts.orders import Side
from tests.live_gateway.builders import ALICE, BOB, change, filled, placed
from tests.live_gateway.rig import StackHouse, tell
from tests.live_gateway.wire import RawClient
from tests.servers.cable import Cable


def test_two_replicas_both_tell(stack_house):
    first, second = stack_house.open_gateway(), stack_house.open_gateway()
    token = {"token": stack_house.accounts.token(ALICE)}
    with RawClient(first, token) as desk, RawClient(second, token) as phone:
        tell(stack_house.bus, placed("o1"), filled("o1"))

        for client in (desk, phone):
            client.until(lambda client=client: len(client.all_orders()) == 2)


class Crossroads:
    """One address for several gateways, as a proxy in front of them: what cannot be reached is passed over."""

    def __init__(self, *urls: str) -> None:
        self._cables = [Cable(int(url.rsplit(":", 1)[1])) for url in urls]
        self._ports = [cable.port for cable in self._cables]

    def url(self) -> str:
        """The address of the first that can be reached, or of the last."""
        for cable, port in zip(self._cables, self._ports, strict=True):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", cable._server_port)) == 0:
                    return f"http://127.0.0.1:{port}"
        return f"http://127.0.0.1:{port}"

    def close(self) -> None:
        for cable in self._cables:
            cable.close()


def test_who_loses_its_gateway_finds_another_and_is_told_nothing_twice(stack_house):
    first, second = stack_house.open_gateway(), stack_house.open_gateway()
    roads, seen, connected = Crossroads(first, second), [], threading.Event()
    client = socketio.Client(reconnection_delay=0.05, reconnection_delay_max=0.2)

    def subscribe() -> None:
        client.emit("subscribe", {"markets": ["AAPL"]})
        connected.set()

    client.on("connect", subscribe)
    client.on("update", lambda update: seen.append(update))
    client.connect(roads.url, auth={"token": stack_house.accounts.token(ALICE)}, transports=["websocket"])
    assert connected.wait(20.0)
    _until(lambda: seen and seen[-1]["bus_connected"])
    tell(stack_house.bus, placed("before"))
    _until(lambda: _orders(seen) == ["before"])

    connected.clear()
    stack_house.kill(first)

    assert connected.wait(20.0)
    before = len(seen)
    _until(lambda: len(seen) > before and seen[-1]["bus_connected"])
    tell(stack_house.bus, placed("after"), change(7, 8, (Side.BUY, 1_000_000, 1)))
    _until(lambda: "after" in _orders(seen) and any("books" in update for update in seen))
    client.disconnect()
    roads.close()
    assert _orders(seen) == ["before", "after"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_leaves_at_once_however_many_are_connected(stack_house, number):
    url = stack_house.open_gateway()
    with ExitStack() as clients:
        token = {"token": stack_house.accounts.token(ALICE)}
        connected = [clients.enter_context(RawClient(url, token)) for _ in range(20)]
        told_s = time.monotonic()

        status = stack_house.kill(url, number)

        assert status == 0
        assert time.monotonic() - told_s < 5.0
        for client in connected:
            client.until_cut()
            assert client.farewell == {}


def test_when_the_broker_was_away_clients_are_told_and_fetch_everything_again(stack_house, monkeypatch):
    rabbitmq_url = stack_house.rabbitmq_url
    port = pika.URLParameters(rabbitmq_url).port
    cable = Cable(port)
    monkeypatch.setattr(stack_house, "rabbitmq_url", rabbitmq_url.replace(f":{port}/", f":{cable.port}/"))
    url = stack_house.open_gateway(live_pulse_ms=100)
    with RawClient(url, {"token": stack_house.accounts.token(ALICE)}) as client:
        client.subscribe(["MSFT"], ["AAPL"])
        client.until(lambda: client.updates)

        cable.pull()
        client.until(lambda: not client.updates[-1]["bus_connected"])
        tell(stack_house.bus, placed("missed"))
        cable.put_back()

        client.until(lambda: client.updates[-1]["bus_connected"] and client.news("resync"))
        assert set(client.news("resync")[-1]) == {"orders", "assets", "AAPL", "MSFT"}
        tell(stack_house.bus, placed("heard"))
        client.until(lambda: client.all_orders())
        assert [event["order_id"] for event in client.all_orders()] == ["heard"]
    stack_house.kill(url)
    cable.close()


def test_memory_is_bounded_however_many_never_read(stack_house):
    url = stack_house.open_gateway()
    symbols = [f"S{number}" for number in range(10)]
    with ExitStack() as clients:
        for _ in range(19):
            slow = clients.enter_context(RawClient(url, {"token": stack_house.accounts.token(ALICE)}, lazy=True))
            slow.subscribe(symbols, symbols)
        witness = clients.enter_context(RawClient(url, {"token": stack_house.accounts.token(BOB)}))
        witness.subscribe(markets=["S9"])
        _tell_changes(stack_house, symbols, 0)
        before_kib = _memory_kib(stack_house, url)

        for start in range(1, 11):
            _tell_changes(stack_house, symbols, start)

        last = 11 * 200
        witness.until(lambda: any(each["S9"]["sequence"] == last for each in witness.news("books") if "S9" in each))
        assert _memory_kib(stack_house, url) < before_kib + 20_000


def _tell_changes(house: StackHouse, symbols: list[str], start: int) -> None:
    """Two hundred changes of each book, about as many of its levels as it ever has."""
    for number in range(start * 200, start * 200 + 200):
        tell(
            house.bus,
            *(change(number, number + 1, (Side.BUY, 1_000_000 + number % 200, 5), symbol=symbol) for symbol in symbols),
        )


def _memory_kib(house: StackHouse, url: str) -> int:
    with open(f"/proc/{house.processes[url].pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def _orders(seen: list[dict[str, Any]]) -> list[str]:
    return [event["order_id"] for update in seen for event in update.get("orders", ())]


def _until(happened) -> None:
    deadline_s = time.monotonic() + 20.0
    while not happened():
        assert time.monotonic() < deadline_s, "it never happened"
        threading.Event().wait(0.02)
