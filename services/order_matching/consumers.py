"""Messages in: what order_matching hears, all of it commands for the books."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, get_args

from chassis.consumer import HandleFacts
from chassis.database import Transaction
from contracts.streams import Stream
from order_matching.domain.intake import Heard
from order_matching.handlers.matching import match
from order_matching.ports import Deps, Unit

GROUP = "order_matching"
STREAMS = (Stream.ORDER_HELD, Stream.ORDER_CONTROL, Stream.INSTRUMENTS)

HEARD = get_args(Heard)


def hear(deps: Deps, unit: Callable[[Transaction], Unit]) -> HandleFacts:
    """The handler of a batch of facts; kinds that are not heard are ignored."""

    def handle(transaction: Transaction, facts: Sequence[Any]) -> None:
        match(deps, unit(transaction), [fact for fact in facts if isinstance(fact, HEARD)])

    return handle
