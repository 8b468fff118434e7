"""Lists, halts and resumes instruments."""

from __future__ import annotations

from collections.abc import Sequence

from contracts.facts import InstrumentHalted, InstrumentResumed
from contracts.ids import uuid7
from contracts.refusals import Refusal, Refused
from stock_data.domain.instruments import Instrument, Listing, is_symbol, list_instrument
from stock_data.handlers.questions import instrument
from stock_data.ports import Deps


def list_missing(deps: Deps, listings: Sequence[Listing]) -> list[Instrument]:
    """List what is not listed yet, tell the other services, and say what it was. Repeatable."""
    now_us = deps.clock.now_us()
    instruments = [list_instrument(listing, uuid7(now_us // 1_000), now_us) for listing in listings]
    with deps.transaction() as unit:
        added = unit.add_instruments(instruments)
        unit.announce([instrument.listed() for instrument in added])
    return added


def list_new(deps: Deps, listing: Listing) -> Instrument:
    """List one more instrument; Refused(INVALID_REQUEST) if the symbol is taken."""
    added = list_missing(deps, [listing])
    if not added:
        raise Refused(Refusal.INVALID_REQUEST, f"{listing.symbol} is listed already.")
    return added[0]


def halt(deps: Deps, symbol: str) -> Instrument:
    """Stop trading in a symbol: the book takes cancels only. Halting twice is halting once."""
    return _set_halted(deps, symbol, True)


def resume(deps: Deps, symbol: str) -> Instrument:
    """Let trading in a symbol go on."""
    return _set_halted(deps, symbol, False)


def _set_halted(deps: Deps, symbol: str, halted: bool) -> Instrument:
    if not is_symbol(symbol):
        raise Refused(Refusal.UNKNOWN_SYMBOL)
    kind = InstrumentHalted if halted else InstrumentResumed
    with deps.transaction() as unit:
        sequence = unit.set_halted(symbol, halted)
        if sequence is not None:
            unit.announce([kind(symbol=symbol, at_us=deps.clock.now_us(), sequence=sequence)])
    return instrument(deps, symbol)
