"""Numbers people send: read exactly or refused in words."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.money import LARGEST_PRICE, LARGEST_QUANTITY
from stock_ordering.domain import amounts

ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.decimals(allow_nan=True, allow_infinity=True), st.text(), st.floats()
)


@pytest.mark.parametrize("sent", ["10", "10.0", "10.", 10, Decimal(10), Decimal("10.000"), Decimal("1E+1")])
def test_whole_shares_may_be_written_in_many_ways(sent):
    assert amounts.shares(sent) == 10


@pytest.mark.parametrize(("sent", "units"), [("100.05", 1_000_500), (Decimal("0.0001"), 1), (7, 70_000), (".5", 5_000)])
def test_a_price_is_read_to_the_hundredth_of_a_cent(sent, units):
    assert amounts.price(sent) == units


@pytest.mark.parametrize(
    "sent",
    [
        *(0, -1, "-1", "0", "1.5", Decimal("0.1"), LARGEST_QUANTITY + 1, 10**400, "1e9", "NaN", "", " 1", "1_0"),
        *(True, None, [], {}, 1.0, Decimal("NaN"), Decimal("Infinity"), Decimal("1E+999999"), Decimal("1E-999999")),
    ],
)
def test_what_is_no_count_of_shares_is_refused(sent):
    with pytest.raises(ValueError):
        amounts.shares(sent)


@pytest.mark.parametrize(
    "sent",
    [
        *(0, "-0.01", "0.00001", "1000000.0001", "1000000.00000001", 10**400, "1e2", "NaN", True, None, 100.05),
        *(Decimal("NaN"), Decimal("-Infinity"), Decimal("1E+999999"), Decimal("1E-999999"), Decimal("100.00001")),
    ],
)
def test_what_is_no_price_is_refused(sent):
    with pytest.raises(ValueError):
        amounts.price(sent)


def test_digits_beyond_what_decimals_keep_are_not_rounded_away():
    with pytest.raises(ValueError):
        amounts.price("100.00000000000000000001")


@given(ANYTHING)
def test_whatever_is_sent_is_read_or_refused(sent):
    for read, largest in ((amounts.shares, LARGEST_QUANTITY), (amounts.price, LARGEST_PRICE)):
        with suppress(ValueError):
            amount = read(sent)
            assert 0 < amount <= largest
