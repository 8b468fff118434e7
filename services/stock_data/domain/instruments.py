"""What can be traded: an instrument, and the text that first instruments are given in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from contracts.facts import InstrumentListed
from contracts.money import LARGEST_PRICE, LARGEST_QUANTITY, parse_decimal, units
from contracts.texts import is_plain

USUAL_TICK = 100
USUAL_LOT = 1

CURRENCY = "USD"
"""Money's own name in the ledger, where symbols stand beside it."""

_SYMBOL = re.compile(r"[A-Z][A-Z0-9.]{0,11}")
_LONGEST_NAME = 100
_LARGEST_DOLLARS = Decimal(10) ** 9


class NotAnInstrument(ValueError):
    """This cannot be listed; the text is a sentence that says why."""


def is_symbol(text: str) -> bool:
    """Whether an instrument could be called this: a capital letter, then up to 11 capitals, digits or dots."""
    return _SYMBOL.fullmatch(text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What an operator says about a new instrument. Prices in 1/10000 dollar, `lot` in shares."""

    symbol: str
    name: str
    reference_price: int
    tick: int = USUAL_TICK
    lot: int = USUAL_LOT

    def __post_init__(self) -> None:
        if not is_symbol(self.symbol):
            raise NotAnInstrument("A symbol is a capital letter and up to 11 more capitals, digits or dots.")
        if self.symbol == CURRENCY:
            raise NotAnInstrument(f"{CURRENCY} is the currency and cannot be a symbol.")
        if len(self.name) > _LONGEST_NAME or not is_plain(self.name):
            raise NotAnInstrument("A name is 1 to 100 visible characters, with single spaces between words.")
        if not 0 < self.tick <= LARGEST_PRICE:
            raise NotAnInstrument("The tick size must be more than 0 and at most the largest price.")
        if not 0 < self.lot <= LARGEST_QUANTITY:
            raise NotAnInstrument("The lot size must be more than 0 and at most the largest quantity.")
        if not 0 < self.reference_price <= LARGEST_PRICE or self.reference_price % self.tick:
            raise NotAnInstrument("The reference price must be a price on the tick: a multiple of the tick size.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A listed instrument."""

    symbol: str
    asset_id: str
    name: str
    tick: int
    lot: int
    reference_price: int
    halted: bool
    listed_at_us: int

    def listed(self) -> InstrumentListed:
        """The fact that tells the other services."""
        return InstrumentListed(
            symbol=self.symbol,
            asset_id=self.asset_id,
            name=self.name,
            tick=self.tick,
            lot=self.lot,
            reference_price=self.reference_price,
            at_us=self.listed_at_us,
        )


def list_instrument(listing: Listing, asset_id: str, now_us: int) -> Instrument:
    """Make the instrument of a listing."""
    return Instrument(
        symbol=listing.symbol,
        asset_id=asset_id,
        name=listing.name,
        tick=listing.tick,
        lot=listing.lot,
        reference_price=listing.reference_price,
        halted=False,
        listed_at_us=now_us,
    )


def dollars_to_units(amount: Decimal) -> int:
    """Dollars in 1/10000 dollar; ValueError for what is out of all reason or finer than that."""
    if not amount.is_finite() or abs(amount) > _LARGEST_DOLLARS:
        raise ValueError("out of range")
    return units(amount)


def read_listings(text: str) -> list[Listing]:
    """Read "AAPL=Apple Inc.@190.00;MSFT=..." (tick 0.01, lot 1); NotAnInstrument says which entry is wrong."""
    listings = [_read_listing(entry.strip()) for entry in text.split(";") if entry.strip()]
    symbols = [listing.symbol for listing in listings]
    twice = sorted({symbol for symbol in symbols if symbols.count(symbol) > 1})
    if twice:
        raise NotAnInstrument(f"{twice[0]} is there twice.")
    return listings


def _read_listing(entry: str) -> Listing:
    symbol, equals, rest = entry.partition("=")
    name, at, price = rest.rpartition("@")
    if not equals or not at:
        raise NotAnInstrument(f"{entry!r} is not like AAPL=Apple Inc.@190.00.")
    try:
        reference_price = dollars_to_units(parse_decimal(price.strip()))
        return Listing(symbol=symbol.strip(), name=name.strip(), reference_price=reference_price)
    except NotAnInstrument as wrong:
        raise NotAnInstrument(f"{entry!r}: {wrong}") from wrong
    except ValueError as wrong:
        raise NotAnInstrument(f"{entry!r}: the price is {wrong}.") from wrong
