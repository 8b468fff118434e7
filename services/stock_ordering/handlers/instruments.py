"""Takes in which instruments there are and which are halted."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from contracts.facts import InstrumentHalted, InstrumentListed, InstrumentResumed
from stock_ordering.ports import Instruments, Unit


def take_instruments(
    unit: Unit,
    instruments: Instruments,
    facts: Sequence[InstrumentListed | InstrumentHalted | InstrumentResumed],
) -> None:
    """A listing never changes; of halts and resumes the newest counts."""
    unit.list_instruments([fact for fact in facts if isinstance(fact, InstrumentListed)])
    changes = {
        fact.symbol: (isinstance(fact, InstrumentHalted), fact.at_us)
        for fact in sorted(facts, key=attrgetter("at_us"))
        if not isinstance(fact, InstrumentListed)
    }
    unit.set_halted(changes)
    unit.after_commit(instruments.forget)
