"""Whoever can connect, and no more than that, keeps nobody else from trading."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from loadtest.exchange_process import ExchangeProcess
from loadtest.public_address import PublicAddress
from loadtest.stack_process import StackProcess
from tests.attacks.crowd import Crowd, connects, together
from tests.attacks.trial import trial

MANY_ADDRESSES = tuple(f"127.0.2.{number}" for number in range(1, 51))
HALF_HEAD = b"GET /v2/account HTTP/1.1\r\nHost: x\r\nX-More: "
POST = b"POST /v2/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
HALF_BODY = POST + b'Content-Length: 200\r\n\r\n{"name": "'
ENDLESS_BODY = POST + b"Transfer-Encoding: chunked\r\n\r\n"
BOOK = b"GET /v2/stocks/AAPL/orderbook HTTP/1.1\r\nHost: x\r\n\r\n"
DOCUMENT = b"GET /openapi/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"

ANSWERED = {
    200: b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    400: b"NONSENSE\r\n\r\n",
    401: b"GET /v2/account HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    404: b"GET /v2/nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    413: POST + b"Content-Length: 9000000\r\n\r\n" + b"x" * 5_000,
    414: b"GET /" + b"x" * 9_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    431: b"GET / HTTP/1.1\r\n" + b"X-Much: " + b"x" * 70_000 + b"\r\n\r\n",
}

ANSWERED_AND_LEFT = together(
    **{
        f"answered_{status}": (Crowd(opening, reads=False, comes_again=False), 50)
        for status, opening in ANSWERED.items()
    }
)
HOLDERS = together(
    half_heads=(Crowd(HALF_HEAD), 250),
    half_bodies=(Crowd(HALF_BODY), 200),
    silent=(Crowd(), 250),
    dribbled_heads=(Crowd(HALF_HEAD, b"x"), 100),
    dribbled_bodies=(Crowd(HALF_BODY, b"x"), 100),
    endless_bodies=(Crowd(ENDLESS_BODY, b"1\r\nx\r\n", 0.2), 50),
)
IDLE = together(
    idle=(Crowd(ANSWERED[200].replace(b"Connection: close\r\n", b"")), 1_500),
    idle_from_many_addresses=(Crowd(sources=MANY_ADDRESSES), 1_500),
)
BUSY = together(
    never_reads=(Crowd(DOCUMENT * 10, reads=False, receive_buffer=4_096), 60),
    pipelines=(Crowd(BOOK * 200, reads=False, receive_buffer=4_096), 20),
    connects=(connects, 500),
)


def test_who_leaves_an_answered_connection_open_keeps_nobody_waiting(exchange: ExchangeProcess) -> None:
    trial(exchange, ANSWERED_AND_LEFT, seconds=6, count=0, neighbours=1).assert_nobody_was_harmed()


def test_who_begins_and_does_not_go_on_keeps_nobody_waiting(exchange: ExchangeProcess) -> None:
    trial(exchange, HOLDERS, seconds=8, count=0, neighbours=1).assert_nobody_was_harmed()


@pytest.mark.parametrize("attack", [IDLE, BUSY], ids=lambda attack: attack.__name__)
def test_who_takes_all_that_one_address_may_have_harms_nobody_elsewhere(exchange: ExchangeProcess, attack: Any) -> None:
    trial(exchange, attack, seconds=8, count=0).assert_nobody_was_harmed()


def address_of(stack: StackProcess, name: str) -> PublicAddress:
    """Where a process of the stack listens itself."""
    place = urlsplit(stack.children()[name].health_url)
    return PublicAddress(place.hostname or "", place.port or 0)


def attack_at(place: PublicAddress) -> Any:
    def attack(_: PublicAddress, seconds: float, count: int) -> object:
        return HOLDERS(place, seconds, count)

    return attack


def test_neither_in_the_stack_nor_behind_its_gateway(stack: StackProcess) -> None:
    def everywhere(gateway: PublicAddress, seconds: float, count: int) -> object:
        inside = [address_of(stack, name) for name in ("stock_ordering.web.1", "user_accounts.web.1")]
        attacks = {f"at_{place.port}": (attack_at(place), 0) for place in [gateway, *inside]}
        return together(**attacks)(gateway, seconds, count)

    trial(stack, everywhere, seconds=8, count=0).assert_nobody_was_harmed()
