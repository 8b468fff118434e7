"""Assets over HTTP, and what an operator does to them."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from contracts.facts import InstrumentHalted, InstrumentListed, InstrumentResumed
from tests.stock_data.rig import TRADER, Rig, refusal

NVDA = {"symbol": "NVDA", "name": "NVIDIA", "reference_price": "120.05", "tick_size": "0.05", "lot_size": 10}


def test_every_instrument_is_an_asset_in_order_of_its_symbol(rig: Rig):
    assets = rig.shown("/v2/assets")

    assert [asset["symbol"] for asset in assets] == ["AAPL", "MSFT", "TSLA"]


def test_an_asset_has_what_alpacas_clients_require(rig: Rig):
    asset = rig.shown("/v2/assets/AAPL")

    assert UUID(asset["id"]).version == 7
    assert {key: asset[key] for key in ("class", "exchange", "status", "tradable", "fractionable")} == {
        "class": "us_equity",
        "exchange": "NASDAQ",
        "status": "active",
        "tradable": True,
        "fractionable": False,
    }
    assert (asset["min_order_size"], asset["price_increment"], asset["reference_price"]) == ("1", "0.01", "190.00")


def test_an_asset_is_found_by_its_id(rig: Rig):
    asset = rig.shown("/v2/assets/MSFT")

    assert rig.shown(f"/v2/assets/{asset['id']}") == asset


@pytest.mark.parametrize("unknown", ["NVDA", "aapl", str(uuid4()), "%00", "A%00", "%ed%a0%80", "'", "x" * 500])
def test_an_unknown_asset_is_not_found(rig: Rig, unknown: str):
    assert refusal(rig.get(f"/v2/assets/{unknown}")) == (404, "unknown_symbol")


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ({"status": "active"}, 3),
        ({"status": "inactive"}, 0),
        ({"asset_class": "us_equity", "exchange": "NASDAQ"}, 3),
        ({"asset_class": "crypto"}, 0),
        ({"exchange": "NYSE"}, 0),
        ({"attributes": "any"}, 3),
    ],
)
def test_assets_are_filtered(rig: Rig, question: dict[str, str], found: int):
    assert len(rig.shown("/v2/assets", **question)) == found


def test_nobody_looks_without_a_name(rig: Rig):
    assert refusal(rig.get("/v2/assets", headers={})) == (401, "unauthenticated")


def test_an_operator_lists_an_instrument(rig: Rig):
    answer = rig.post("/v2/operator/instruments", NVDA)

    assert answer.status_code == 201
    shown = rig.shown("/v2/assets/NVDA")
    assert answer.json == shown
    assert (shown["price_increment"], shown["lot_size"], shown["reference_price"]) == ("0.05", "10", "120.05")
    assert isinstance(rig.told()[-1], InstrumentListed)
    assert rig.shown("/v2/stocks/NVDA/orderbook")["bids"] == []


def test_a_listed_symbol_is_not_listed_again(rig: Rig):
    answer = rig.post("/v2/operator/instruments", {**NVDA, "symbol": "AAPL"})

    assert refusal(answer) == (422, "invalid_request")
    assert rig.shown("/v2/assets/AAPL")["name"] == "Apple Inc."


@pytest.mark.parametrize(
    "wrong",
    [
        {"symbol": "nvda"},
        {"symbol": 7},
        {"name": ""},
        {"name": "\x00"},
        {"name": None},
        {"reference_price": "120.01"},
        {"reference_price": 0},
        {"reference_price": -120},
        {"reference_price": True},
        {"reference_price": "NaN"},
        {"reference_price": "1e3"},
        {"reference_price": 1e300},
        {"reference_price": [1]},
        {"tick_size": "0.00001"},
        {"tick_size": 0},
        {"lot_size": 0},
        {"lot_size": 1.5},
        {"lot_size": "10"},
        {"lot_size": 10**30},
        {"color": "green"},
    ],
)
def test_nonsense_is_refused_by_name(rig: Rig, wrong: dict[str, object]):
    answer = rig.post("/v2/operator/instruments", {**NVDA, **wrong})

    assert refusal(answer) == (422, "invalid_request")
    assert rig.get("/v2/assets/NVDA").status_code == 404


def test_a_halt_stops_an_instrument_and_tells_everybody_once(rig: Rig):
    first = rig.post("/v2/operator/instruments/AAPL/halt")
    again = rig.post("/v2/operator/instruments/AAPL/halt")

    assert first.status_code == again.status_code == 200
    shown = rig.shown("/v2/assets/AAPL")
    assert (shown["halted"], shown["tradable"], shown["status"]) == (True, False, "active")
    assert [fact.symbol for fact in rig.told() if isinstance(fact, InstrumentHalted)] == ["AAPL"]


def test_a_resumed_instrument_is_tradable_again(rig: Rig):
    rig.post("/v2/operator/instruments/AAPL/halt")

    answer = rig.post("/v2/operator/instruments/AAPL/resume")

    assert answer.json is not None
    assert answer.json["tradable"] is True
    assert isinstance(rig.told()[-1], InstrumentResumed)


def test_halts_and_resumes_are_counted_by_the_database_whatever_the_clocks_say(rig: Rig):
    """Each change may be made by another process, whose clock is behind."""
    told = len(rig.told())
    for deed in ("halt", "resume", "resume", "halt"):
        rig.post(f"/v2/operator/instruments/AAPL/{deed}")
        rig.clock.advance(-3_600)

    assert [fact.sequence for fact in rig.told()[told:]] == [1, 2, 3]


def test_a_halt_by_a_version_that_does_not_count_is_counted(rig: Rig):
    with rig.database.transaction() as transaction:
        transaction.execute("update instruments set halted = true where symbol = 'AAPL'")

    rig.post("/v2/operator/instruments/AAPL/resume")

    assert rig.told()[-1].sequence == 2


def test_resuming_what_is_not_halted_changes_nothing(rig: Rig):
    told = len(rig.told())

    assert rig.post("/v2/operator/instruments/AAPL/resume").status_code == 200
    assert len(rig.told()) == told


@pytest.mark.parametrize("symbol", ["NVDA", "nul%00", "aapl"])
@pytest.mark.parametrize("deed", ["halt", "resume"])
def test_what_is_not_listed_cannot_be_halted(rig: Rig, symbol: str, deed: str):
    assert refusal(rig.post(f"/v2/operator/instruments/{symbol}/{deed}")) == (404, "unknown_symbol")


@pytest.mark.parametrize("path", ["", "/AAPL/halt", "/AAPL/resume"])
def test_only_an_operator_lists_and_halts(rig: Rig, path: str):
    body = NVDA if not path else None

    assert refusal(rig.post(f"/v2/operator/instruments{path}", body, headers=TRADER)) == (403, "not_permitted")
    assert rig.shown("/v2/assets/AAPL")["halted"] is False
