"""One side of a book by itself: the best price, the path a taker takes, and the pictures kept between batches."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from contracts.orders import Side
from order_matching.domain.book import Book
from order_matching.domain.ladder import WORST_RANK, Ladder
from order_matching.domain.orders import Order
from order_matching.ports import Pictures
from tests.order_matching.builders import BUY, SELL, levels, order


def path(ladder: Ladder, limit: int) -> Iterator[Order]:
    """The standing orders in the order they trade, down to the rank `limit`."""
    for rank in ladder._ranks_from_best():
        if rank > limit:
            return
        yield from ladder._queues[rank].orders.values()


def ladder_with(side: Side, *prices: int) -> Ladder:
    """A ladder with an order at each price, in this order."""
    ladder = Ladder(side)
    for number, price in enumerate(prices, start=1):
        ladder.rest(order(f"at {price}", side, 10, price, priority=number))
    return ladder


def test_an_empty_side_has_no_best_price_and_no_path() -> None:
    ladder = Ladder(BUY)

    assert ladder.best == WORST_RANK
    assert list(path(ladder, WORST_RANK)) == []
    assert ladder.depth() == []


@pytest.mark.parametrize(("side", "best"), [(BUY, -103), (SELL, 99)])
def test_the_best_is_the_highest_bid_or_the_lowest_ask(side: Side, best: int) -> None:
    assert ladder_with(side, 101, 99, 103).best == best


@pytest.mark.parametrize(("side", "limit", "reached"), [(SELL, 101, [99, 101]), (BUY, -101, [103, 101])])
def test_the_path_ends_at_the_takers_limit(side: Side, limit: int, reached: list[int]) -> None:
    ladder = ladder_with(side, 101, 99, 103)

    assert [standing.price for standing in path(ladder, limit)] == reached


@pytest.mark.parametrize("seed", range(20))
def test_the_path_is_in_the_order_of_prices_however_they_came_and_went(seed: int) -> None:
    dice = random.Random(seed)
    prices = dice.sample(range(1_000, 2_000), 300)
    ladder = ladder_with(SELL, *prices)
    standing = {each.price: each for each in path(ladder, WORST_RANK - 1)}
    for price in dice.sample(prices, 200):
        gone = standing.pop(price)
        ladder.reduce(gone, gone.remaining)

    assert [each.price for each in path(ladder, WORST_RANK - 1)] == sorted(standing)
    assert ladder.best == min(standing)
    assert levels(ladder.depth(3)) == [(price, 10, 1) for price in sorted(standing)[:3]]


def test_a_picture_is_handed_out_once() -> None:
    pictures, book = Pictures(), Book(sequence=5)
    pictures.put_back("AAPL", book)

    assert pictures.take("AAPL", 5) is book
    assert pictures.take("AAPL", 5) is None


@pytest.mark.parametrize("sequence", [4, 6])
def test_a_picture_of_another_moment_is_thrown_away(sequence: int) -> None:
    pictures = Pictures()
    pictures.put_back("AAPL", Book(sequence=5))

    assert pictures.take("AAPL", sequence) is None
    assert pictures.take("AAPL", 5) is None


def test_pictures_of_symbols_are_kept_apart() -> None:
    pictures, apple, banana = Pictures(), Book(), Book()
    pictures.put_back("AAPL", apple)
    pictures.put_back("BNNA", banana)

    assert pictures.take("AAPL", 0) is apple
    assert pictures.take("BNNA", 0) is banana
