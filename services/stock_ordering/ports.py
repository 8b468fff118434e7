"""What the handlers ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from chassis.clock import Clock
from chassis.limits import Rate
from chassis.waiting import Waiters
from contracts.facts import InstrumentHalted, InstrumentListed, InstrumentResumed
from contracts.orders import Side
from contracts.refusals import Refused
from stock_ordering.domain.funds import Funds, HeldFunds, OpenOrders
from stock_ordering.domain.order import Fill, Order
from stock_ordering.domain.trading_day import Ends
from stock_ordering.domain.wishes import Instrument, PlaceOrder

ClientKey = tuple[str, str]
"""Account and client order id: unique together."""


Place = tuple[int, str]
"""Where an order stands in the list of its account's orders: when it was made, and its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLimits:
    """What one account may have and do at most; 0 is no limit."""

    open_orders: int = 0
    orders_a_day: int = 0
    day_ends_minute: int = 0

    @property
    def are_set(self) -> bool:
        return bool(self.open_orders or self.orders_a_day)


NO_LIMITS = OrderLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Which of an account's orders to list; times in microseconds, exclusive."""

    account_id: str
    status: Literal["open", "closed", "all"] = "open"
    limit: int = 50
    after_us: int | None = None
    until_us: int | None = None
    newest_first: bool = True
    side: Side | None = None
    symbols: Sequence[str] | None = None


class Reader(Protocol):
    """Orders and fills as they are committed."""

    def order(self, account_id: str, order_id: str) -> Order | None:
        """None also for another account's order."""

    def pending_replacement(self, order_id: str) -> Order | None:
        """The replacement of this order that is still under way."""

    def orders_by_client_id(self, keys: Sequence[ClientKey]) -> dict[ClientKey, Order]: ...

    def listed(self, listing: Listing) -> list[Order]: ...

    def fills(self, order_id: str, limit: int, offset: int) -> list[Fill]:
        """Oldest first."""

    def open_orders(self, account_id: str) -> OpenOrders:
        """What the account's open orders can cost; of the pending ones the newest 1,000 are named."""

    def newest_fill(self, order_id: str) -> Fill | None: ...

    def instruments(self) -> list[Instrument]: ...


class Unit(Reader, Protocol):
    """The same within one transaction, which can change them and announce it."""

    def add_orders(self, orders: Sequence[Order]) -> set[str]:
        """Save new orders and return the ids of those whose client order id was still free."""

    def wait_for_turn(self, account_id: str) -> None:
        """Wait until no other transaction takes times of this account."""

    def take_times(self, account_ids: Iterable[str], now_us: int, count: int) -> dict[str, int]:
        """By account, the first of `count` times later than all taken before; nobody else takes any until the end.

        An account of which another transaction takes times is left out: nobody waits for it.
        """

    def count_orders(self, orders: Mapping[str, int], day_ends_us: int) -> dict[str, int]:
        """Count so many more orders for each account in the trading day that ends then, and return its sum.

        A day that ends later begins at nothing; one that ends earlier counts for the newest. Nobody else counts for
        these accounts until the transaction ends.
        """

    def count_open_orders(self, account_ids: Iterable[str], most: int) -> dict[str, int]:
        """How many open orders each account has, counted to `most` and no further."""

    def lock_orders(self, order_ids: Iterable[str]) -> dict[str, Order]:
        """The orders by id; nobody else changes them until the transaction ends."""

    def lock_under_way(self, order_ids: Iterable[str]) -> dict[str, Order]:
        """As `lock_orders`, and with them what a replacement under way ties to them.

        That is the pending replacement of each, and of each that is one itself the order it is to replace. Whoever
        asks for a replacement locks the order to be replaced first, so none can come in between.
        """

    def last_cancelable(self, account_id: str) -> Place | None:
        """Where the list of the account's cancelable orders ends: open ones that no cancel was asked for."""

    def cancelable(self, account_id: str, after: Place, until: Place, limit: int) -> list[Place]:
        """Some of that list, oldest first: after the one place, up to the other."""

    def count_cancelable(self, account_id: str, after: Place, until: Place) -> int:
        """How many there are."""

    def save_orders(self, orders: Sequence[Order]) -> None:
        """Write back what can change of locked orders."""

    def add_fills(self, fills: Sequence[Fill]) -> None:
        """Known ones are left as they are."""

    def list_instruments(self, listed: Sequence[InstrumentListed]) -> None:
        """Known ones are left as they are."""

    def set_halted(self, fact: InstrumentHalted | InstrumentResumed) -> None:
        """Halt or resume; one that is older than what was heard before changes nothing."""

    def announce(self, facts: Sequence[object]) -> None: ...

    def after_commit(self, action: Callable[[], None]) -> None: ...

    def happened(self, order_ids: Iterable[str]) -> None:
        """Wake who waits for these orders, once this is committed."""


