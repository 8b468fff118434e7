"""Listings against a naive list: whatever is asked for, the same orders in the same order."""

from __future__ import annotations

import random

import pytest

from contracts.orders import Side
from stock_ordering.ports import Listing
from stock_ordering.store.unit import SqlUnit
from tests.stock_ordering.builders import ALICE, BOB, NOW_US, an_order, canceled, rested, uid


def naive(orders, listing):
    wanted = [
        order
        for order in orders
        if order.account_id == listing.account_id
        and (listing.status == "all" or order.is_open == (listing.status == "open"))
        and (listing.after_us is None or order.created_at_us > listing.after_us)
        and (listing.until_us is None or order.created_at_us < listing.until_us)
        and (listing.side is None or order.side is listing.side)
        and (listing.symbols is None or order.symbol in listing.symbols)
    ]
    wanted.sort(key=lambda order: (order.created_at_us, order.id), reverse=listing.newest_first)
    return [order.id for order in wanted[: listing.limit]]


@pytest.fixture
def orders(desk):
    """Sixty orders of two accounts, some at the same moment, a third of them canceled."""
    chance = random.Random(7)
    saved = [
        an_order(
            number,
            account_id=chance.choice([ALICE, ALICE, BOB]),
            side=chance.choice(list(Side)),
            symbol=chance.choice(["AAPL", "MSFT"]),
            created_at_us=NOW_US + chance.randrange(40),
        )
        for number in range(1, 61)
    ]
    with desk.database.transaction() as transaction:
        SqlUnit(transaction).add_orders(saved)
    for number in range(1, 61, 3):
        desk.hear(rested(uid(number)), canceled(uid(number)))
    with desk.database.transaction() as transaction:
        return list(SqlUnit(transaction).lock_orders(uid(number) for number in range(1, 61)).values())


@pytest.mark.parametrize("seed", range(40))
def test_a_listing_is_what_a_naive_list_says(desk, orders, seed):
    chance = random.Random(seed)
    listing = Listing(
        account_id=chance.choice([ALICE, BOB]),
        status=chance.choice(["open", "closed", "all"]),
        limit=chance.choice([1, 5, 500]),
        after_us=chance.choice([None, NOW_US + chance.randrange(40)]),
        until_us=chance.choice([None, NOW_US + chance.randrange(40)]),
        newest_first=chance.choice([True, False]),
        side=chance.choice([None, *Side]),
        symbols=chance.choice([None, ["MSFT"], ["AAPL", "MSFT"]]),
    )

    with desk.database.reading() as transaction:
        found = SqlUnit(transaction).listed(listing)

    assert [order.id for order in found] == naive(orders, listing)
