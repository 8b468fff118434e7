"""Messages in: which fact goes to which handler."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from chassis.consumer import HandleFacts
from chassis.database import Transaction
from contracts import facts
from contracts.streams import Stream
from stock_ordering.handlers import outcomes
from stock_ordering.handlers.canceling import go_on_canceling
from stock_ordering.handlers.instruments import take_instruments
from stock_ordering.handlers.outcomes import Take, take_outcomes
from stock_ordering.ports import Deps, Unit

GROUP = "stock_ordering"
STREAMS = (Stream.INSTRUMENTS, Stream.ORDER_OUTCOME, Stream.ORDER_CANCELING)

INSTRUMENT_FACTS = frozenset({facts.InstrumentListed, facts.InstrumentHalted, facts.InstrumentResumed})

OUTCOMES: dict[type, Take] = {
    facts.OrderRefused: outcomes.refused,
    facts.ReplaceRefused: outcomes.refused,
    facts.OrderRested: outcomes.rested,
    facts.OrderFilled: outcomes.filled,
    facts.OrderCanceled: outcomes.canceled,
    facts.OrderExpired: outcomes.expired,
    facts.OrderReplaced: outcomes.replaced,
    facts.CancelRefused: outcomes.cancel_refused,
}


def hear(deps: Deps, unit_of: Callable[[Transaction], Unit]) -> HandleFacts:
    """Handle a batch of facts; what is in neither table is not for us."""

    def handle(transaction: Transaction, batch: Sequence[Any]) -> None:
        unit = unit_of(transaction)
        if about_instruments := [fact for fact in batch if type(fact) in INSTRUMENT_FACTS]:
            take_instruments(unit, deps.instruments, about_instruments)
        if about_orders := [fact for fact in batch if type(fact) in OUTCOMES]:
            take_outcomes(unit, about_orders, OUTCOMES)
        if to_cancel := [fact for fact in batch if type(fact) is facts.CancelAllRequested]:
            go_on_canceling(unit, deps.clock, to_cancel)

    return handle
