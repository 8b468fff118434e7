"""Whatever stands in an address, it is understood as the document says, or refused in words: no mistake, no silence."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from loadtest.exchange_process import ExchangeProcess
from loadtest.http_client import Response
from standalone.openapi import document_text
from tests.standalone.conftest import TraderMaker
from tests.standalone.parameters import JUNK, RAW_JUNK, Parameter, parameters
from tests.standalone.test_bad_input import assert_refused

DOCUMENT: dict[str, Any] = json.loads(document_text())
PARAMETERS = parameters(DOCUMENT)
ADDRESSES = sorted({parameter.path for parameter in PARAMETERS} | {"/v2/account", "/v2/positions", "/v2/clock"})


class Reader:
    """Somebody who may read everything, the operator's pages too, and comes back when a connection is closed."""

    def __init__(self, exchange: ExchangeProcess) -> None:
        login = {"name": "operator", "password": "operator-password"}
        self._exchange = exchange
        self._token = exchange.connect().request("POST", "/v2/auth/login", login).json()["access_token"]
        self._connection = exchange.connect(self._token)

    def get(self, address: str) -> Response:
        response = self._connection.request("GET", address)
        if response.headers.get("connection", "").lower() == "close":
            self._connection.close()
            self._connection = self._exchange.connect(self._token)
        return response


@pytest.fixture(scope="module")
def reader(exchange: ExchangeProcess) -> Reader:
    return Reader(exchange)


def assert_answered_or_refused(response: Response, allowed: bool, address: str) -> None:
    if response.status == 200:
        assert allowed, f"{address[:200]} is not what the document says, and was answered"
    else:
        assert_refused(response)


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda each: f"{each.path} {each.name}")
def test_a_value_is_understood_as_the_document_says_or_refused(reader: Reader, parameter: Parameter) -> None:
    for value in JUNK if parameter.place == "query" else JUNK[1:]:  # without it, that is another address
        address = parameter.address(value)
        assert_answered_or_refused(reader.get(address), parameter.allows(value), address)
    for written in RAW_JUNK:
        response = reader.get(parameter.address(written, raw=True))
        assert response.status == 200 or assert_refused(response)


def test_numbers_are_taken_up_to_their_ends_and_no_further(reader: Reader) -> None:
    ends = [(parameter, *end) for parameter in PARAMETERS for end in parameter.ends()]
    assert len(ends) > 40

    for parameter, value, allowed in ends:
        response = reader.get(parameter.address(value))
        assert (response.status != 422) == allowed, f"{parameter.address(value)}: {response.body!r}"


@pytest.mark.parametrize("path", ADDRESSES)
def test_what_an_address_does_not_know_or_gets_twice_is_refused_by_name(reader: Reader, path: str) -> None:
    address = next((each.good_address() for each in PARAMETERS if each.path == path), path)
    more = "&" if "?" in address else "?"

    unknown = assert_refused(reader.get(f"{address}{more}colour=blue"), 422)
    twice = assert_refused(reader.get(f"{address}{more}limit=1&limit=2"), 422)

    assert "colour" in json.dumps(unknown)
    assert "limit" in json.dumps(twice)


def test_what_would_cancel_more_than_was_asked_for_cancels_nothing(trader: TraderMaker, symbol: str) -> None:
    person = trader()
    order = person.buy(symbol, 1, "50.00")

    refused = person.connection.request("DELETE", f"/v2/orders?symbols={symbol}&side=sell")

    assert "takes none" in assert_refused(refused, 422)["message"]
    assert person.order(order["id"])["status"] == "new"


@pytest.mark.parametrize(
    "address",
    [
        "/v2/stocks/bars?symbols=AAPL&timeframe=1Min&start=2026-02-01&end=2026-01-01",
        "/v2/stocks/AAPL/trades?start=1960-01-01&end=1950-01-01",
        "/v2/calendar?start=2026-02-01&end=2026-01-31",
        "/v2/orders?after=2026-02-01&until=2026-01-31T23:59:59Z",
        "/v2/account/activities?after=2026-02-01T00:00:00%2B01:00&until=2026-01-31T22:00:00Z",
        "/v2/account/ledger?after=2026-02-01&until=2026-01-01",
        "/v2/account/portfolio/history?start=2026-02-01&end=2026-01-01",
        "/v2/account/portfolio/history?start=2026-02-01&date_end=2026-01-31",
    ],
)
def test_a_time_that_ends_before_it_starts_is_refused_in_words(reader: Reader, address: str) -> None:
    assert "must not be after" in assert_refused(reader.get(address), 422)["message"]


@pytest.mark.parametrize("count", [101, 1_000, 10_000])
def test_more_symbols_than_an_address_takes_are_refused(reader: Reader, count: int) -> None:
    symbols = ",".join(f"S{number}" for number in range(count))

    for address in ("/v2/stocks/snapshots", "/v2/stocks/quotes/latest", "/v2/stocks/trades"):
        assert_refused(reader.get(f"{address}?symbols={quote(symbols)}"))
