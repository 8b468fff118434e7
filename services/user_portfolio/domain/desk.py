"""The working set of a batch of facts: what they touch, loaded once, changed in order, saved once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from contracts.facts import AccountOpened, InstrumentListed, OrderFilled
from user_portfolio.domain.activities import Activity
from user_portfolio.domain.grants import Grant, Instrument
from user_portfolio.domain.holds import CorruptFact, Hold
from user_portfolio.domain.portfolio import Portfolio


@dataclass(slots=True)
class Touched:
    """The keys of everything a batch can change. `granted` are listed symbols of which every account gets some."""

    accounts: set[str] = field(default_factory=set)
    orders: set[str] = field(default_factory=set)
    positions: set[tuple[str, str]] = field(default_factory=set)
    fills: set[tuple[str, str]] = field(default_factory=set)
    granted: set[str] = field(default_factory=set)
    opens_accounts: bool = False
    lists_instruments: bool = False

    @classmethod
    def by(cls, facts: Iterable[Any], grant: Grant) -> Touched:
        touched = cls()
        for fact in facts:
            if isinstance(fact, AccountOpened):
                touched.accounts.add(fact.account_id)
                touched.opens_accounts = True
            elif isinstance(fact, InstrumentListed):
                touched._listing(fact, grant)
            else:
                touched._order(fact)
        return touched

    def _listing(self, fact: InstrumentListed, grant: Grant) -> None:
        self.lists_instruments = True
        if grant.shares_of(fact.symbol):
            self.granted.add(fact.symbol)

    def _order(self, fact: Any) -> None:
        self.accounts.add(fact.account_id)
        self.orders.add(fact.order_id)
        self.positions.add((fact.account_id, fact.symbol))
        if hasattr(fact, "replaces"):
            self.orders.add(fact.replaces)
        elif isinstance(fact, OrderFilled):
            self.fills.add((fact.order_id, fact.trade_id))


@dataclass(slots=True)
class Desk:
    """What the batch touches, by key, and what came of it: activities, listings and facts in their order.

    `settled` are the fills, as (order, trade), that have been settled before. Of a batch that opens accounts,
    `issued_cash` is all that was ever granted, and `prices` are the last prices of what it grants.
    """

    portfolios: dict[str, Portfolio] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    settled: set[tuple[str, str]] = field(default_factory=set)
    instruments: dict[str, Instrument] = field(default_factory=dict)
    activities: list[Activity] = field(default_factory=list)
    listings: list[Instrument] = field(default_factory=list)
    facts: list[object] = field(default_factory=list)
    issued_cash: int = 0
    prices: dict[str, int] = field(default_factory=dict)

    def held_for(self, order_id: str, account_id: str) -> tuple[Portfolio, Hold]:
        """The order's hold and whose it is; CorruptFact if this account has no such order."""
        portfolio, hold = self.portfolios.get(account_id), self.holds.get(order_id)
        if portfolio is None or hold is None or hold.account_id != account_id:
            raise CorruptFact(f"account {account_id} has no hold for order {order_id}")
        return portfolio, hold