class Instruments(Protocol):
    """All instruments, in memory and about a second old at most."""

    def get(self, symbol: str) -> Instrument | None:
        """None if no instrument has that symbol; Refused(UNAVAILABLE) while none at all is known."""

    def forget(self) -> None:
        """Look again before the next answer."""


class LastPrices(Protocol):
    def last_prices(self, instruments: Sequence[Instrument]) -> dict[str, int]:
        """The last price of each, or the best guess there is."""


class CachedFunds(Protocol):
    """What accounts can spend as last heard: a reason to ask, never to refuse."""

    def funds(self, account_id: str, symbols: Iterable[str]) -> Funds | None:
        """None if there is no cache; nothing at all for an account, and no symbol, that it does not remember."""

    def remember(self, account_id: str, before: Funds, after: Funds) -> None:
        """So much has been spent, and is not to be spent again before the hold has come to it."""


class HoldFunds(Protocol):
    """What accounts can spend by the books that the hold is decided by."""

    def held(self, account_id: str, symbols: Iterable[str], order_ids: Sequence[str]) -> HeldFunds | None:
        """None if nobody says."""


class Sequels(Protocol):
    """What follows from an order's outcome elsewhere. Both raise Unanswered when nobody says."""

    def is_settled(self, order: Order) -> bool:
        """Whether the account's cash and shares are as this order leaves them."""

    def is_on_tape(self, symbol: str, fill: Fill) -> bool:
        """Whether the trade is what the market shows, or older than that."""


@dataclass(frozen=True, slots=True)
class Placement:
    """A judged wish for an order. A refused one may still be the repeat of an order that was accepted.

    `wish` is None for what could not be read as one: it is refused, and repeats nothing.
    """

    account_id: str
    wish: PlaceOrder | None
    judged: Order | Refused


@dataclass(frozen=True, slots=True)
class CancelOrder:
    account_id: str
    order_id: str


Outcome = Order | Refused


class Counter(Protocol):
    """Where wishes are handed in. Those that come together are served in one transaction."""

    def place(self, placement: Placement) -> Order:
        """The saved order, or the first of its client order id; raises Refused."""

    def place_many(self, placements: Sequence[Placement]) -> Sequence[Outcome]: ...

    def cancel(self, wish: CancelOrder) -> Order:
        """The order that a cancel is now asked for; raises Refused."""


class Steps(Protocol):
    """In what steps batches are placed."""

    def batch(self) -> AbstractContextManager[None]:
        """One more is under way for the length of the block."""

    def next_step(self, left: int) -> int:
        """How many of the orders that are left come next; at least one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deps:
    """Everything a handler may need. Collar in percent of the last price.

    `order_rate` is None where there is no such limit.
    """

    clock: Clock
    counter: Counter
    transaction: Callable[[], AbstractContextManager[Unit]]
    reading: Callable[[], AbstractContextManager[Reader]]
    instruments: Instruments
    prices: LastPrices
    cached_funds: CachedFunds
    hold_funds: HoldFunds
    sequels: Sequels
    waiters: Waiters
    collar_percent: int
    ends: Ends
    largest_wait_s: float
    steps: Steps
    limits: OrderLimits = NO_LIMITS
    order_rate: Rate | None = None
