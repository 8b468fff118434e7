"""Whatever bytes come, the answer is never a server error, and the log has no traceback of them."""

from __future__ import annotations

import json
import random
import socket
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.paths import PATHS
from loadtest.exchange_process import ExchangeProcess
from loadtest.http_client import Connection
from loadtest.own_process import OwnProcess
from loadtest.public_address import PublicAddress
from loadtest.stack_process import StackProcess
from tests.attacks.raw_seeds import BODIES, CHUNKED, HEADERS, NAMES, NUMBERS, TARGETS, TEXTS


def operations(exchange: PublicAddress, document: str) -> list[tuple[bytes, bytes]]:
    """Every method and address of the API's document, with something in the place of its parameters."""
    with closing(Connection(exchange.host, exchange.port)) as connection:
        described = connection.request("GET", document).json()["paths"]
    return [
        (method.upper().encode(), path.replace("{", "").replace("}", "").encode())
        for path, methods in sorted(described.items())
        for method in methods
    ]


def json_bodies(names: list[bytes]) -> Iterator[bytes]:
    yield from BODIES
    for value in (*NUMBERS, *TEXTS):
        yield b"{" + b",".join(b'"%b":%b' % (name, value) for name in names) + b"}"


def requests_for(method: bytes, path: bytes, credentials: bytes, chance: random.Random) -> Iterator[bytes]:
    """Some of all that may be wrong with a request, another some for each address."""
    plain = b"%b %b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%b" % (method, path, credentials)
    if method not in (b"GET", b"DELETE"):
        for body in json_bodies(NAMES):
            kind = b"Content-Type: application/json\r\n"
            yield plain + kind + b"Content-Length: %d\r\n\r\n" % len(body) + body
        for chunks in chance.sample(CHUNKED, 8):
            yield plain + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks
    for header in chance.sample(HEADERS, 25):
        yield plain + header + b"\r\n\r\n{}"
    for target in chance.sample(TARGETS, 12):
        yield plain.replace(path, target.replace(b"{path}", path), 1) + b"\r\n"


def answered(place: PublicAddress, request: bytes) -> int:
    """The status of what is answered to bytes after which nothing more comes; 0 where that is nothing."""
    with socket.create_connection((place.host, place.port), timeout=30.0) as connection:
        answer = b""
        with suppress(ConnectionError):
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
        with suppress(ConnectionError):
            while len(answer) < 12 and (more := connection.recv(4_096)):
                answer += more
    return int(answer[9:12]) if answer.startswith(b"HTTP/1.") else 0


def assert_no_server_error(place: PublicAddress, requests: Iterator[bytes]) -> None:
    wrong = {}
    for request in requests:
        status = answered(place, request)
        if status >= 500 and status != 503:
            wrong[request[:300]] = status
    assert not wrong, wrong


def assert_quiet(process: OwnProcess) -> None:
    log = process.log.read_text(errors="replace")
    assert "Traceback" not in log, log[log.index("Traceback") - 500 :][:4_000]


def credentials_of(exchange: PublicAddress, name: str) -> bytes:
    return f"Authorization: Bearer {exchange.sign_up(name)}\r\n".encode()


@pytest.mark.parametrize("who", ["stranger", "operator", "trader"])
def test_no_bytes_make_a_server_error(exchange: ExchangeProcess, who: str) -> None:
    credentials = b""
    if who == "trader":
        credentials = credentials_of(exchange, "raw-bytes")
    elif who == "operator":
        login = {"name": "operator", "password": "operator-password"}
        token = exchange.connect().request("POST", "/v2/auth/login", login).json()["access_token"]
        credentials = f"Authorization: Bearer {token}\r\n".encode()
    chance = random.Random(who)

    for method, path in operations(exchange, "/openapi/openapi.json"):
        assert_no_server_error(exchange, requests_for(method, path, credentials, chance))

    assert_quiet(exchange)
    assert exchange.connect().request("GET", "/readyz").status == 200


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_change_of_a_good_request_makes_a_server_error(exchange: ExchangeProcess, data: st.DataObject) -> None:
    body = json.dumps({"name": "somebody", "password": "correct horse battery"}).encode()
    good = b"POST /v2/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n"
    request = good + b"Content-Length: %d\r\n\r\n" % len(body) + body
    at = data.draw(st.integers(0, len(request) - 1))
    cut = data.draw(st.integers(0, 20))
    bad = request[:at] + data.draw(st.binary(max_size=20)) + request[at + cut :]

    status = answered(exchange, bad)

    assert status < 500, bad
    assert_quiet(exchange)


def test_nor_behind_the_gateway_nor_at_a_services_own_port(stack: StackProcess) -> None:
    chance = random.Random(11)
    for name, child in stack.children().items():
        service, _, door = name.partition(".")
        if not door.startswith("web") or f"/openapi/{service}" not in PATHS.get(service, ()):
            continue
        own = urlsplit(child.health_url)
        there = PublicAddress(own.hostname or "", own.port or 0)
        for method, path in operations(there, f"/openapi/{service}/openapi.json"):
            requests: list[Any] = list(requests_for(method, path, b"", chance))
            assert_no_server_error(there, iter(requests))
            assert_no_server_error(stack, iter(requests[::5]))

    assert_quiet(stack)
