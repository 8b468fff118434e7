"""Turns what was heard into commands for the books: repeats dropped, cancels that came too early remembered."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import NamedTuple

from contracts.facts import (
    CancelRequested,
    InstrumentHalted,
    InstrumentListed,
    InstrumentResumed,
    OrderHeld,
    ReplaceHeld,
)
from contracts.orders import OrderType, TimeInForce
from order_matching.domain.commands import (
    CancelOrder,
    Command,
    HaltTrading,
    ReplaceOrder,
    ResumeTrading,
    SubmitOrder,
)
from order_matching.domain.orders import OrderId

Heard = OrderHeld | ReplaceHeld | CancelRequested | InstrumentListed | InstrumentHalted | InstrumentResumed

NEVER_REST = frozenset({TimeInForce.IOC, TimeInForce.FOK})


class Switched(NamedTuple):
    """Whether a symbol is halted, the number of the halt or resume that says so, and when it was told."""

    halted: bool = False
    sequence: int = 0
    at_us: int = 0

    def after(self, fact: InstrumentHalted | InstrumentResumed) -> Switched:
        """How it is after this fact; the same if the fact is older, or known.

        Its number says so. One without a number is of the version before, and its time is all there is to go by.
        """
        told = Switched(isinstance(fact, InstrumentHalted), max(fact.sequence, self.sequence), fact.at_us)
        is_newer = fact.sequence > self.sequence if fact.sequence else fact.at_us >= self.at_us
        return told if is_newer else self


_NEVER_SWITCHED = Switched()
_NEVER: Mapping[str, Switched] = MappingProxyType({})


class Intake:
    """Reads facts in the order in which they came, all at `at_us`.

    `seen` and `early` are what the books know of their orders.

    Afterwards `remembered` holds the cancels whose order is still to come, and `overtaken` the orders that
    have now come after their cancel. `switched` is, by symbol, the newest word on whether it is halted.
    """

    def __init__(
        self,
        seen: Collection[OrderId],
        early: Collection[OrderId],
        switched: Mapping[str, Switched] = _NEVER,
        at_us: int = 0,
    ) -> None:
        self.remembered: dict[OrderId, CancelRequested] = {}
        self.overtaken: list[OrderId] = []
        self._seen = set(seen)
        self._early = set(early)
        self.switched = dict(switched)
        self._at_us = at_us

    def command_for(self, fact: Heard) -> Command | None:
        """The command this fact is, or None if there is nothing to do for a book."""
        match fact:
            case OrderHeld():
                return self._submit(fact)
            case ReplaceHeld():
                return self._replace(fact)
            case CancelRequested():
                return self._cancel(fact)
            case InstrumentHalted() | InstrumentResumed():
                return self._switch(fact)
            case InstrumentListed():
                return None

    def _submit(self, fact: OrderHeld) -> SubmitOrder | None:
        if fact.order_id in self._seen:
            return None
        is_market = fact.type is OrderType.MARKET and fact.time_in_force not in NEVER_REST
        return SubmitOrder(
            fact.order_id,
            fact.account_id,
            fact.side,
            fact.price,
            fact.quantity,
            TimeInForce.IOC if is_market else fact.time_in_force,
            fact.expires_at_us,
            self._take_in(fact.order_id),
            self._at_us,
        )

    def _replace(self, fact: ReplaceHeld) -> ReplaceOrder | None:
        if fact.order_id in self._seen:
            return None
        return ReplaceOrder(
            fact.order_id,
            fact.replaces,
            fact.account_id,
            fact.side,
            fact.price,
            fact.quantity,
            fact.time_in_force,
            fact.expires_at_us,
            self._take_in(fact.order_id),
            self._at_us,
        )

    def _cancel(self, fact: CancelRequested) -> CancelOrder | None:
        if fact.order_id in self._seen:
            return CancelOrder(fact.order_id, fact.account_id)
        if fact.order_id not in self._early:
            self._early.add(fact.order_id)
            self.remembered[fact.order_id] = fact
        return None

    def _switch(self, fact: InstrumentHalted | InstrumentResumed) -> HaltTrading | ResumeTrading | None:
        """The newest word counts, once: one put back late must not halt what has been resumed since."""
        known = self.switched.get(fact.symbol, _NEVER_SWITCHED)
        now = known.after(fact)
        if now == known:
            return None
        self.switched[fact.symbol] = now
        return HaltTrading() if now.halted else ResumeTrading()

    def _take_in(self, order_id: OrderId) -> bool:
        """Note that the order has come; True if its cancel came before it."""
        self._seen.add(order_id)
        if order_id not in self._early:
            return False
        if self.remembered.pop(order_id, None) is None:
            self.overtaken.append(order_id)
        return True
