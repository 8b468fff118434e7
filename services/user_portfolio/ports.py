"""What the handlers ask for, and from whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from chassis.shares import Shares
from user_portfolio.domain.desk import Desk, Touched
from user_portfolio.domain.grants import Grant
from user_portfolio.domain.history import Movement, PastPrices
from user_portfolio.domain.holds import Hold
from user_portfolio.domain.portfolio import Portfolio
from user_portfolio.domain.valuation import Holdings
from user_portfolio.domain.windows import Windows

MOST_HISTORIES = 4
"""Worked out at the same time in a process; an account alone has half of these places."""


class Clock(Protocol):
    def now_us(self) -> int: ...


class Unit(Protocol):
    """One transaction: what it loads stays locked until what it saves is committed."""

    def accounts_between(self, from_id: str, until_id: str, limit: int) -> list[str]:
        """The first committed accounts with ids from one to another, both included, in their order; not locked."""

    def load(self, touched: Touched) -> Desk:
        """Lock the touched accounts and load the rest."""

    def save(self, desk: Desk, version: str) -> None:
        """Write down what was decided; `version` is a new UUID, the mark of this state of every account on the desk."""

    def announce(self, facts: Sequence[object]) -> None: ...

    def after_commit(self, action: Callable[[], None]) -> None: ...

    def happened(self, account_ids: Iterable[str]) -> None:
        """Wake who waits for these accounts to open, once this is committed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which entries of an account's history: `after` and `until` bound the time (either may be None), `beyond`
    is the number of the last entry of the page before, `limit` the most to return.
    """

    account_id: str
    limit: int
    newest_first: bool = True
    beyond: int | None = None
    kinds: Sequence[str] | None = None
    after_us: int | None = None
    until_us: int | None = None


@dataclass(frozen=True, slots=True)
class PastActivity:
    """An activity as it was booked. `kind` is an ActivityKind; only a fill has a side, an order and a trade."""

    number: int
    account_id: str
    kind: str
    at_us: int
    cash_change: int
    share_change: int
    symbol: str | None
    side: str | None
    price: int | None
    order_id: str | None
    trade_id: str | None
    cumulative: int | None
    leaves: int | None


@dataclass(frozen=True, slots=True)
class LedgerLeg:
    """The account's leg of one ledger transaction; `activity` is the transaction's number."""

    activity: int
    at_us: int
    kind: str
    asset: str
    amount: int
    against: str
    order_id: str | None
    trade_id: str | None


class Reader(Protocol):
    """Reads of what is committed."""

    def holdings(self, account_id: str) -> Holdings | None:
        """The account in one snapshot; None until its opening has been heard of."""

    def hold(self, order_id: str) -> tuple[Hold, str | None] | None:
        """The hold of an order, with the version of its account at the same moment."""

    def known_orders(self, order_ids: Sequence[str]) -> list[str]:
        """Those of the orders that were held for or refused."""

    def activities(self, page: Page) -> list[PastActivity]: ...

    def ledger(self, page: Page) -> list[LedgerLeg]: ...

    def movements(self, account_id: str, opened_at_us: int, windows: Windows) -> list[Movement]:
        """What happened until the last window ended, by window; what is dated before the opening counts as then."""


class Funds(Protocol):
    """Where order entry looks before it takes a hopeless order."""

    def tell(self, portfolios: Iterable[Portfolio]) -> None:
        """Publish what each can spend, as far as it is loaded; may be lost."""


class Views(Protocol):
    """What was read of accounts and may be shown again as long as they have not changed."""

    def tell(self, versions: Mapping[str, str]) -> None:
        """These accounts have changed: the new versions by account."""

    def confirm(self, versions: Mapping[str, str]) -> None:
        """Show nothing of these accounts any more that is not of these versions."""

    def holdings(self, account_id: str) -> Holdings | None: ...

    def remember(self, holdings: Holdings) -> None: ...


class Prices(Protocol):
    """A source of last prices in 1/10000 dollar by symbol; what it does not know, it leaves out."""

    def last(self, symbols: Iterable[str]) -> dict[str, int]: ...


class PricesOfThePast(Protocol):
    """A source of prices as they were."""

    def during(self, symbols: Sequence[str], windows: Windows) -> dict[str, PastPrices]:
        """Closing prices of all these symbols; Refused(UNAVAILABLE) if they cannot be had."""

    def before(self, symbols: Sequence[str], day: Windows) -> dict[str, int | None]:
        """What these symbols ended the day before at: None if they had not traded by then; left out if nobody tells."""

    def latest(self, symbols: Sequence[str], now_us: int) -> dict[str, int]:
        """What these symbols last traded at, or were listed at; left out if nobody tells."""


class Openings(Protocol):
    """Lets a request wait for an account to open."""

    def wait_until(self, key: str, happened: Callable[[], bool], seconds: float) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Deps:
    """What the handlers work with. `known_prices` remembers every price seen, for when nobody tells one;
    `known_beginnings` what accounts began the day with, for the minute it was worked out in; `histories` bounds how
    many are worked out at once.
    """

    clock: Clock
    grant: Grant
    reading: Callable[[], AbstractContextManager[Reader]]
    funds: Funds
    views: Views
    cached_prices: Prices
    asked_prices: Prices
    past_prices: PricesOfThePast
    openings: Openings
    account_wait_s: float = 2.0
    known_prices: dict[str, int] = field(default_factory=dict)
    known_beginnings: dict[str, tuple[int, int | None]] = field(default_factory=dict)
    histories: Shares = field(default_factory=lambda: Shares(MOST_HISTORIES))
