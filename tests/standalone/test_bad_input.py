"""Whatever a stranger sends, the answer is a 4xx with a code and a sentence, and nothing is half done."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest

from contracts.refusals import Refusal
from loadtest.exchange_process import ExchangeProcess
from loadtest.http_client import Response
from tests.standalone.conftest import TraderMaker
from tests.standalone.trader import Trader

KNOWN_REFUSALS = {refusal.name.lower(): refusal.value for refusal in Refusal}


def assert_refused(response: Response, status: int | None = None) -> dict[str, Any]:
    body: dict[str, Any] = response.json()
    assert 400 <= response.status < 500, response.body
    assert status is None or response.status == status, response.body
    assert KNOWN_REFUSALS[body["name"]].number == body["code"]
    assert KNOWN_REFUSALS[body["name"]].status == response.status
    assert len(body["message"].split()) >= 3, "a sentence"
    return body


def send_text(trader: Trader, text: str | bytes, kind: str = "application/json") -> Response:
    """Post an order body that no JSON library would write."""
    content = text.encode() if isinstance(text, str) else text
    connection = trader.another_connection()
    head = (
        f"POST /v2/orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {trader.token}\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return connection.exchange(head.encode() + content)


GOOD = {"symbol": "AAPL", "side": "buy", "qty": "1", "type": "limit", "limit_price": "1.00", "time_in_force": "day"}


def each(field: str, *values: Any) -> list[dict[str, Any]]:
    return [{field: value} for value in values]


BAD_FIELDS: list[dict[str, Any]] = [
    *each(
        "qty",
        0, -1, "0", "-1", 0.5, "0.5", "1.5", "", "ten", "NaN", "Infinity", "1e3", True, False, None, [], {}, ["1"],
        10**9 + 1, 10**30, "9" * 100, "1" * 5_000, "\uff11", "\u0000", "1 ", "0x10",
    ),
    *each(
        "limit_price",
        0, -1, "-1.00", "0.001", "1.00001", 1e-7, "NaN", "-Infinity", "1e3", True, None, [], {}, 10**30, "9" * 400, "",
        "one",
    ),
    *each("symbol", "NOPE", "", "aapl ", "A" * 5_000, "\u0000", "AA\u0000PL", 7, None, [], "'; drop"),
    {"side": "hold"}, {"side": None}, {"side": 1}, {"type": "magic"}, {"type": "stop", "stop_price": "1"},
    {"time_in_force": "forever"}, {"time_in_force": ["day"]}, {"client_order_id": ""}, {"client_order_id": "x" * 200},
    {"client_order_id": 5}, {"client_order_id": "a\u0000b"}, {"unknown_field": 1}, {"extended_hours": True},
    {"notional": "100"}, {"order_class": "bracket"},
    {"qty": 10**9, "limit_price": "1000000"},
]  # fmt: skip


@pytest.fixture(scope="module")
def someone(exchange: ExchangeProcess) -> Trader:
    return Trader(exchange, exchange.sign_up("bad-input"))


@pytest.mark.parametrize("change", BAD_FIELDS, ids=lambda change: json.dumps(change)[:40])
def test_a_bad_field_is_refused_by_name(someone: Trader, change: dict[str, Any]) -> None:
    response = someone.connection.request("POST", "/v2/orders", {**GOOD, **change})

    assert_refused(response)


@pytest.mark.parametrize("missing", ["symbol", "side", "qty", "type", "limit_price"])
def test_a_missing_field_is_named(someone: Trader, missing: str) -> None:
    response = someone.connection.request("POST", "/v2/orders", {k: v for k, v in GOOD.items() if k != missing})

    assert missing in assert_refused(response, 422)["message"]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", 422),
        ("{", 400),
        ("[]", 400),
        ('"{}"', 400),
        ("null", 400),
        ("NaN", 400),
        ('{"qty": NaN}', 400),
        ('{"qty": Infinity}', 400),
        ('{"qty": 1e999999}', 400),
        ('{"qty": 1E9999999999999999999}', 400),
        ('{"qty": 0e-9999999999999999999}', 400),
        ('{"qty": 1e15}', 422),
        ('{"qty": ' + "9" * 16_000 + "}", 400),
        ("{}", 422),
        (b"\xff\xfe{}", 400),
        (b'{"symbol": "\xc3\x28"}', 400),
        ('{"a":' * 2_500 + "1" + "}" * 2_500, 400),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_a_body_that_is_no_order_is_refused(someone: Trader, text: str | bytes, status: int) -> None:
    assert_refused(send_text(someone, text), status)


def test_a_body_of_another_kind_is_refused(someone: Trader) -> None:
    assert_refused(send_text(someone, "qty=1", "application/x-www-form-urlencoded"), 415)


def test_a_body_of_ten_megabytes_is_refused(someone: Trader) -> None:
    assert_refused(send_text(someone, b" " * 10_000_000), 413)


def test_a_batch_of_more_than_a_thousand_orders_is_refused_whole(someone: Trader) -> None:
    response = someone.connection.request("POST", "/v2/orders:batch", {"orders": [GOOD] * 1_001})

    assert_refused(response, 422)


def test_a_batch_answers_each_order_for_itself(someone: Trader) -> None:
    orders = [GOOD, {**GOOD, "qty": "-1"}, {**GOOD, "symbol": "NOPE"}, 7, {}, GOOD]

    response = someone.connection.request("POST", "/v2/orders:batch", {"orders": orders})

    statuses = [answer["status"] for answer in response.json()["orders"]]
    assert response.status == 200
    assert [status // 100 for status in statuses] == [2, 4, 4, 4, 4, 2]


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("DELETE", ""), ("PATCH", ""), ("GET", "/fills")],
)
def test_another_users_order_is_not_there(
    someone: Trader, trader: TraderMaker, symbol: str, method: str, path: str
) -> None:
    order_id = trader("owner").buy(symbol, 1, "1.00")["id"]

    body = {"qty": "2"} if method == "PATCH" else None
    response = someone.connection.request(method, f"/v2/orders/{order_id}{path}", body)

    assert_refused(response, 404)


@pytest.mark.parametrize("order_id", ["7", "x" * 300, "%00", "00000000-0000-0000-0000-000000000000", "..%2f..", "'"])
def test_an_order_id_that_is_none_is_not_found(someone: Trader, order_id: str) -> None:
    assert_refused(someone.connection.request("GET", f"/v2/orders/{order_id}"), 404)


@pytest.mark.parametrize(
    "path",
    [
        "/v2/account", "/v2/orders", "/v2/positions", "/v2/assets", "/v2/account/activities",
        "/v2/stocks/AAPL/orderbook", "/v2/stocks/snapshots?symbols=AAPL", "/v2/auth/me", "/v2/auth/keys",
    ],
)  # fmt: skip
@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c"])
def test_nobody_gets_in_without_a_valid_token(exchange: ExchangeProcess, path: str, token: str) -> None:
    assert_refused(exchange.connect(token).request("GET", path), 401)


def test_an_address_that_is_none_is_refused_in_words(someone: Trader) -> None:
    assert_refused(someone.connection.request("GET", "/v2/nothing"), 404)
    assert_refused(someone.connection.request("PUT", "/v2/orders", {}), 405)


def test_a_client_that_goes_away_in_the_middle_of_a_request_harms_nobody(someone: Trader) -> None:
    with socket.create_connection((someone.exchange.host, someone.exchange.port)) as half:
        half.sendall(b"POST /v2/orders HTTP/1.1\r\nContent-Length: 500\r\n\r\n{")

    assert someone.account()["status"] == "ACTIVE"
