"""The order desk's database as dictionaries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from typing import Any

from contracts.facts import InstrumentHalted, InstrumentListed, InstrumentResumed
from contracts.orders import OrderStatus
from stock_ordering.domain.funds import OpenOrders
from stock_ordering.domain.order import Fill, Order
from stock_ordering.domain.wishes import Instrument
from stock_ordering.ports import ClientKey, Listing, Place


class FakeOrders:
    """A Unit and a Reader; `transaction` undoes everything when its block raises."""

    def __init__(self) -> None:
        self.saved: dict[str, Order] = {}
        self.newest_us: dict[str, int] = {}
        self.known_fills: dict[tuple[str, str], Fill] = {}
        self.of_the_day: dict[str, tuple[int, int]] = {}
        self.facts: list[Any] = []
        self.woken: list[str] = []
        self._actions: list[Callable[[], None]] = []

    @contextmanager
    def transaction(self) -> Iterator[FakeOrders]:
        before = deepcopy((self.saved, self.known_fills, self.of_the_day, self.facts))
        self._actions = []
        try:
            yield self
        except BaseException:
            self.saved, self.known_fills, self.of_the_day, self.facts = before
            raise
        for action in self._actions:
            action()

    def told(self) -> list[Any]:
        told, self.facts = self.facts, []
        return told

    def add_orders(self, orders: Sequence[Order]) -> set[str]:
        taken = {(order.account_id, order.client_order_id) for order in self.saved.values()}
        free = [order for order in orders if (order.account_id, order.client_order_id) not in taken]
        self.saved.update({order.id: replace(order) for order in free})
        return {order.id for order in free}

    def wait_for_turn(self, account_id: str) -> None:
        """Nobody else is here."""

    def take_times(self, account_ids: Iterable[str], now_us: int, count: int) -> dict[str, int]:
        newest = {account: self.newest_us.get(account, 0) for account in account_ids}
        first = {account: max(now_us, newest_us + 1) for account, newest_us in newest.items()}
        self.newest_us |= {account: first_us + count - 1 for account, first_us in first.items()}
        return first

    def orders_by_client_id(self, keys: Sequence[ClientKey]) -> dict[ClientKey, Order]:
        by_key = {(order.account_id, order.client_order_id): replace(order) for order in self.saved.values()}
        return {key: by_key[key] for key in keys if key in by_key}

    def order(self, account_id: str, order_id: str) -> Order | None:
        order = self.saved.get(order_id)
        return replace(order) if order and order.account_id == account_id else None

    def count_orders(self, orders: Mapping[str, int], day_ends_us: int) -> dict[str, int]:
        for account_id, count in orders.items():
            ends_us, counted = self.of_the_day.get(account_id, (0, 0))
            before = counted if ends_us >= day_ends_us else 0
            self.of_the_day[account_id] = max(ends_us, day_ends_us), before + count
        return {account_id: self.of_the_day[account_id][1] for account_id in orders}

    def count_open_orders(self, account_ids: Iterable[str], most: int) -> dict[str, int]:
        held = [order.account_id for order in self.saved.values() if order.is_open]
        return {account_id: min(held.count(account_id), most) for account_id in account_ids}

    def lock_orders(self, order_ids: Iterable[str]) -> dict[str, Order]:
        return {order_id: replace(self.saved[order_id]) for order_id in order_ids if order_id in self.saved}

    def lock_under_way(self, order_ids: Iterable[str]) -> dict[str, Order]:
        ids = set(order_ids)
        pending = [order for order in self.saved.values() if order.status is OrderStatus.PENDING_NEW and order.replaces]
        ids |= {order.replaces or "" for order in pending if order.id in ids}
        return self.lock_orders(sorted(ids | {order.id for order in pending if order.replaces in ids}))

    def last_cancelable(self, account_id: str) -> Place | None:
        return max(self._cancelable(account_id), default=None)

    def cancelable(self, account_id: str, after: Place, until: Place, limit: int) -> list[Place]:
        return [place for place in sorted(self._cancelable(account_id)) if after < place <= until][:limit]

    def count_cancelable(self, account_id: str, after: Place, until: Place) -> int:
        return len(self.cancelable(account_id, after, until, len(self.saved)))

    def _cancelable(self, account_id: str) -> list[Place]:
        mine = [order for order in self.saved.values() if order.account_id == account_id and order.is_open]
        return [(order.created_at_us, order.id) for order in mine if not order.cancel_requested_at_us]

    def pending_replacement(self, order_id: str) -> Order | None:
        pending = [order for order in self.saved.values() if order.status is OrderStatus.PENDING_NEW]
        return next((replace(order) for order in pending if order.replaces == order_id), None)

    def save_orders(self, orders: Sequence[Order]) -> None:
        self.saved.update({order.id: replace(order) for order in orders})

    def add_fills(self, fills: Sequence[Fill]) -> None:
        for fill in fills:
            self.known_fills.setdefault((fill.order_id, fill.trade_id), fill)

    def announce(self, facts: Sequence[object]) -> None:
        self.facts += facts

    def after_commit(self, action: Callable[[], None]) -> None:
        self._actions.append(action)

    def happened(self, order_ids: Iterable[str]) -> None:
        self.woken += order_ids

    def listed(self, listing: Listing) -> list[Order]:
        return [replace(order) for order in self.saved.values() if order.account_id == listing.account_id]

    def fills(self, order_id: str, limit: int, offset: int) -> list[Fill]:
        return [fill for fill in self.known_fills.values() if fill.order_id == order_id][offset : offset + limit]

    def open_orders(self, account_id: str) -> OpenOrders:
        raise AssertionError("funds are tested on PostgreSQL")

    def newest_fill(self, order_id: str) -> Fill | None:
        return min(self.fills(order_id, 1_000, 0), key=lambda fill: fill.remaining, default=None)

    def instruments(self) -> list[Instrument]:
        return []

    def list_instruments(self, listed: Sequence[InstrumentListed]) -> None:
        raise AssertionError("instruments are tested on PostgreSQL")

    def set_halted(self, fact: InstrumentHalted | InstrumentResumed) -> None:
        raise AssertionError("instruments are tested on PostgreSQL")
