"""Takes in which instruments there are and which are halted."""

from __future__ import annotations

from collections.abc import Sequence

from contracts.facts import InstrumentHalted, InstrumentListed, InstrumentResumed
from stock_ordering.ports import Instruments, Unit


def take_instruments(
    unit: Unit,
    instruments: Instruments,
    facts: Sequence[InstrumentListed | InstrumentHalted | InstrumentResumed],
) -> None:
    """A listing never changes; of halts and resumes the one with the highest number counts."""
    unit.list_instruments([fact for fact in facts if isinstance(fact, InstrumentListed)])
    for fact in facts:  # one by one: they are rare, and each is compared with what the one before it left
        if not isinstance(fact, InstrumentListed):
            unit.set_halted(fact)
    unit.after_commit(instruments.forget)
