"""Bad input gets a 4xx with a name and a sentence; nothing is saved, nothing announced, nothing crashes."""

from __future__ import annotations

import json
import sys
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.refusals import Refused
from stock_ordering.api.bodies import BatchBody, OrderBody, ReplaceBody
from tests.stock_ordering.builders import ALICE, BOB, uid
from tests.stock_ordering.desk import a_body

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
OPTIONAL = [name for name in OrderBody.model_fields if name not in ("symbol", "qty", "side", "type")]
BODIES = st.fixed_dictionaries(
    {name: JSON | st.sampled_from(["AAPL", "buy", "limit", "gtc"]) for name in ("symbol", "qty", "side", "type")},
    optional=dict.fromkeys([*OPTIONAL, "nonsense"], JSON),
)


@pytest.mark.parametrize(
    "wrong",
    [
        {"symbol": 7},
        {"symbol": ""},
        {"symbol": ["AAPL"]},
        {"side": "hold"},
        {"side": None},
        {"type": "stop"},
        {"type": "trailing_stop"},
        {"time_in_force": "opg"},
        {"qty": None},
        {"qty": "1.5"},
        {"qty": 1.5},
        {"qty": 0},
        {"qty": -1},
        {"qty": "-10"},
        {"qty": True},
        {"qty": "NaN"},
        {"qty": "Infinity"},
        {"qty": "1e9"},
        {"qty": "9" * 400},
        {"qty": 10**30},
        {"qty": 1_000_000_001},
        {"qty": {"shares": 10}},
        {"limit_price": None},
        {"limit_price": "0"},
        {"limit_price": "-1"},
        {"limit_price": "100.00001"},
        {"limit_price": "100.005"},
        {"limit_price": "NaN"},
        {"limit_price": "1000000.01"},
        {"limit_price": [100]},
        {"type": "market"},
        {"qty": "1000000000", "limit_price": "1000000"},
        {"symbol": "MSFT", "qty": "15"},
        {"symbol": "MSFT", "limit_price": "100.01"},
        {"client_order_id": ""},
        {"client_order_id": "x" * 129},
        {"client_order_id": "a\u0000b"},
        {"client_order_id": "line\nbreak"},
        {"client_order_id": "zero\u200bwidth"},
        {"client_order_id": "\u202eright to left"},
        {"client_order_id": "\u0301"},
        {"client_order_id": " "},
        {"client_order_id": 7},
        {"extended_hours": True},
        {"order_class": "bracket"},
        {"notional": "1000"},
        {"stop_price": "90"},
        {"take_profit": {"limit_price": "110"}},
        {"legs": []},
        {"nonsense": 1},
        {"account_id": BOB},
    ],
)
def test_a_bad_order_is_refused_in_words(desk, wrong):
    answer = desk.call("POST", "/v2/orders", a_body(**wrong))

    assert answer.status_code == 422
    assert answer.json["name"] in ("invalid_request", "order_not_allowed")
    assert len(answer.json["message"]) > 10
    assert desk.told() == []


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ("", 422),
        ("{", 400),
        ("[]", 400),
        ("null", 400),
        ('"text"', 400),
        ("{}", 422),
        (json.dumps(a_body()).replace('"10"', "NaN"), 400),
        (json.dumps(a_body()).replace('"10"', "1e999999999"), 400),
        (json.dumps(a_body()).replace('"10"', "1e-999999999"), 400),
        (json.dumps(a_body()).replace('"10"', "9" * 5_000), 400),
        ('{"symbol": "\\ud800"}', 400),
        (json.dumps(a_body())[:-1] + ', "qty": "20"}', 400),
        (json.dumps(a_body())[:-1] + ', "\\u0071ty": "10"}', 400),
        ('{"orders": [' + json.dumps(a_body())[:-1] + ', "side": "sell"}]}', 400),
        (
            '{"orders": ' + "[" * 3_000 + "]" * 3_000 + "}",
            400 if sys.version_info < (3, 14) else 422,
        ),  # not too deep there
        (json.dumps({"client_order_id": "x" * 10_000_000}), 413),
    ],
)
def test_a_body_that_is_no_order_is_refused(desk, raw, status):
    answer = desk.client().post("/v2/orders", data=raw, headers={"X-Account": ALICE}, content_type="application/json")

    assert answer.status_code == status
    assert answer.json["message"]


@pytest.mark.parametrize("symbol", ["aapl", "A\0", "AAPL ", "\uff21APL"])
def test_an_unknown_symbol_is_refused_by_name(desk, symbol):
    answer = desk.call("POST", "/v2/orders", a_body(symbol=symbol))

    assert (answer.status_code, answer.json["name"]) == (404, "unknown_symbol")


def test_a_form_is_not_json(desk):
    answer = desk.client().post("/v2/orders", data={"symbol": "AAPL"}, headers={"X-Account": ALICE})

    assert answer.status_code == 415


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v2/orders"),
        ("POST", "/v2/orders:batch"),
        ("GET", "/v2/orders"),
        ("GET", f"/v2/orders/{uid(1)}"),
        ("PATCH", f"/v2/orders/{uid(1)}"),
        ("DELETE", f"/v2/orders/{uid(1)}"),
        ("DELETE", "/v2/orders"),
        ("GET", "/v2/clock"),
        ("GET", "/v2/calendar"),
    ],
)
def test_a_stranger_is_asked_to_sign_in(desk, method, path):
    answer = desk.client().open(path, method=method, json={} if method in ("POST", "PATCH") else None)

    assert (answer.status_code, answer.json["name"]) == (401, "unauthenticated")


@pytest.mark.parametrize("order_id", ["7", "nonsense", "%00", uid(9), uid(9)[:-1], "\u0661" * 36])
@pytest.mark.parametrize(("method", "body"), [("GET", None), ("DELETE", None), ("PATCH", {"qty": "5"})])
def test_what_names_no_order_is_not_found(desk, method, body, order_id):
    answer = desk.call(method, f"/v2/orders/{order_id}", body)

    assert (answer.status_code, answer.json["name"]) == (404, "order_not_found")


@pytest.mark.parametrize("body", [{}, {"client_order_id": "x"}, {"qty": "0"}, {"limit_price": "x"}, {"stop_price": 1}])
def test_a_bad_replacement_is_refused(desk, body):
    order = desk.place()

    assert desk.call("PATCH", f"/v2/orders/{order['id']}", body).status_code == 422


@pytest.mark.parametrize(
    "query",
    [
        {"status": "some"},
        {"limit": "0"},
        {"limit": "501"},
        {"limit": "ten"},
        {"limit": "9" * 5_000},
        {"after": "yesterday"},
        {"after": "9" * 30},
        {"until": "\0"},
        {"direction": "up"},
        {"side": "both"},
        {"nonsense": "1"},
    ],
)
def test_a_bad_listing_is_refused(desk, query):
    assert desk.call("GET", "/v2/orders", **query).status_code == 422


@pytest.mark.parametrize("name", ["", "x" * 129, "a\0b"])
def test_a_name_no_order_can_have_is_refused(desk, name):
    assert desk.call("GET", "/v2/orders:by_client_order_id", client_order_id=name).status_code == 422


@settings(max_examples=300, deadline=None)
@given(BODIES)
def test_whatever_the_body_it_is_an_order_or_refused(body):
    for read in (OrderBody.model_validate, ReplaceBody.model_validate):
        with suppress(ValidationError):
            read(body)
    [judged] = BatchBody.model_validate({"orders": [body]}).orders
    assert isinstance(judged, OrderBody | Refused)
