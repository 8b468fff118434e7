"""What an order costs does not depend on how many others stand, nor on what happened to them before.

Times are compared with each other and never with the clock on the wall; the bounds are far above what is measured
and far below what a walk through the book would cost.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator

import pytest

from contracts.facts import Reason
from contracts.orders import Side
from order_matching.domain import reports
from order_matching.domain.book import Book
from order_matching.domain.ladder import LOOKED_AT_ONE_BY_ONE, Ladder
from order_matching.domain.orders import Order
from tests.order_matching.builders import BUY, DAY, FOK, GTC, IOC, SELL

FEW, MANY = 1_000, 200_000
OFTEN = 500
ALLOWED = 8


def order(number: int, side: Side, price: int, quantity: int = 1, tif: object = GTC) -> Order:
    return Order(number, number, side, price, quantity, quantity, tif)  # type: ignore[arg-type]


def filled(count: int, price_of: Callable[[int], int]) -> Book:
    book = Book()
    for number in range(count):
        book.submit(order(number, SELL, price_of(number)))
    book.take_reports()
    book.take_changes()
    return book


def seconds(work: Callable[[int], None], turns: Iterable[int]) -> float:
    """CPU seconds of one turn: the best of some rounds, for others are at work on this machine too."""
    rounds = []
    for turn in turns:
        began = time.thread_time()
        work(turn)
        rounds.append(time.thread_time() - began)
    return sorted(rounds)[len(rounds) // 4]


def submit_and_cancel(book: Book) -> Callable[[int], None]:
    def work(turn: int) -> None:
        for number in range(OFTEN):
            book.submit(order(-number - 1, BUY, 1 + (number * 7919 + turn) % 900))
            book.cancel(-number - 1, 0)

    return work


def everywhere(number: int) -> int:
    return 1_000 + number * 7_919 % 100_003


def one_price(_: int) -> int:
    return 1_000


@pytest.mark.parametrize("price_of", [everywhere, one_price])
def test_an_order_costs_the_same_in_a_small_and_a_large_book(price_of: Callable[[int], int]) -> None:
    small, large = filled(FEW, price_of), filled(MANY, price_of)

    cost_small = seconds(submit_and_cancel(small), range(12))
    cost_large = seconds(submit_and_cancel(large), range(12))

    assert cost_large < ALLOWED * cost_small


@pytest.mark.parametrize("price_of", [everywhere, one_price])
def test_a_cancel_in_the_middle_costs_the_same_in_a_small_and_a_large_book(price_of: Callable[[int], int]) -> None:
    small, large = filled(FEW, price_of), filled(MANY, price_of)

    def cancel_from_the_middle(book: Book, count: int) -> Callable[[int], None]:
        def work(turn: int) -> None:
            for number in range(40):
                book.cancel(count // 2 + turn * 40 + number, 0)

        return work

    cost_small = seconds(cancel_from_the_middle(small, FEW), range(12))
    cost_large = seconds(cancel_from_the_middle(large, MANY), range(12))

    assert cost_large < ALLOWED * cost_small


def test_the_head_of_a_long_queue_is_found_at_once_however_many_have_left_it() -> None:
    """The queue that is a plain dict walks over everything that has gone: here a hundred times the cost."""
    book = filled(MANY, one_price)

    def take(turn: int) -> None:
        for number in range(OFTEN):
            book.submit(order(-turn * OFTEN - number - 1, BUY, 1_000, tif=IOC))

    cost_first = seconds(take, range(8))
    for number in range(OFTEN * 8, MANY - 20 * OFTEN):
        book.cancel(number, 0)
    cost_last = seconds(take, range(8, 16))

    assert cost_last < ALLOWED * cost_first


def test_a_fok_order_looks_no_further_than_it_would_trade() -> None:
    small, large = filled(FEW, everywhere), filled(MANY, everywhere)

    def ask(book: Book) -> Callable[[int], None]:
        best = book.depth(SELL, 1)[0].price

        def work(turn: int) -> None:
            for number in range(OFTEN):
                book.submit(order(-turn * OFTEN - number - 1, BUY, best, quantity=2, tif=FOK))

        return work

    assert seconds(ask(large), range(8)) < ALLOWED * seconds(ask(small), range(8))


def test_a_sweep_of_five_thousand_fills_leaves_the_book_in_order() -> None:
    book = filled(5_000, lambda number: 1_000 + number % 100)

    book.submit(order(-1, BUY, 2_000, quantity=5_001, tif=DAY))

    assert book.trades == 5_000
    assert [(level.price, level.quantity) for level in book.depth(BUY)] == [(2_000, 1)]
    assert book.depth(SELL) == []


class Walks:
    """Counts the prices and orders that are looked at one after the other."""

    def __init__(self, ladder: Ladder, monkeypatch: pytest.MonkeyPatch) -> None:
        self.steps = 0
        ranks = Ladder._ranks_from_best

        def counted(walked: Ladder) -> Iterator[int]:
            for rank in ranks(walked):
                self.steps += walked is ladder
                yield rank

        monkeypatch.setattr(Ladder, "_ranks_from_best", counted)


@pytest.mark.parametrize("price_of", [everywhere, one_price])
def test_a_fok_order_that_fills_nothing_does_not_walk_through_the_book(
    price_of: Callable[[int], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also not if there would be enough beyond its limit."""
    book = filled(20_000, price_of)
    book.submit(order(-1, SELL, 10**6, quantity=10**6))
    walks = Walks(book._asks, monkeypatch)

    for number in range(50):
        book.submit(order(-2 - number, BUY, 10**6 - 1, quantity=20_001, tif=FOK))

    assert book.trades == 0
    ended = [report[-1] for report in book.take_reports() if report[0] == reports.CANCELED]
    assert ended == [Reason.CANNOT_FILL_COMPLETELY] * 50
    assert walks.steps <= 50 * 2 * LOOKED_AT_ONE_BY_ONE


def test_an_order_refused_for_one_of_its_own_far_behind_others_does_not_walk_to_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    book = filled(20_000, everywhere)
    book.submit(Order("own", "ann", SELL, 10**6, 1, 1, GTC))
    book.take_reports()
    walks = Walks(book._asks, monkeypatch)

    for number in range(50):
        book.submit(Order(f"again {number}", "ann", BUY, 10**6, 20_001, 20_001, GTC))
        book.submit(order(30_000 + number, SELL, 10**7))

    kinds = [report[0] for report in book.take_reports()]
    assert kinds == [reports.REFUSED, reports.RESTED] * 50
    assert walks.steps <= 50 * 2 * LOOKED_AT_ONE_BY_ONE
