"""What an instrument may be, and the text that first instruments are given in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from stock_data.domain.instruments import (
    Listing,
    NotAnInstrument,
    dollars_to_units,
    is_symbol,
    list_instrument,
    read_listings,
)
from stock_data.settings import Settings
from tests.stock_data.builders import listing


def test_first_instruments_are_read_from_one_line():
    listings = read_listings("AAPL=Apple Inc.@190.00; BRK.B = Berkshire Hathaway @ 412.5 ;")

    assert listings == [
        Listing(symbol="AAPL", name="Apple Inc.", reference_price=1_900_000, tick=100, lot=1),
        Listing(symbol="BRK.B", name="Berkshire Hathaway", reference_price=4_125_000, tick=100, lot=1),
    ]


def test_a_name_may_hold_an_at_sign():
    assert read_listings("X=Buy @ Home@1.00")[0].name == "Buy @ Home"


def test_no_text_lists_nothing():
    assert read_listings("") == []


def test_the_usual_instruments_are_listed_unless_told_otherwise():
    symbols = {each.symbol for each in read_listings(Settings().instruments)}

    assert {"AAPL", "AMZN", "GOOG", "INTC", "MSFT"} <= symbols
    assert len(symbols) == 12


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("AAPL", "not like"),
        ("AAPL=Apple", "not like"),
        ("AAPL=Apple@", "the price is"),
        ("AAPL=Apple@cheap", "the price is"),
        ("AAPL=Apple@1e3", "the price is"),
        ("AAPL=Apple@-5", "reference price"),
        ("AAPL=Apple@0", "reference price"),
        ("AAPL=Apple@1.005", "reference price"),
        ("AAPL=Apple@0.00001", "the price is finer"),
        ("AAPL=Apple@99999999", "reference price"),
        ("aapl=Apple@1", "symbol"),
        ("USD=Dollar@1", "currency"),
        ("AAPL=@1", "name"),
        ("AAPL=Ap\u200bple@1", "name"),
        ("AAPL=\u202eelppA@1", "name"),
        ("AAPL=Apple  Inc@1", "name"),
        ("AAPL=Apple@1;AAPL=Apple@2", "AAPL is there twice"),
    ],
)
def test_a_wrong_entry_is_named(text: str, complaint: str):
    with pytest.raises(NotAnInstrument, match=complaint):
        read_listings(text)


@pytest.mark.parametrize("symbol", ["A", "AAPL", "BRK.B", "B2B", "ABCDEFGHIJKL"])
def test_a_symbol_is_capitals_digits_and_dots(symbol: str):
    assert is_symbol(symbol)


@pytest.mark.parametrize("symbol", ["", "aapl", "1A", ".A", "A B", "A\x00", "ABCDEFGHIJKLM", "Ä", "AAPL\n", "A/B"])
def test_anything_else_is_not_a_symbol(symbol: str):
    assert not is_symbol(symbol)


@pytest.mark.parametrize(
    "wrong",
    [
        {"tick": 0},
        {"tick": -1},
        {"tick": 10**11},
        {"lot": 0},
        {"lot": 10**10},
        {"reference_price": 0},
        {"reference_price": 1_900_001},
        {"reference_price": 10**12},
        {"name": ""},
        {"name": "   "},
        {"name": "nul \x00"},
        {"name": "surrogate \ud800"},
        {"name": "n" * 101},
        {"symbol": "no symbol"},
    ],
)
def test_nonsense_cannot_be_listed(wrong: dict[str, Any]):
    with pytest.raises(NotAnInstrument):
        listing(**{"symbol": "AAPL", **wrong})


@pytest.mark.parametrize("amount", ["1e999999", "-1e30", "0.00001", "NaN", "Infinity"])
def test_an_amount_out_of_all_reason_is_refused_and_not_worked_out(amount: str):
    with pytest.raises(ValueError):
        dollars_to_units(Decimal(amount))


def test_the_listing_tells_the_other_services_everything():
    fact = list_instrument(listing("AAPL", tick=500, lot=10), "an-id", now_us=7).listed()

    assert (fact.symbol, fact.asset_id, fact.name) == ("AAPL", "an-id", "AAPL Inc.")
    assert (fact.tick, fact.lot, fact.reference_price, fact.at_us) == (500, 10, 1_900_000, 7)
