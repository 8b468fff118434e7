"""Large bodies of strangers cost the exchange no more than their bytes."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest

from loadtest.exchange_process import ExchangeProcess
from loadtest.http_client import Connection
from loadtest.public_address import PublicAddress
from loadtest.stack_process import StackProcess
from tests.attacks.flooding import flood
from tests.attacks.trial import trial

_numbers = itertools.count(1)
HEAD = b"POST %b HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
MANY_FIELDS = b"{" + b",".join(b'"%x":1' % number for number in range(190_000)) + b"}"
MANY_NAMES = rb'{"\u007a":1,' + MANY_FIELDS[1:]
MANY_ORDERS = b'{"orders":[' + b",".join([b"{}"] * 600_000) + b"]}"
MANY_LISTS = b'{"orders":[' + b",".join([b"[]"] * 600_000) + b"]}"
SENT = [
    HEAD % (path, len(body)) + body
    for path in (b"/v2/auth/signup", b"/v2/auth/login", b"/v2/orders", b"/v2/orders:batch")
    for body in (MANY_FIELDS, MANY_NAMES, MANY_ORDERS, MANY_LISTS)
]


def large_bodies(exchange: PublicAddress, seconds: float, count: int) -> Counter[str]:
    """So many strangers at once with 2 MB each, again and again."""

    def send(connection: Connection, number: int) -> int:
        return connection.exchange(SENT[number % len(SENT)]).status

    return flood(lambda _: exchange.connect(), send, seconds, count)


def test_large_bodies_of_strangers_harm_nobody(exchange: ExchangeProcess) -> None:
    seen = trial(exchange, large_bodies, seconds=4, count=20)

    seen.assert_nobody_was_harmed()
    assert not {status for status in seen.attack if status.isdecimal()} - {"401", "413", "503", "429"}


def test_large_bodies_of_strangers_harm_nobody_on_the_stack(stack: StackProcess) -> None:
    trial(stack, large_bodies, seconds=4, count=20).assert_nobody_was_harmed()


@pytest.mark.parametrize(
    "body", [MANY_FIELDS, MANY_NAMES, MANY_ORDERS, MANY_LISTS], ids=lambda body: body[:16].decode()
)
def test_whoever_has_signed_in_is_told_in_one_answer_what_is_wrong(exchange: ExchangeProcess, body: bytes) -> None:
    token = exchange.sign_up(f"large-{next(_numbers)}")
    head = (HEAD % (b"/v2/orders:batch", len(body))).replace(
        b"Host: x", b"Host: x\r\nAuthorization: Bearer %b" % token.encode()
    )

    answer = exchange.connect().exchange(head + body)

    assert answer.status == 422
    assert len(answer.body) < 4_000
