"""The service without HTTP, on a fake unit of a few dictionaries or on real PostgreSQL, told facts by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from copy import deepcopy
from typing import Any

from chassis.cache import LocalCache
from chassis.clock import FixedClock
from chassis.database import Database
from chassis.metrics import Metrics
from chassis.waiting import Waiters
from contracts.facts import PortfolioChanged, ShareGrantsRequested
from user_portfolio import consumers
from user_portfolio.cache import CachedFunds, CachedHoldings, CachedPrices
from user_portfolio.domain.activities import Activity, ActivityKind
from user_portfolio.domain.desk import Desk, Touched
from user_portfolio.domain.grants import Grant
from user_portfolio.domain.history import PastPrices
from user_portfolio.domain.holds import Hold, HoldState
from user_portfolio.domain.valuation import Holdings, Owned
from user_portfolio.handlers.taking_in import take_in
from user_portfolio.ports import Deps, Reader
from user_portfolio.store import Store, StoreReader


class KnownPrices:
    """A source of prices that knows what the test tells it, and remembers what it was asked."""

    def __init__(self, prices: dict[str, int] | None = None) -> None:
        self.prices = prices or {}
        self.asked: list[str] = []

    def last(self, symbols):
        wanted = list(symbols)
        self.asked += wanted
        return {symbol: self.prices[symbol] for symbol in wanted if symbol in self.prices}

    def during(self, symbols, windows):
        return {symbol: PastPrices(self.prices[symbol], None, {}) for symbol in symbols}

    def before(self, symbols, day):
        return {}

    def latest(self, symbols, now_us):
        return self.last(symbols)


class FakeUnit:
    """A desk that survives: what is loaded is a copy, and only saving makes it stay."""

    def __init__(self) -> None:
        self.kept = Desk()
        self.told: list[object] = []
        self.woken: list[str] = []

    def load(self, touched: Touched) -> Desk:
        desk = deepcopy(
            Desk(
                {key: p for key, p in self.kept.portfolios.items() if key in touched.accounts},
                {key: hold for key, hold in self.kept.holds.items() if key in touched.orders},
                self.kept.settled & touched.fills,
                self.kept.instruments,
                issued_cash=self.kept.issued_cash,
                last_account=max(self.kept.portfolios, default=None),
                pages=touched.pages,
                granted=self.granted & touched.grants,
            )
        )
        for portfolio in desk.portfolios.values():
            portfolio.is_changed = False
        return desk

    @property
    def granted(self) -> set[tuple[str, str]]:
        return {(a.account_id, a.symbol or "") for a in self.kept.activities if a.kind == ActivityKind.SHARE_GRANT}

    def accounts_between(self, from_id: str, until_id: str, limit: int) -> list[str]:
        return sorted(key for key in self.kept.portfolios if from_id <= key <= until_id)[:limit]

    def save(self, desk: Desk, version: str) -> None:
        self.kept.portfolios |= desk.portfolios
        self.kept.holds |= desk.holds
        self.kept.settled |= desk.settled
        self.kept.instruments |= desk.instruments
        self.kept.activities += desk.activities
        self.kept.issued_cash = desk.issued_cash

    def announce(self, facts: Sequence[object]) -> None:
        self.told.extend(facts)

    def after_commit(self, action: Callable[[], None]) -> None:
        action()

    def happened(self, account_ids: Iterable[str]) -> None:
        self.woken.extend(account_ids)


class Rig:
    """What both rigs share. `hear` takes one batch, and what the service then tells itself, and returns what it says to
    others; which portfolios it says have changed is in `changed`.
    """

    changed: list[str]

    def __init__(self, grant: Grant, reading: Callable[[], Any]) -> None:
        self.clock = FixedClock()
        self.cache = LocalCache()
        self.prices = KnownPrices()
        self.deps = Deps(
            clock=self.clock,
            grant=grant,
            reading=reading,
            funds=CachedFunds(self.cache),
            views=CachedHoldings(self.cache, Metrics()),
            cached_prices=CachedPrices(self.cache),
            asked_prices=self.prices,
            past_prices=self.prices,
            openings=Waiters(),
            account_wait_s=0.1,
        )

    def hear(self, *facts: object) -> list[Any]:
        told = self.take_in(*facts)
        while to_itself := [fact for fact in told if isinstance(fact, ShareGrantsRequested)]:
            told = [fact for fact in told if fact not in to_itself] + self.take_in(*to_itself)
        self.changed = [fact.account_id for fact in told if isinstance(fact, PortfolioChanged)]
        return [fact for fact in told if not isinstance(fact, PortfolioChanged)]

    def take_in(self, *facts: object) -> list[Any]:
        """Everything the service says to one batch."""
        raise NotImplementedError

    def holdings(self, account_id: str) -> Holdings | None:
        raise NotImplementedError

    def hold(self, order_id: str) -> Hold:
        raise NotImplementedError

    def legs(self) -> list[tuple[str, str, int]]:
        """All ledger legs: account, asset, signed amount."""
        raise NotImplementedError

    def balances(self) -> dict[tuple[str, str], int]:
        total: Counter[tuple[str, str]] = Counter()
        for account, asset, amount in self.legs():
            total[account, asset] += amount
        return {key: amount for key, amount in total.items() if amount}

    def owned(self, account_id: str, symbol: str = "AAPL") -> Owned:
        holdings = self.holdings(account_id)
        assert holdings is not None
        return next(owned for owned in holdings.owned if owned.symbol == symbol)

    def cash(self, account_id: str) -> tuple[int, int]:
        """Cash and what of it is held."""
        holdings = self.holdings(account_id)
        assert holdings is not None
        return holdings.cash, holdings.cash_held


class FakeRig(Rig):
    def __init__(self, grant: Grant) -> None:
        super().__init__(grant, self._reading)
        self.unit = FakeUnit()

    def take_in(self, *facts: object) -> list[Any]:
        self.unit.told.clear()
        take_in(self.unit, self.deps, consumers.HEARD, facts)
        return list(self.unit.told)

    def holdings(self, account_id: str) -> Holdings | None:
        portfolio = self.unit.kept.portfolios.get(account_id)
        if portfolio is None:
            return None
        owned = [
            Owned(p.symbol, self._asset_id(p.symbol), p.quantity, p.held, p.cost_basis, p.realised, 0)
            for _, p in sorted(portfolio.positions.items())
        ]
        return Holdings(account_id, portfolio.opened_at_us, portfolio.cash, portfolio.cash_held, owned)

    def hold(self, order_id: str) -> Hold:
        return self.unit.kept.holds[order_id]

    def legs(self) -> list[tuple[str, str, int]]:
        return [leg for activity in self.unit.kept.activities for leg in _legs(activity)]

    def _asset_id(self, symbol: str) -> str:
        instrument = self.unit.kept.instruments.get(symbol)
        return instrument.asset_id if instrument else ""

    def _reading(self) -> AbstractContextManager[Reader]:
        raise NotImplementedError("what the API shows is read from PostgreSQL only")


class PostgresRig(Rig):
    def __init__(self, grant: Grant, database: Database) -> None:
        super().__init__(grant, self._reading)
        self.database = database
        self._handle = consumers.hearing(self.deps, Store)

    def take_in(self, *facts: object) -> list[Any]:
        with self.database.transaction() as transaction:
            self._handle(transaction, facts)
            return list(transaction._facts)

    def holdings(self, account_id: str) -> Holdings | None:
        with self._reading() as reader:
            return reader.holdings(account_id)

    def hold(self, order_id: str) -> Hold:
        with self.database.transaction() as transaction:
            return Store(transaction).load(Touched(orders={order_id})).holds[order_id]

    def legs(self) -> list[tuple[str, str, int]]:
        with self.database.reading() as transaction:
            return transaction.rows("select account, asset, amount from ledger_entries")

    def rows(self, query: str) -> list[Any]:
        with self.database.reading() as transaction:
            return transaction.rows(query)

    @contextmanager
    def _reading(self) -> Iterator[StoreReader]:
        with self.database.reading() as transaction:
            yield StoreReader(transaction)


def held_amounts(rig: Rig, *orders: str) -> list[tuple[int, HoldState]]:
    return [(hold.held, hold.state) for hold in map(rig.hold, orders)]


def _legs(activity: Activity) -> list[tuple[str, str, int]]:
    legs = [
        (activity.account_id, "USD", activity.cash_change),
        (activity.against, "USD", -activity.cash_change),
        (activity.account_id, activity.symbol or "", activity.share_change),
        (activity.against, activity.symbol or "", -activity.share_change),
    ]
    return [leg for leg in legs if leg[2]]
