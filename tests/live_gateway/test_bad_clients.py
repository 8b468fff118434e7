"""Whatever a client sends, it is refused or cut off, and everybody else goes on as before."""

from __future__ import annotations

import json
import socket
import time
from contextlib import suppress

import pytest
from websocket import WebSocketException

from tests.live_gateway.builders import ALICE, BOB, placed
from tests.live_gateway.rig import House, tell
from tests.live_gateway.wire import Hung, RawClient, get

DEEP = "[" * 50_000


@pytest.fixture
def url(house: House) -> str:
    return house.gateway(live_events_per_second=10)


@pytest.fixture
def witness(house, url):
    """Somebody who does nothing wrong, and is still served afterwards."""
    with RawClient(url, {"token": house.accounts.token(BOB)}) as client:
        yield client
        tell(house.bus, placed("afterwards", BOB))
        client.until(lambda: client.all_orders())


@pytest.mark.parametrize(
    "payload",
    [(), (None,), (7,), ("AAPL",), ({"prices": [f"S{n}" for n in range(10_000)]},), ({"prices": []}, 1), ([[[]]],)],
    ids=lambda payload: str(payload)[:40],
)
@pytest.mark.parametrize("event", ["subscribe", "renew"])
def test_a_payload_of_the_wrong_kind_is_refused_and_the_connection_goes_on(house, url, witness, event, payload):
    with RawClient(url, {"token": house.accounts.token(ALICE)}) as client:
        answer = client.ask(event, *payload)

        assert answer["error"]["name"] in ("invalid_request", "unauthenticated")
        assert client.ask("subscribe", {"prices": ["AAPL"]}) == {"prices": ["AAPL"], "markets": []}


@pytest.mark.parametrize(
    "packet",
    [
        "",
        "4",
        "42",
        "42{}",
        "42[]",
        "42[[]]",
        '42{"subscribe":1}',
        "42not json",
        "421" + DEEP,
        '451-["subscribe",{"_placeholder":true,"num":0}]',
        '4599999-["subscribe"]',
        "430[]",
        '431{"a":1}',
        "43999999[]",
        "44{}",
        "49",
        "9",
        "6",
        "x",
        "2probe",
        "5",
        "40/admin,",
        "41/admin,",
        "42/admin," + '["subscribe"]',
    ],
)
def test_a_packet_that_is_none_harms_nobody_else(house, url, witness, packet):
    with RawClient(url, {"token": house.accounts.token(ALICE)}) as client:
        client.say(packet)
        client.say_bytes(b"\x00\xff")
        try:
            client.ask("subscribe", {})
        except (Hung, OSError):
            return  # cut off is fine, too


def test_a_message_beyond_all_bounds_ends_its_connection(house, url, witness):
    with RawClient(url, {"token": house.accounts.token(ALICE)}) as client:
        with suppress(ConnectionError):  # it need not be listened to until its end
            client.say('421["subscribe",{"prices":["' + "A" * 400_000 + '"]}]')

        client.until_cut()
        assert client.answers == {}


def test_who_asks_too_often_is_told_so_and_sent_away(house, url, witness):
    with RawClient(url, {"token": house.accounts.token(ALICE)}) as client:
        for number in range(100):
            client.say(f'42{number}["subscribe",{{}}]')
        client.until(lambda: client.is_disconnected)

        assert client.farewell["name"] == "too_many_requests"


def test_who_knocks_again_and_again_on_one_line_is_cut_off(house, url, witness):
    with RawClient(url) as client:
        with suppress(ConnectionError):
            for _ in range(10):
                client.say('40{"token":"guess"}')

        client.until_cut()


def test_a_flood_is_read_no_faster_than_others_can_be_served(house, url, witness):
    with RawClient(url, {"token": house.accounts.token(ALICE)}) as client:
        client._socket.settimeout(0.2)
        until_s = time.monotonic() + 3.0
        sent = 0
        with suppress(OSError, WebSocketException):  # the network between us is full: that is where a flood belongs
            while time.monotonic() < until_s:
                client.say("43999999[]" + " " * 10_000)
                sent += 1
        asked_s = time.monotonic()
        assert witness.ask("subscribe", {}) == {"prices": [], "markets": []}
        assert time.monotonic() - asked_s < 2.0
        assert sent > 0


def test_half_a_handshake_takes_nobodys_place(house, url, witness):
    host, port = url.removeprefix("http://").split(":")
    sockets = [socket.create_connection((host, int(port)), 5.0) for _ in range(20)]
    for each in sockets:
        each.sendall(b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\n")

    assert json.loads(get(url, "/livez")[1]) == {"live": True}
    for each in sockets:
        each.close()
