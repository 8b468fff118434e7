"""Whoever connects and says nothing, or has many connections, keeps nobody else off."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack, suppress

import pytest
from websocket import WebSocket, WebSocketConnectionClosedException

from tests.live_gateway.builders import ALICE, BOB, placed
from tests.live_gateway.rig import House, tell
from tests.live_gateway.wire import Hung, RawClient, silent

SETTINGS = {"live_connections": 12, "live_connections_per_account": 6, "live_strangers": 8, "live_identify_ms": 2_000}


@pytest.fixture
def url(house: House) -> str:
    return house.gateway(**SETTINGS)


def connects_and_is_told(house: House, url: str, account_id: str) -> None:
    """Within a bound that a busy machine keeps, far from the half minute that it took when it could be kept out."""
    started_s = time.monotonic()
    with RawClient(url, {"token": house.accounts.token(account_id)}) as client:
        assert client.connected, client.refusal
        tell(house.bus, placed("hers", account_id))
        client.until(lambda: client.all_orders())
    assert time.monotonic() - started_s < 5.0


def test_silent_upgrades_keep_nobody_out(house, url):
    with ExitStack() as crowd:
        for _ in range(60):
            crowd.enter_context(silent(url))

        connects_and_is_told(house, url, ALICE)
        connects_and_is_told(house, url, BOB)


def test_accounts_with_many_connections_keep_nobody_out(house, url):
    with ExitStack() as crowd:
        for number in range(8):
            token = {"token": house.accounts.token(f"mallory{number}", session=f"m{number}")}
            for _ in range(6):
                crowd.enter_context(RawClient(url, token))

        connects_and_is_told(house, url, ALICE)
        connects_and_is_told(house, url, BOB)


def last_words(socket: WebSocket) -> tuple[list[str], int]:
    """What is said until the connection is closed, and the code it is closed with."""
    said: list[str] = []
    while True:
        opcode, content = socket.recv_data(control_frame=True)
        if opcode == 8:
            return said, int.from_bytes(content[:2], "big")
        said.append(content.decode())


def test_who_does_not_say_who_it_is_is_told_why_it_has_to_go(house, url):
    started_s = time.monotonic()
    with silent(url) as socket:
        said, code = last_words(socket)

    assert 1.5 < time.monotonic() - started_s < 15.0
    refusal = json.loads(said[-1].removeprefix("44"))
    assert refusal["data"]["name"] == "unauthenticated"
    assert "within 2 seconds" in refusal["message"]
    assert code == 1008


def test_time_cannot_be_bought_with_words(house, url):
    """Half a message a moment, pings, packets that ask for nothing: none of it counts as saying who one is."""
    started_s = time.monotonic()
    with silent(url) as socket, suppress(OSError, WebSocketConnectionClosedException):
        while time.monotonic() - started_s < 30.0:
            socket.send("3")
            socket.ping("still there")
            socket.send('42["subscribe",{}]')
            time.sleep(0.05)

    assert time.monotonic() - started_s < 15.0


def test_who_logs_off_without_going_has_its_time_again_and_then_goes(house, url):
    with RawClient(url, {"token": house.accounts.token(ALICE)}) as client:
        client.say("41")
        started_s = time.monotonic()

        with pytest.raises((Hung, ConnectionError)):
            client.until(lambda: False)

        assert 1.5 < time.monotonic() - started_s < 15.0
