"""Market data over HTTP: how a market stands, its candles and its tape."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from stock_data.api.questions import page_token, read_page_token
from stock_data.handlers.questions import Bookmark
from tests.stock_data.builders import MINUTE_US, NOON_US, ask, bid, change, trade
from tests.stock_data.rig import Rig, refusal

DAY_US = 24 * 60 * MINUTE_US
NOON = "2025-06-15T12:00:00"
PATHS = [
    "/v2/stocks/{}/bars?timeframe=1Min",
    "/v2/stocks/{}/trades",
    "/v2/stocks/{}/bars/latest",
    "/v2/stocks/{}/trades/latest",
    "/v2/stocks/{}/quotes/latest",
    "/v2/stocks/{}/snapshot",
    "/v2/stocks/{}/orderbook",
    "/v2/stocks/bars?timeframe=1Min&symbols=MSFT,{}",
    "/v2/stocks/trades?symbols=MSFT,{}",
    "/v2/stocks/bars/latest?symbols=MSFT,{}",
    "/v2/stocks/trades/latest?symbols=MSFT,{}",
    "/v2/stocks/quotes/latest?symbols=MSFT,{}",
    "/v2/stocks/snapshots?symbols=MSFT,{}",
]


def pages(rig: Rig, path: str, **query: Any) -> list[Any]:
    """Every page of an answer, following the tokens."""
    shown = [rig.shown(path, **query)]
    while token := shown[-1]["next_page_token"]:
        shown.append(rig.shown(path, **query, page_token=token))
    return shown


def test_the_depth_shows_the_best_levels_first(rig: Rig):
    levels = [bid(98, 7), bid(99, 5, orders=2), bid(97, 1), ask(103, 2), ask(101, 3), ask(102, 4)]
    rig.hear(change(8, levels, previous=0))

    book = rig.shown("/v2/stocks/AAPL/orderbook", levels=2)

    assert book == {
        "symbol": "AAPL",
        "sequence": 8,
        "t": f"{NOON}.000000Z",
        "bids": [{"p": 99.0, "s": 5, "n": 2}, {"p": 98.0, "s": 7, "n": 1}],
        "asks": [{"p": 101.0, "s": 3, "n": 1}, {"p": 102.0, "s": 4, "n": 1}],
    }


def test_a_book_nobody_has_touched_is_empty_at_sequence_0(rig: Rig):
    book = rig.shown("/v2/stocks/AAPL/orderbook")

    assert (book["sequence"], book["t"], book["bids"], book["asks"]) == (0, None, [], [])


def test_prices_are_exact_json_numbers(rig: Rig):
    rig.hear(change(1, [bid(99, 1)]))

    assert '"p":99.00,' in rig.get("/v2/stocks/AAPL/orderbook").text


def test_the_quote_is_the_best_bid_and_ask(rig: Rig):
    rig.hear(change(1, [bid(98, 7), bid(99, 5), ask(101, 3)]))

    quote = rig.shown("/v2/stocks/AAPL/quotes/latest")["quote"]

    assert quote == {"t": f"{NOON}.000000Z", "bp": 99.0, "bs": 5, "ap": 101.0, "as": 3}


def test_the_side_where_nobody_stands_is_quoted_as_0(rig: Rig):
    rig.hear(change(1, [bid(99, 5), ask(101, 3)]))
    rig.hear(change(2, [ask(101, 0)]))

    quote = rig.shown("/v2/stocks/quotes/latest", symbols="AAPL")["quotes"]["AAPL"]

    assert (quote["bp"], quote["bs"], quote["ap"], quote["as"]) == (99.0, 5, 0.0, 0)


def test_the_last_trade_is_the_one_with_the_highest_number(rig: Rig):
    rig.hear(trade(1, price=100), trade(2, price=90, quantity=3))

    shown = rig.shown("/v2/stocks/AAPL/trades/latest")

    assert shown["trade"] == {"t": f"{NOON}.000000Z", "p": 90.0, "s": 3, "i": 2, "tks": "B"}


def test_what_has_not_traded_is_left_out_of_many_and_null_alone(rig: Rig):
    rig.hear(trade(1))

    assert set(rig.shown("/v2/stocks/trades/latest", symbols="AAPL,MSFT")["trades"]) == {"AAPL"}
    assert set(rig.shown("/v2/stocks/bars/latest", symbols="AAPL,MSFT")["bars"]) == {"AAPL"}
    assert rig.shown("/v2/stocks/quotes/latest", symbols="AAPL,MSFT") == {"quotes": {}}
    assert rig.shown("/v2/stocks/MSFT/trades/latest") == {"symbol": "MSFT", "trade": None}
    assert rig.shown("/v2/stocks/MSFT/bars/latest") == {"symbol": "MSFT", "bar": None}


def test_a_snapshot_shows_trade_quote_minute_and_two_days(rig: Rig):
    rig.hear(trade(1, price=80), trade(2, price=100, at_us=NOON_US + DAY_US), change(1, [bid(99, 1)]))

    shown = rig.shown("/v2/stocks/AAPL/snapshot")

    assert shown["symbol"] == "AAPL"
    assert (shown["latestTrade"]["p"], shown["latestQuote"]["bp"], shown["minuteBar"]["c"]) == (100.0, 99.0, 100.0)
    assert (shown["dailyBar"]["c"], shown["prevDailyBar"]["c"]) == (100.0, 80.0)
    assert rig.shown("/v2/stocks/snapshots", symbols="AAPL,MSFT")["MSFT"] == {
        "latestTrade": None,
        "latestQuote": None,
        "minuteBar": None,
        "dailyBar": None,
        "prevDailyBar": None,
    }


def test_a_bar_shows_what_its_trades_come_to(rig: Rig):
    rig.hear(trade(1, price=100, quantity=1), trade(2, price=103, quantity=2), trade(3, price=98, quantity=3))

    [bar] = rig.shown("/v2/stocks/AAPL/bars", timeframe="1Hour")["bars"]

    assert bar == {
        "t": f"{NOON}.000000Z",
        "o": 100.0,
        "h": 103.0,
        "l": 98.0,
        "c": 98.0,
        "v": 6,
        "n": 3,
        "vw": 100.0,
    }


def test_start_and_end_are_included(rig: Rig):
    rig.hear(*[trade(number, at_us=NOON_US + number * MINUTE_US) for number in range(1, 6)])
    asked = {"start": "2025-06-15T12:02:00Z", "end": "2025-06-15T14:04:00+02:00"}

    bars = rig.shown("/v2/stocks/AAPL/bars", timeframe="1Min", **asked)["bars"]
    trades = rig.shown("/v2/stocks/AAPL/trades", **asked)["trades"]

    assert [bar["t"][14:16] for bar in bars] == ["02", "03", "04"]
    assert [each["i"] for each in trades] == [2, 3, 4]


def test_who_reads_on_from_the_last_time_misses_no_trade_whatever_the_clocks_of_those_who_match(rig: Rig):
    rig.hear(trade(1, at_us=NOON_US))
    seen = rig.shown("/v2/stocks/AAPL/trades")["trades"]

    rig.hear(trade(2, at_us=NOON_US - DAY_US))

    later = rig.shown("/v2/stocks/AAPL/trades", start=seen[-1]["t"])["trades"]
    assert [each["i"] for each in later] == [1, 2]
    assert rig.shown("/v2/stocks/AAPL/bars/latest")["bar"]["n"] == 2


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
@pytest.mark.parametrize("sort", ["asc", "desc"])
def test_pages_together_are_the_whole_tape_once(rig: Rig, limit: int, sort: str):
    flows = [trade(number, symbol=symbol) for number in range(1, 5) for symbol in ("AAPL", "TSLA")]
    rig.hear(*flows)

    shown = pages(rig, "/v2/stocks/trades", symbols="TSLA,AAPL,MSFT", limit=limit, sort=sort)

    numbers = [1, 2, 3, 4] if sort == "asc" else [4, 3, 2, 1]
    tape = [(symbol, each["i"]) for page in shown for symbol, trades in page["trades"].items() for each in trades]
    assert tape == [(symbol, number) for symbol in ("AAPL", "TSLA") for number in numbers]
    assert all(sum(map(len, page["trades"].values())) <= limit for page in shown)


@pytest.mark.parametrize("sort", ["asc", "desc"])
def test_pages_together_are_all_bars_once(rig: Rig, sort: str):
    rig.hear(*[trade(number, at_us=NOON_US + number * MINUTE_US) for number in range(1, 8)])

    shown = pages(rig, "/v2/stocks/AAPL/bars", timeframe="1Min", limit=3, sort=sort)

    minutes = [int(bar["t"][14:16]) for page in shown for bar in page["bars"]]
    assert minutes == sorted(range(1, 8), reverse=sort == "desc")
    assert len(shown) == 3


def test_alpacas_other_parameters_are_taken(rig: Rig):
    rig.shown(
        "/v2/stocks/bars", symbols="AAPL", timeframe="1Day", adjustment="raw", feed="iex", asof="-", currency="USD"
    )


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("unknown", ["NVDA", "%00", "a%27b", "x" * 300])
def test_an_unknown_symbol_is_not_found_alone_or_among_others(rig: Rig, path: str, unknown: str):
    assert refusal(rig.get(path.format(unknown))) == (404, "unknown_symbol")


@pytest.mark.parametrize("path", PATHS)
def test_nobody_reads_the_market_without_a_name(rig: Rig, path: str):
    assert refusal(rig.get(path.format("AAPL"), headers={})) == (401, "unauthenticated")


@pytest.mark.parametrize("timeframe", ["2Min", "1min", "", "1Week"])
def test_another_timeframe_is_refused_naming_the_four(rig: Rig, timeframe: str):
    answer = rig.get("/v2/stocks/AAPL/bars", timeframe=timeframe)

    assert refusal(answer) == (422, "invalid_request")
    assert "1Min, 5Min, 1Hour, 1Day" in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=10001",
        "limit=many",
        "limit=1.5",
        "start=yesterday",
        "start=",
        "start=2025-13-01",
        "start=2025-06-15T12:00:00 02:00",
        "end=99999-01-01",
        "end=%00",
        "sort=up",
        "page_token=",
        "page_token=%00",
        "page_token=%C3%A4",
        "page_token=nonsense",
        "page_token=QUFQTA",
        "currency=EUR",
        "color=green",
    ],
)
@pytest.mark.parametrize("path", ["/v2/stocks/AAPL/trades?", "/v2/stocks/trades?symbols=AAPL&"])
def test_nonsense_is_refused_by_name(rig: Rig, path: str, query: str):
    assert refusal(rig.get(path + query)) == (422, "invalid_request")


@pytest.mark.parametrize("start", ["0001-01-01T00:00:00+14:00", "1969-07-20", "9999-12-31T23:59:59-14:00"])
def test_any_year_will_do(rig: Rig, start: str):
    rig.hear(trade(1))

    assert len(rig.shown("/v2/stocks/AAPL/trades", start=start)["trades"]) == (0 if start.startswith("9") else 1)


@pytest.mark.parametrize("symbols", ["", ",", ",".join(f"S{number}" for number in range(101))])
def test_the_number_of_symbols_is_bounded(rig: Rig, symbols: str):
    assert refusal(rig.get("/v2/stocks/trades/latest", symbols=symbols)) == (422, "invalid_request")


@pytest.mark.parametrize("levels", ["0", "-1", "1001", "ten"])
def test_the_depth_is_bounded(rig: Rig, levels: str):
    assert refusal(rig.get("/v2/stocks/AAPL/orderbook", levels=levels)) == (422, "invalid_request")


def test_a_page_token_is_read_back_as_it_was_given():
    bookmark = Bookmark("BRK.B", (NOON_US, 17))

    token = page_token(bookmark)

    assert token is not None
    assert read_page_token(token) == bookmark


def test_a_made_up_page_token_cannot_ask_for_more_than_history_holds(rig: Rig):
    rig.hear(trade(1))
    token = base64.urlsafe_b64encode(f"AAPL {10**18 - 1} {10**18 - 1}".encode()).decode()

    assert rig.shown("/v2/stocks/AAPL/trades", page_token=token)["trades"] == []


def test_the_document_describes_every_endpoint(rig: Rig):
    paths = rig.app.api_doc["paths"]

    for path in PATHS:
        route = path.split("?")[0].format("{symbol}")
        assert "$ref" in paths[route]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
