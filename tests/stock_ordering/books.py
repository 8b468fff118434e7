"""Somewhere to keep orders for the use cases: as dictionaries or in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

from chassis.cache import LocalCache
from chassis.clock import FixedClock
from chassis.database import Database
from chassis.metrics import Metrics
from chassis.questions import LocalQuestions
from chassis.service import Parts
from stock_ordering.consumers import OUTCOMES
from stock_ordering.handlers.canceling import cancel
from stock_ordering.handlers.outcomes import take_outcomes
from stock_ordering.handlers.placing import place
from stock_ordering.main import compose
from stock_ordering.ports import CancelOrder, Placement, Unit
from stock_ordering.settings import Settings
from tests.stock_ordering.builders import AAPL, placement


@dataclass
class Books:
    """Somewhere to keep orders, and how to look at it from outside."""

    transaction: Callable[[], AbstractContextManager[Unit]]
    told: Callable[[], list[Any]]
    deps: Any

    def place(self, *orders: Any) -> list[Any]:
        placements = [each if isinstance(each, Placement) else placement(each) for each in orders]
        with self.transaction() as unit:
            return place(unit, self.deps.clock, self.deps.ends, placements)

    def hear(self, *facts: Any) -> None:
        with self.transaction() as unit:
            take_outcomes(unit, facts, OUTCOMES)

    def cancel(self, *wishes: CancelOrder) -> list[Any]:
        with self.transaction() as unit:
            return cancel(unit, self.deps.clock, wishes)

    def order(self, order_id: str) -> Any:
        with self.transaction() as unit:
            return unit.lock_orders([order_id])[order_id]


class OneInstrument:
    def get(self, symbol: str) -> Any:
        return AAPL

    def forget(self) -> None: ...


class UnknownFunds:
    """Nobody remembers what an account can spend, so nobody is asked either."""

    def funds(self, account_id: str, symbols: Any) -> None:
        return None

    def remember(self, account_id: str, before: Any, after: Any) -> None: ...


def compose_around(transaction):
    unopened = Database("", FixedClock())
    parts = Parts(unopened, LocalCache(), LocalQuestions(), FixedClock(), Metrics())
    return replace(
        compose(parts, Settings()), transaction=transaction, instruments=OneInstrument(), cached_funds=UnknownFunds()
    )
