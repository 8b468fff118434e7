"""The working set of a batch of facts: what they touch, loaded once, changed in order, saved once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from contracts.facts import AccountOpened, InstrumentListed, OrderFilled, ShareGrantsRequested
from user_portfolio.domain.activities import Activity
from user_portfolio.domain.grants import Instrument
from user_portfolio.domain.holds import CorruptFact, Hold
from user_portfolio.domain.portfolio import Portfolio


@dataclass(frozen=True, slots=True)
class GrantPage:
    """The accounts that are next to be granted a symbol's shares, and the one to go on with; None if there is none."""

    account_ids: Sequence[str]
    next_id: str | None


@dataclass(slots=True)
class Touched:
    """The keys of everything a batch can change. `pages` are the accounts that get a symbol's shares in it."""

    accounts: set[str] = field(default_factory=set)
    orders: set[str] = field(default_factory=set)
    positions: set[tuple[str, str]] = field(default_factory=set)
    fills: set[tuple[str, str]] = field(default_factory=set)
    pages: Mapping[ShareGrantsRequested, GrantPage] = field(default_factory=dict)
    opens_accounts: bool = False
    lists_instruments: bool = False

    @classmethod
    def by(cls, facts: Iterable[Any]) -> Touched:
        touched = cls()
        for fact in facts:
            if isinstance(fact, AccountOpened):
                touched.accounts.add(fact.account_id)
                touched.opens_accounts = True
            elif isinstance(fact, InstrumentListed):
                touched.lists_instruments = True
            elif not isinstance(fact, ShareGrantsRequested):
                touched._order(fact)
        return touched

    @property
    def grants(self) -> set[tuple[str, str]]:
        """Who may be granted what, as (account, symbol)."""
        return {(account_id, asked.symbol) for asked, page in self.pages.items() for account_id in page.account_ids}

    def grant(self, pages: Mapping[ShareGrantsRequested, GrantPage]) -> None:
        self.pages = pages
        self.positions |= self.grants
        self.accounts |= {account_id for account_id, _ in self.grants}

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
    `issued_cash` is all that was ever granted, and `prices` are the last prices of what it grants; `opened` are those
    accounts. Of one that lists instruments, `last_account` is the highest id of an account before. `granted` are those
    of its pages, as (account, symbol), that have their grant.
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
    opened: list[Portfolio] = field(default_factory=list)
    last_account: str | None = None
    pages: Mapping[ShareGrantsRequested, GrantPage] = field(default_factory=dict)
    granted: set[tuple[str, str]] = field(default_factory=set)

    def held_for(self, order_id: str, account_id: str) -> tuple[Portfolio, Hold]:
        """The order's hold and whose it is; CorruptFact if this account has no such order."""
        portfolio, hold = self.portfolios.get(account_id), self.holds.get(order_id)
        if portfolio is None or hold is None or hold.account_id != account_id:
            raise CorruptFact(f"account {account_id} has no hold for order {order_id}")
        return portfolio, hold
