"""Serves wishes that come together in one transaction; one that breaks it is served alone and breaks nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TypeVar

import structlog

from chassis.batcher import Batcher
from chassis.clock import Clock
from chassis.database import TRANSIENT
from contracts.refusals import Refused
from stock_ordering.domain.order import Order
from stock_ordering.domain.trading_day import Ends
from stock_ordering.handlers.canceling import cancel
from stock_ordering.handlers.dating import AccountBusy
from stock_ordering.handlers.placing import place, place_in_turn
from stock_ordering.ports import NO_LIMITS, CancelOrder, OrderLimits, Outcome, Placement, Unit

_log = structlog.get_logger()

Wish = TypeVar("Wish")
Serve = Callable[[Unit, Sequence[Wish]], Sequence[Order | Exception]]


class TransactionCounter:
    """`ports.Counter`: what waits while a transaction runs goes into the next one."""

    def __init__(
        self,
        transaction: Callable[[], AbstractContextManager[Unit]],
        clock: Clock,
        ends: Ends,
        gather_s: float = 0.0,
        limits: OrderLimits = NO_LIMITS,
    ) -> None:
        self._limits = limits
        self._transaction = transaction
        self._clock = clock
        self._ends = ends
        self._placing: Batcher[Placement, Order] = Batcher(self._place, gather_s=gather_s)
        self._canceling: Batcher[CancelOrder, Order] = Batcher(self._cancel, gather_s=gather_s)

    def place(self, placement: Placement) -> Order:
        try:
            return self._placing.submit(placement)
        except AccountBusy:
            [outcome] = self.place_many([placement])
        if isinstance(outcome, Refused):
            raise outcome
        return outcome

    def place_many(self, placements: Sequence[Placement]) -> Sequence[Outcome]:
        with self._transaction() as unit:
            return place_in_turn(unit, self._clock, self._ends, placements, self._limits)

    def cancel(self, wish: CancelOrder) -> Order:
        return self._canceling.submit(wish)

    def _place(self, placements: Sequence[Placement]) -> Sequence[Order | Exception]:
        return self._together(lambda unit, some: place(unit, self._clock, self._ends, some, self._limits), placements)

    def _cancel(self, wishes: Sequence[CancelOrder]) -> Sequence[Order | Exception]:
        return self._together(lambda unit, some: cancel(unit, self._clock, some), wishes)

    def _together(self, serve: Serve[Wish], wishes: Sequence[Wish]) -> Sequence[Order | Exception]:
        try:
            with self._transaction() as unit:
                return serve(unit, wishes)
        except TRANSIENT:
            raise
        except Exception as error:  # noqa: BLE001  # whichever wish has it will have it again, alone
            if len(wishes) == 1:
                return [error]
            _log.warning("wishes_served_alone", wishes=len(wishes), reason=repr(error))
            return [outcome for wish in wishes for outcome in self._together(serve, [wish])]
