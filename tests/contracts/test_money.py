"""Money is counted, never approximated."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.money import LARGEST_PRICE, UNITS_PER_DOLLAR, dollars, parse_decimal, units

AMOUNTS = st.integers(min_value=-(2**63), max_value=2**63)


@given(AMOUNTS)
def test_an_amount_written_and_read_again_is_the_same(amount):
    assert units(parse_decimal(dollars(amount))) == amount


@given(AMOUNTS, st.integers(min_value=0, max_value=4))
def test_an_amount_is_written_with_the_decimals_it_needs_and_those_asked_for(amount, places):
    text = dollars(amount, places)

    _, _, decimals = text.partition(".")
    assert places <= len(decimals) <= 4
    assert len(decimals) == places or not decimals.endswith("0")


@given(st.lists(AMOUNTS, max_size=20))
def test_sums_come_out_to_the_last_unit(amounts):
    total = sum((parse_decimal(dollars(amount)) for amount in amounts), Decimal(0))

    assert units(total) == sum(amounts)


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_refused(text):
    try:
        value = parse_decimal(text)
    except ValueError:
        return
    assert value.is_finite()
    assert value == Decimal(text.strip("+"))


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "0.00"),
        (1, "0.0001"),
        (1_000_500, "100.05"),
        (-1, "-0.0001"),
        (-15_000, "-1.50"),
        (LARGEST_PRICE, "1000000.00"),
    ],
)
def test_amounts_read_as_people_write_them(amount, text):
    assert dollars(amount) == text


def test_whole_dollars_can_do_without_decimals():
    assert dollars(5 * UNITS_PER_DOLLAR, places=0) == "5"


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "-",
        "1e9",
        "NaN",
        "Infinity",
        "-inf",
        "1,000",
        "0x10",
        " 1",
        "1 ",
        "1_000",
        "9" * 21,
        "1." + "0" * 21,
    ],
)
def test_what_is_no_plain_decimal_is_refused(text):
    with pytest.raises(ValueError, match="decimal"):
        parse_decimal(text)


@pytest.mark.parametrize("value", ["0.00001", "1.23456", "NaN", "Infinity", "-Infinity", "sNaN"])
def test_nothing_is_rounded_away(value):
    with pytest.raises(ValueError):
        units(Decimal(value))


def test_trailing_zeros_do_not_make_a_price_finer():
    assert units(Decimal("1.00000000")) == UNITS_PER_DOLLAR
