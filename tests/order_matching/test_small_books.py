"""Every small book there can be, and every order that can meet it: compared with the naive book, nothing left out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest

from contracts.orders import Side, TimeInForce
from order_matching.domain.book import Book, SelfTrade
from order_matching.domain.orders import Order
from tests.order_matching.builders import BUY, GTC, SELL, levels
from tests.order_matching.naive_book import FAR_FUTURE, Entry, NaiveBook

ACCOUNTS = ("me", "other")
PRICES = (100, 101)
QUANTITIES = (1, 2)
TAKER_QUANTITIES = (1, 2, 3, 5)

Makers = tuple[tuple[str, int, int], ...]
"""Account, price and quantity of each standing order, in the order in which they came."""


def small_books() -> Iterator[Makers]:
    one_order = list(product(ACCOUNTS, PRICES, QUANTITIES))
    for size in range(4):
        if size < 3:
            yield from product(one_order, repeat=size)
        else:
            yield from product(product(ACCOUNTS, PRICES, (2,)), repeat=size)


def stand(makers: Makers, side: Side, mode: SelfTrade) -> tuple[Book, NaiveBook]:
    """The same standing orders in a book and in a naive one."""
    book, naive = Book(mode), NaiveBook(mode is SelfTrade.REFUSE)
    for number, (account, price, quantity) in enumerate(makers):
        book.submit(Order(f"maker {number}", account, side, price, quantity, quantity, GTC))
        naive.submit(Entry(f"maker {number}", account, side, price, quantity, quantity, FAR_FUTURE, 0), GTC, False)
    book.take_reports()
    naive.told.clear()
    return book, naive


def differ(book: Book, naive: NaiveBook) -> bool:
    return (
        book.take_reports() != naive.told
        or levels(book.depth(BUY)) != naive.depth("buy")
        or levels(book.depth(SELL)) != naive.depth("sell")
    )


@pytest.mark.parametrize("tif", list(TimeInForce))
@pytest.mark.parametrize("mode", list(SelfTrade))
@pytest.mark.parametrize("taker_side", list(Side))
def test_every_order_that_meets_a_small_book_does_what_it_does_to_a_naive_one(
    taker_side: Side, mode: SelfTrade, tif: TimeInForce
) -> None:
    maker_side = SELL if taker_side is BUY else BUY
    wrong = []
    for makers, price, quantity in product(small_books(), PRICES, TAKER_QUANTITIES):
        book, naive = stand(makers, maker_side, mode)

        book.submit(Order("taker", "me", taker_side, price, quantity, quantity, tif))
        naive.submit(Entry("taker", "me", taker_side, price, quantity, quantity, FAR_FUTURE, 0), tif, False)

        if differ(book, naive):
            wrong.append((makers, price, quantity))
    assert wrong == []


@pytest.mark.parametrize("mode", list(SelfTrade))
@pytest.mark.parametrize("side", list(Side))
def test_every_replacement_in_a_small_book_does_what_it_does_in_a_naive_one(side: Side, mode: SelfTrade) -> None:
    wrong = []
    books = [makers for makers in small_books() if makers]
    for makers, which, price, quantity in product(books, range(3), PRICES, TAKER_QUANTITIES):
        if which >= len(makers):
            continue
        book, naive = stand(makers, side, mode)
        account = makers[which][0]

        book.replace(f"maker {which}", Order("new", account, side, price, quantity, quantity, GTC))
        entry = Entry("new", account, side, price, quantity, quantity, FAR_FUTURE, 0)
        naive.replace(f"maker {which}", entry, GTC, False)

        if differ(book, naive):
            wrong.append((makers, which, price, quantity))
    assert wrong == []


@pytest.mark.parametrize("mode", list(SelfTrade))
@pytest.mark.parametrize("taker_side", list(Side))
def test_every_replacement_after_a_partial_fill_counts_what_filled(taker_side: Side, mode: SelfTrade) -> None:
    maker_side = SELL if taker_side is BUY else BUY
    wrong = []
    for taken, price, total in product(range(1, 5), (99, 100, 101), range(1, 8)):
        book, naive = stand((("other", 100, 5),), maker_side, mode)
        book.submit(Order("some", "me", taker_side, 100, taken, taken, GTC))
        naive.submit(Entry("some", "me", taker_side, 100, taken, taken, FAR_FUTURE, 0), GTC, False)

        book.replace("maker 0", Order("new", "other", maker_side, price, total, total, GTC))
        naive.replace("maker 0", Entry("new", "other", maker_side, price, total, total, FAR_FUTURE, 0), GTC, False)

        if differ(book, naive):
            wrong.append((taken, price, total))
    assert wrong == []


@pytest.mark.parametrize("gone", range(3))
@pytest.mark.parametrize("side", list(Side))
def test_every_small_book_without_one_of_its_orders_is_the_book_of_the_others(side: Side, gone: int) -> None:
    wrong = []
    for makers in small_books():
        if gone >= len(makers):
            continue
        book, naive = stand(makers, side, SelfTrade.REFUSE)

        book.cancel(f"maker {gone}", makers[gone][0])
        naive.cancel(f"maker {gone}", makers[gone][0])

        taker_side = SELL if side is BUY else BUY
        price = min(PRICES) if taker_side is SELL else max(PRICES)
        book.submit(Order("taker", "third", taker_side, price, 99, 99, TimeInForce.IOC))
        naive.submit(Entry("taker", "third", taker_side, price, 99, 99, FAR_FUTURE, 0), "ioc", False)
        if differ(book, naive):
            wrong.append(makers)
    assert wrong == []
