"""A market of plain dictionaries that works everything out anew each time it is asked; written to be obvious.

It invents the next thing that can happen, and knows what the service has to say to it. It shares no rule with
user_portfolio.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from contracts.facts import OrderPlaced, Reason, ReplaceRequested
from contracts.orders import Side
from tests.user_portfolio.builders import canceled, fill, identity, placed, replace, replace_refused, replaced


@dataclass(eq=False)
class Order:
    asked: OrderPlaced | ReplaceRequested
    is_open: bool = False
    filled: int = 0
    held: int = 0

    @property
    def left(self) -> int:
        return self.asked.quantity - self.filled


@dataclass
class Trade:
    account_id: str
    symbol: str
    signed_quantity: int
    price: int


@dataclass
class NaiveMarket:
    """`cash` and `shares` are what every account starts with; shares start at the price `listed_at`."""

    rng: random.Random
    accounts: list[str]
    symbols: list[str]
    cash: int
    shares: int
    listed_at: int
    orders: dict[str, Order] = field(default_factory=dict)
    trades: list[Trade] = field(default_factory=list)
    told: list[Any] = field(default_factory=list)
    pending: list[Order] = field(default_factory=list)
    """Replacements the book has not answered, oldest first; one may ask to replace another."""
    expected: list[tuple[str, Reason | None]] = field(default_factory=list)
    """What the service has to answer: order and reason, None when it holds."""

    def next_facts(self) -> list[Any]:
        """Something that can happen now."""
        steps = [self._place, self._place, self._fill, self._fill, self._cancel, self._request, self._decide]
        facts = self.rng.choice([*steps, self._repeat])()
        self.told += facts
        return facts

    def cash_of(self, account: str) -> int:
        mine = [trade for trade in self.trades if trade.account_id == account]
        return self.cash - sum(trade.signed_quantity * trade.price for trade in mine)

    def cash_held_of(self, account: str) -> int:
        return sum(order.held for order in self._orders_of(account, Side.BUY))

    def shares_held_of(self, account: str, symbol: str) -> int:
        return sum(order.held for order in self._orders_of(account, Side.SELL) if order.asked.symbol == symbol)

    def position_of(self, account: str, symbol: str) -> tuple[int, int, int]:
        """Quantity, cost and realised profit, by going through all trades again."""
        quantity, cost, realised = self.shares, self.shares * self.listed_at, 0
        for trade in self.trades:
            if (trade.account_id, trade.symbol) != (account, symbol):
                continue
            if trade.signed_quantity > 0:
                cost += trade.signed_quantity * trade.price
            else:
                gone = -trade.signed_quantity
                cost_gone = cost * gone // quantity
                cost -= cost_gone
                realised += gone * trade.price - cost_gone
            quantity += trade.signed_quantity
        return quantity, cost, realised

    def _orders_of(self, account: str, side: Side) -> list[Order]:
        return [
            order for order in self.orders.values() if (order.asked.account_id, order.asked.side) == (account, side)
        ]

    def _free(self, order: Order) -> int:
        asked = order.asked
        if asked.side == Side.BUY:
            return self.cash_of(asked.account_id) - self.cash_held_of(asked.account_id)
        quantity = self.position_of(asked.account_id, asked.symbol)[0]
        return quantity - self.shares_held_of(asked.account_id, asked.symbol)

    def _place(self) -> list[Any]:
        account, symbol = self.rng.choice(self.accounts), self.rng.choice(self.symbols)
        side, number = self.rng.choice(list(Side)), len(self.orders)
        quantity, price = self.rng.randint(1, 40), self.rng.randint(1, 50)
        asked = placed(side, f"order{number}", quantity, price, account, symbol)
        order = self.orders[asked.order_id] = Order(asked)
        self._hold(order, quantity * _per_share(asked))
        order.is_open = order.held > 0
        return [asked]

    def _hold(self, order: Order, amount: int) -> None:
        enough = amount <= self._free(order)
        order.held = amount if enough else 0
        is_buy = order.asked.side == Side.BUY
        lacking = Reason.INSUFFICIENT_BUYING_POWER if is_buy else Reason.INSUFFICIENT_SHARES
        self.expected.append((order.asked.order_id, None if enough else lacking))

    def _fill(self) -> list[Any]:
        order = self._any_open()
        if order is None:
            return []
        asked, quantity = order.asked, self.rng.randint(1, order.left)
        is_buy = asked.side == Side.BUY
        price = self.rng.randint(1, asked.price) if is_buy else self.rng.randint(asked.price, asked.price + 9)
        order.filled += quantity
        order.held = order.left * _per_share(asked)
        order.is_open = order.left > 0
        self.trades.append(Trade(asked.account_id, asked.symbol, quantity if is_buy else -quantity, price))
        return [fill(asked, qty=quantity, at=price, left=order.left, trade=f"t{len(self.trades)}")]

    def _cancel(self) -> list[Any]:
        order = self._any_open()
        if order is None:
            return []
        order.is_open, order.held = False, 0
        return [canceled(order.asked, left=order.left)]

    def _request(self) -> list[Any]:
        """Ask to replace an order that stands, or that may no longer."""
        standing = [order for order in self.orders.values() if order.is_open or self.rng.random() < 0.1]
        if not standing:
            return []
        old = self.rng.choice(standing)
        quantity, price = self.rng.randint(1, 60), self.rng.randint(1, 60)
        asked = replace(old.asked, f"order{len(self.orders)}", qty=quantity, at=price)
        order = self.orders[asked.order_id] = Order(asked, filled=old.filled)
        if not old.is_open and old not in self.pending:
            self.expected.append((asked.order_id, Reason.ORDER_NOT_OPEN))
        elif quantity <= old.filled:
            self.expected.append((asked.order_id, Reason.ALREADY_FILLED))
        else:
            self._hold(order, _worst_shortfall(old, asked))
            self.pending += [order] if self.expected[-1][1] is None else []
        return [asked]

    def _decide(self) -> list[Any]:
        """The book replaces, or refuses because the order is over, has filled too much, or just so."""
        ready = [new for new in self.pending if self._replaced_by(new) not in self.pending]
        if not ready:
            return []
        new = self.rng.choice(ready)
        assert isinstance(new.asked, ReplaceRequested)
        self.pending.remove(new)
        old = self._replaced_by(new)
        new.held = 0
        if not old.is_open or old.filled >= new.asked.quantity or self.rng.random() < 0.2:
            return [replace_refused(new.asked)]
        old.is_open, old.held = False, 0
        new.is_open, new.filled = True, old.filled
        new.held = new.left * _per_share(new.asked)
        return [replaced(new.asked, left=new.left)]

    def _replaced_by(self, new: Order) -> Order:
        assert isinstance(new.asked, ReplaceRequested)
        return self.orders[new.asked.replaces]

    def _repeat(self) -> list[Any]:
        return [self.rng.choice(self.told)] if self.told else []

    def _any_open(self) -> Order | None:
        standing = [order for order in self.orders.values() if order.is_open]
        return self.rng.choice(standing) if standing else None


def _per_share(asked: OrderPlaced | ReplaceRequested) -> int:
    return asked.price if asked.side == Side.BUY else 1


def _worst_shortfall(old: Order, asked: ReplaceRequested) -> int:
    """Try every number of shares that may have filled by the time the book replaces."""
    by_then = range(old.filled, min(old.asked.quantity, asked.quantity) + 1)
    needs = (
        (asked.quantity - f) * _per_share(asked) - (old.asked.quantity - f) * _per_share(old.asked) for f in by_then
    )
    return max(0, *needs)


ACCOUNTS = [identity(name) for name in ("alice", "bob", "carol")]
