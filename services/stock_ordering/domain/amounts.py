"""Reads the numbers people send, exactly: a decimal string, a JSON integer or a JSON fraction, never a float."""

from __future__ import annotations

from decimal import Decimal

from contracts.money import LARGEST_PRICE, LARGEST_QUANTITY, UNITS_PER_DOLLAR, Price, Quantity, dollars, parse_decimal

_MOST_DIGITS = 20
"""On each side of the point: enough for any amount there is, and a bound on the work an attacker can ask for."""


def shares(value: object) -> Quantity:
    """A count of shares, 1 to LARGEST_QUANTITY; ValueError says in words what is wrong."""
    numerator, denominator = _ratio(value)
    if numerator % denominator:
        raise ValueError("must be a whole number of shares; fractions are not traded here")
    quantity = numerator // denominator
    if not 0 < quantity <= LARGEST_QUANTITY:
        raise ValueError(f"must be between 1 and {LARGEST_QUANTITY} shares")
    return Quantity(quantity)


def price(value: object) -> Price:
    """Dollars as a price, above 0 and at most LARGEST_PRICE; ValueError says in words what is wrong."""
    numerator, denominator = _ratio(value)
    units, rest = divmod(numerator * UNITS_PER_DOLLAR, denominator)
    if not (0 < units <= LARGEST_PRICE) or (rest and units == LARGEST_PRICE):
        raise ValueError(f"must be above 0 and at most {dollars(LARGEST_PRICE)} dollars")
    if rest:
        raise ValueError("must not be finer than 1/10000 dollar")
    return Price(units)


def _ratio(value: object) -> tuple[int, int]:
    if isinstance(value, str):
        try:
            value = parse_decimal(value)
        except ValueError:
            raise ValueError("must be a plain decimal number such as 100.05") from None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("must be a number or a decimal string")
    if isinstance(value, int):
        return value, 1
    if not value.is_finite() or value.adjusted() > _MOST_DIGITS or int(value.as_tuple().exponent) < -_MOST_DIGITS:
        raise ValueError(f"must be a number with at most {_MOST_DIGITS} digits before and after the point")
    return value.as_integer_ratio()
