"""Taking facts in: one suite on a fake and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, Protocol

import pytest
import structlog

from chassis.cache import LocalCache
from chassis.metrics import Metrics
from contracts.facts import InstrumentHalted, Level
from contracts.orders import Side
from stock_data.cache import CachedMarkets
from stock_data.consumers import hear
from stock_data.domain.market import Market
from stock_data.ports import Deps
from tests.stock_data.builders import NOON_US, ask, bid, change, trade
from tests.stock_data.rig import Rig


class FakeUnit:
    """Markets in memory; remembered prices are seen only after `commit`."""

    def __init__(self) -> None:
        self.markets = {symbol: Market(symbol) for symbol in ("AAPL", "MSFT", "TSLA")}
        self.tape: list[tuple[str, int]] = []
        self.books: dict[str, dict[tuple[Side, int], Level]] = {symbol: {} for symbol in self.markets}
        self.actions: list[Callable[[], None]] = []

    def lock_markets(self, symbols: Collection[str]) -> dict[str, Market]:
        kept = {symbol: self.markets[symbol] for symbol in symbols}
        return {symbol: Market(symbol, old.trade_number, old.book_sequence) for symbol, old in kept.items()}

    def save_markets(self, markets: Collection[Market]) -> None:
        for market in markets:
            self.markets[market.symbol] = market
            self.tape += [(each.symbol, each.number) for each in market.prints]
            for level in market.levels:
                self.books[market.symbol].pop((level.side, level.price), None)
                if level.quantity:
                    self.books[market.symbol][level.side, level.price] = level

    def after_commit(self, action: Callable[[], None]) -> None:
        self.actions.append(action)


class Prices(dict[str, int]):
    def remember(self, prices: dict[str, int]) -> None:
        self.update(prices)


class Board(Protocol):
    """A place that takes facts in and can be looked at."""

    def hear(self, *facts: object) -> object: ...
    def tape(self) -> list[tuple[str, int]]: ...
    def levels(self, symbol: str) -> list[Level]: ...
    def last_price(self, symbol: str) -> int | None: ...


class FakeBoard:
    def __init__(self) -> None:
        self.unit, self.prices = FakeUnit(), Prices()
        self.views = CachedMarkets(LocalCache(), Metrics())

    def hear(self, *facts: object) -> None:
        deps: Any = Deps(None, self.prices, self.views, lambda transaction: self.unit, None, None)  # type: ignore[arg-type,return-value]
        transaction: Any = None
        hear(deps)(transaction, facts)
        while self.unit.actions:
            self.unit.actions.pop()()

    def tape(self) -> list[tuple[str, int]]:
        return sorted(self.unit.tape)

    def levels(self, symbol: str) -> list[Level]:
        return list(self.unit.books[symbol].values())

    def last_price(self, symbol: str) -> int | None:
        return self.prices.get(symbol)


class RealBoard:
    def __init__(self, rig: Rig) -> None:
        self.rig = rig

    def hear(self, *facts: object) -> None:
        self.rig.hear(*facts)

    def tape(self) -> list[tuple[str, int]]:
        with self.rig.database.reading() as reading:
            return [tuple(row) for row in reading.rows("select symbol, number from trades order by symbol, number")]

    def levels(self, symbol: str) -> list[Level]:
        with self.rig.deps.reading() as reader:
            depth = reader.depth(symbol, 100)
        assert depth is not None
        return [*depth.bids, *depth.asks]

    def last_price(self, symbol: str) -> int | None:
        return next((int(text) for text in self.rig.cache.get_many([f"last_price:{symbol}"]).values()), None)


@pytest.fixture(params=["fake", "postgresql"])
def board(request: pytest.FixtureRequest) -> Board:
    return FakeBoard() if request.param == "fake" else RealBoard(request.getfixturevalue("rig"))


def in_price_order(levels: Sequence[Level]) -> list[Level]:
    return sorted(levels, key=lambda level: level.price)


def test_a_mixed_batch_of_many_symbols_is_taken_in_at_once(board: Board):
    board.hear(
        trade(1, price=100),
        change(1, [ask(101, 5)]),
        trade(1, price=400, symbol="MSFT"),
        change(1, [bid(399, 7)], symbol="MSFT"),
        trade(2, price=102),
    )

    assert board.tape() == [("AAPL", 1), ("AAPL", 2), ("MSFT", 1)]
    assert board.levels("AAPL") == [ask(101, 5)]
    assert board.levels("MSFT") == [bid(399, 7)]
    assert (board.last_price("AAPL"), board.last_price("MSFT")) == (1_020_000, 4_000_000)


def test_the_same_facts_again_leave_everything_as_it_was(board: Board):
    facts = [trade(1), change(1, [bid(99, 3), ask(101, 5)]), trade(2), change(2, [bid(99, 0)])]
    board.hear(*facts)

    board.hear(*facts)

    assert board.tape() == [("AAPL", 1), ("AAPL", 2)]
    assert board.levels("AAPL") == [ask(101, 5)]


def test_a_level_that_comes_goes_and_comes_again_stands(board: Board):
    board.hear(change(1, [bid(99, 3)]))
    board.hear(change(2, [bid(99, 0)]))
    board.hear(change(3, [bid(99, 8, orders=2)]))

    assert board.levels("AAPL") == [bid(99, 8, orders=2)]


def test_a_level_that_comes_and_goes_in_one_batch_was_never_there(board: Board):
    board.hear(change(1, [bid(99, 3)]), change(2, [bid(99, 0)]))

    assert board.levels("AAPL") == []


def test_a_price_may_change_sides(board: Board):
    board.hear(change(1, [bid(99, 3), bid(100, 1)]))

    board.hear(change(2, [bid(100, 0), ask(100, 4)]))

    assert in_price_order(board.levels("AAPL")) == [bid(99, 3), ask(100, 4)]


def test_a_batch_without_trades_leaves_the_last_price_alone(board: Board):
    board.hear(trade(1, price=100))

    board.hear(change(1, [bid(99, 3)]))

    assert board.last_price("AAPL") == 1_000_000


def test_a_kind_of_fact_nobody_asked_for_is_ignored(board: Board):
    board.hear(trade(1))

    board.hear(InstrumentHalted(symbol="AAPL", at_us=NOON_US))

    assert board.tape() == [("AAPL", 1)]


def test_a_gap_in_the_book_is_told_to_the_operator(board: Board):
    with structlog.testing.capture_logs() as logs:
        board.hear(change(1, [bid(99, 3)]), change(5, [bid(99, 4)], previous=3))

    [gap] = [entry for entry in logs if entry["event"] == "book_gap"]
    assert (gap["symbol"], gap["known_sequence"], gap["previous_sequence"]) == ("AAPL", 1, 3)
    assert board.levels("AAPL") == [bid(99, 4)]
