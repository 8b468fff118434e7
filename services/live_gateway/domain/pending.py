"""What one client has not been told yet, merged so that it stays small however long the client takes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from contracts.orders import Side
from live_gateway.domain.asking import Subscription
from live_gateway.domain.pictures import Picture

MOST_TRADES = 200
"""Of one symbol; older ones are counted as missed."""

MOST_LEVELS = 2_000
"""Changed levels of one symbol; whoever is that far behind is better off with the whole book."""

MOST_ORDER_EVENTS = 1_000
MOST_LISTED = 1_000

ORDERS, ASSETS = "orders", "assets"
"""What `resync` can name beside symbols; those are written in capitals."""

LevelKey = tuple[Side, int]
Levels = Iterable[tuple[LevelKey, object]]
"""(side, price) → the level as the client is shown it."""


@dataclass(slots=True)
class _Book:
    previous_sequence: int
    sequence: int
    levels: dict[LevelKey, object]


@dataclass(slots=True)
class _Trades:
    shown: deque[object] = field(default_factory=lambda: deque(maxlen=MOST_TRADES))
    missed: int = 0


class Pending:
    """Filled as things happen, shown when the client can be told, and then followed by a new one."""

    def __init__(self) -> None:
        self.merged = 0
        """How often something new was merged with what was already waiting, or took its place."""
        self._prices: dict[str, tuple[Picture, int]] = {}
        self._books: dict[str, _Book] = {}
        self._trades: dict[str, _Trades] = {}
        self._halts: dict[str, bool] = {}
        self._listed: list[str] = []
        self._orders: list[object] = []
        self._portfolio_changed = False
        self._resync: dict[str, None] = {}

    def __bool__(self) -> bool:
        return any((self._prices, self._books, self._trades, self._halts, self._listed, self._orders)) or bool(
            self._portfolio_changed or self._resync
        )

    def price(self, symbol: str, shown: Picture, volume: int) -> None:
        """The last trade's price; the volume of those it takes the place of is kept."""
        _, before = self._prices.get(symbol, (None, 0))
        self.merged += before > 0
        self._prices[symbol] = shown, before + volume

    def trade(self, symbol: str, shown: object) -> None:
        trades = self._trades.setdefault(symbol, _Trades())
        trades.missed += len(trades.shown) == MOST_TRADES
        self.merged += bool(trades.shown)
        trades.shown.append(shown)

    def change_book(self, symbol: str, previous_sequence: int, sequence: int, levels: Levels) -> None:
        """Levels as they stand after `sequence`, building on the book after `previous_sequence`.

        What does not build on what is waiting means that a change was missed: the client is to fetch the book.
        """
        book = self._books.get(symbol)
        if book is None:
            self._books[symbol] = _Book(previous_sequence, sequence, dict(levels))
            return
        if sequence <= book.sequence:
            return
        self.merged += 1
        if previous_sequence != book.sequence:
            self._books[symbol] = _Book(previous_sequence, sequence, dict(levels))
            self._resync[symbol] = None
            return
        book.sequence = sequence
        book.levels.update(levels)
        if len(book.levels) > MOST_LEVELS:
            del self._books[symbol]
            self._resync[symbol] = None

    def halt(self, symbol: str, is_halted: bool) -> None:
        self._halts[symbol] = is_halted

    def new_instrument(self, symbol: str) -> None:
        self._listed.append(symbol)
        if len(self._listed) > MOST_LISTED:
            self._listed.clear()
            self._resync[ASSETS] = None

    def order(self, shown: object) -> None:
        """An event of one of this client's own orders."""
        self._orders.append(shown)
        if len(self._orders) > MOST_ORDER_EVENTS:
            self._orders.clear()
            self._resync[ORDERS] = None

    def portfolio(self) -> None:
        self._portfolio_changed = True

    def keep(self, subscription: Subscription) -> None:
        """Forget what is no longer subscribed."""
        prices, markets = set(subscription.prices), set(subscription.markets)
        self._prices = {symbol: each for symbol, each in self._prices.items() if symbol in prices}
        self._books = {symbol: each for symbol, each in self._books.items() if symbol in markets}
        self._trades = {symbol: each for symbol, each in self._trades.items() if symbol in markets}
        wanted = {ORDERS, ASSETS} | prices | markets
        self._resync = {name: None for name in self._resync if name in wanted}

    def lose_all(self, subscription: Subscription) -> None:
        """Nobody knows what was missed: everything this client looks at is to be fetched again."""
        for waiting in (self._prices, self._books, self._trades, self._halts, self._listed, self._orders):
            waiting.clear()
        self._portfolio_changed = True
        names = (ORDERS, ASSETS, *subscription.prices, *subscription.markets)
        self._resync = dict.fromkeys(names)

    def shown(self) -> Picture:
        """All of it as an update's fields; a field that has nothing to say is left out."""
        update: Picture = {
            "prices": {symbol: {**shown, "volume": volume} for symbol, (shown, volume) in self._prices.items()},
            "books": {symbol: _shown_book(book) for symbol, book in self._books.items()},
            "trades": {
                symbol: {"trades": [*each.shown], "missed": each.missed} for symbol, each in self._trades.items()
            },
            "halts": self._halts,
            "listed": self._listed,
            "orders": self._orders,
            "portfolio_changed": self._portfolio_changed,
            "resync": [*self._resync],
        }
        return {name: value for name, value in update.items() if value}


def _shown_book(book: _Book) -> Picture:
    return {
        "previous_sequence": book.previous_sequence,
        "sequence": book.sequence,
        "levels": [*book.levels.values()],
    }
