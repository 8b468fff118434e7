"""An exchange for the resident traders in memory: the real order book, and the simplest accounts that can be right."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from chassis.clock import FixedClock
from contracts.orders import Side
from market_feed.domain.market import NO_QUOTE, Holdings, Instrument, Quote, Standing, Wish
from market_feed.ports import Away, Credential, Hasty, Unknown
from order_matching.domain import reports
from order_matching.domain.book import Book
from order_matching.domain.orders import Order
from tests.market_feed.builders import DOLLAR


@dataclass(slots=True)
class Account:
    name: str
    cash: int
    shares: dict[str, int]
    open: dict[str, Order] = field(default_factory=dict)
    symbol_of: dict[str, str] = field(default_factory=dict)


class NaiveExchange:
    """Takes wishes, matches and settles them at once. `log` is every order placed; the other fields cause trouble."""

    def __init__(self, instruments: Iterable[Instrument], cash: int = 100_000, shares: int = 100) -> None:
        self.clock = FixedClock()
        self.instruments = {each.symbol: each for each in instruments}
        self.books = {symbol: Book() for symbol in self.instruments}
        self.last: dict[str, int] = {}
        self.accounts: dict[str, Account] = {}
        self.passwords: dict[str, str] = {}
        self.log: list[tuple[str, Wish]] = []
        self.refused: list[tuple[str, str]] = []
        self.traded = 0
        self.is_away = False
        self.hasty: dict[str, float] = {}
        self._grant = cash * DOLLAR, shares
        self._ids = itertools.count(1)
        self._quotes: dict[str, tuple[int, Quote]] = {}
        self._orders: dict[str, Account] = {}

    def enter(self, credential: Credential) -> NaiveDesk | None:
        self.knock(credential.name)
        if self.passwords.setdefault(credential.name, credential.password) != credential.password:
            return None
        if credential.name not in self.accounts:
            self.open_account(credential.name)
        return NaiveDesk(self, credential.name)

    def open_account(self, name: str) -> Account:
        cash, shares = self._grant
        self.accounts[name] = Account(name, cash, dict.fromkeys(self.instruments, shares))
        return self.accounts[name]

    def knock(self, name: str) -> None:
        if self.is_away:
            raise Away("nobody is there")
        if name in self.hasty:
            raise Hasty(self.hasty[name])

    def place(self, account: Account, wish: Wish) -> str:
        self.log.append((account.name, wish))
        free = free_of(account)
        needed, there = (
            (wish.quantity * wish.price, free.buying_power)
            if wish.side is Side.BUY
            else (wish.quantity, free.available.get(wish.symbol, 0))
        )
        if needed > there or wish.symbol not in self.instruments:
            self.refused.append((account.name, "not covered"))
            return ""
        order_id = f"order-{next(self._ids)}"
        order = Order(order_id, account.name, wish.side, wish.price, wish.quantity, wish.quantity, wish.time_in_force)
        account.open[order_id], account.symbol_of[order_id] = order, wish.symbol
        self._orders[order_id] = account
        self.books[wish.symbol].submit(order)
        self._settle(wish.symbol)
        return order_id

    def cancel(self, account: Account, order_id: str) -> None:
        if order_id in account.open:
            symbol = account.symbol_of[order_id]
            self.books[symbol].cancel(order_id, account.name)
            self._settle(symbol)

    def quote(self, symbol: str) -> Quote:
        """Looked up only after the book has changed: a day asks two million times."""
        book = self.books[symbol]
        sequence, quote = self._quotes.get(symbol, (-1, NO_QUOTE))
        if sequence != book.sequence:
            bids, asks = (book.depth(side, 1) for side in (Side.BUY, Side.SELL))
            quote = Quote(bids[0].price if bids else 0, asks[0].price if asks else 0)
            self._quotes[symbol] = book.sequence, quote
        return quote

    def _settle(self, symbol: str) -> None:
        for report in self.books[symbol].take_reports():
            if report[0] == reports.TRADED:
                _, _, _, price, quantity, side, taker, _, taker_left, maker, _, maker_left = report
                self._book(symbol, taker, side, price, quantity, taker_left)
                self._book(symbol, maker, Side.SELL if side is Side.BUY else Side.BUY, price, quantity, maker_left)
                self.last[symbol] = price
                self.traded += 1
            elif report[0] == reports.CANCELED:
                self._end(report[2])
            elif report[0] == reports.REFUSED:
                self.refused.append((report[3], report[4]))
                self._end(report[2])
        self.books[symbol].take_changes()

    def _book(self, symbol: str, order_id: str, side: Side, price: int, quantity: int, left: int) -> None:
        account = self._orders[order_id]
        sign = 1 if side is Side.BUY else -1
        account.cash -= sign * price * quantity
        account.shares[symbol] = account.shares.get(symbol, 0) + sign * quantity
        if not left:
            self._end(order_id)

    def _end(self, order_id: str) -> None:
        account = self._orders.pop(order_id)
        del account.open[order_id], account.symbol_of[order_id]


class NaiveDesk:
    """One account's view of it."""

    def __init__(self, exchange: NaiveExchange, name: str) -> None:
        self._exchange = exchange
        self._name = name

    @property
    def account(self) -> Account:
        self._exchange.knock(self._name)
        if self._name not in self._exchange.accounts:
            raise Unknown
        return self._exchange.accounts[self._name]

    def instruments(self) -> list[Instrument]:
        self._exchange.knock(self._name)
        return list(self._exchange.instruments.values())

    def last_prices(self, symbols: Collection[str]) -> dict[str, int]:
        return {symbol: self._exchange.last[symbol] for symbol in symbols if symbol in self._exchange.last}

    def quotes(self, symbols: Collection[str]) -> dict[str, Quote]:
        self._exchange.knock(self._name)
        return {symbol: self._exchange.quote(symbol) for symbol in symbols}

    def holdings(self) -> Holdings:
        return free_of(self.account)

    def standing(self, symbol: str) -> list[Standing]:
        account = self.account
        return [
            Standing(order_id, symbol, order.side, order.price, order.remaining)
            for order_id, order in account.open.items()
            if account.symbol_of[order_id] == symbol
        ]

    def place(self, wishes: Sequence[Wish]) -> list[str]:
        return [self._exchange.place(self.account, wish) for wish in wishes]

    def cancel(self, order_id: str) -> None:
        self._exchange.cancel(self.account, order_id)

    def cancel_all(self) -> int:
        account = self.account
        order_ids = list(account.open)
        for order_id in order_ids:
            self._exchange.cancel(account, order_id)
        return len(order_ids)

    def is_cleared(self) -> bool:
        return not self.account.open


def free_of(account: Account) -> Holdings:
    """What the account owns, and what of it no open order holds."""
    buying_power, available = account.cash, dict(account.shares)
    for order_id, order in account.open.items():
        if order.side is Side.BUY:
            buying_power -= order.remaining * order.price
        else:
            available[account.symbol_of[order_id]] -= order.remaining
    return Holdings(account.cash, buying_power, dict(account.shares), available)
