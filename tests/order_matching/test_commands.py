"""Commands as values: what the journal keeps makes the identical book again."""

from __future__ import annotations

import json

import pytest

from order_matching.domain.book import Book, SelfTrade
from order_matching.domain.commands import (
    CancelOrder,
    Command,
    ExpireOrders,
    HaltTrading,
    ReplaceOrder,
    ResumeTrading,
    SubmitOrder,
    from_entry,
    replay,
    to_entry,
)
from tests.order_matching.builders import BUY, DAY, FOK, GTC, IOC, SELL, standing, told

DAY_OF_TRADING: list[Command] = [
    SubmitOrder("a", "ann", SELL, 101, 10, DAY, 500),
    SubmitOrder("b", "bob", SELL, 101, 10, GTC, None),
    SubmitOrder("c", "carol", BUY, 101, 4, IOC, None),
    ReplaceOrder("a2", "a", "ann", SELL, 101, 8, DAY, 500),
    HaltTrading(),
    SubmitOrder("d", "dave", BUY, 101, 4, FOK, None),
    CancelOrder("b", "bob"),
    ResumeTrading(),
    SubmitOrder("e", "erin", BUY, 99, 4, DAY, 100, canceled=True),
    SubmitOrder("f", "fred", BUY, 99, 4, DAY, 100),
    ReplaceOrder("g", "f", "fred", BUY, 98, 4, DAY, 100, canceled=True),
    SubmitOrder("h", "hugo", BUY, 98, 4, DAY, 100),
    ExpireOrders(100),
]


def test_a_day_of_trading_leaves_what_it_should() -> None:
    book = Book()

    replay(book, DAY_OF_TRADING)

    assert standing(book, SELL) == [("a2", 4)]
    assert standing(book, BUY) == []
    assert [report[0] for report in told(book)] == [
        "rested", "rested", "traded", "replaced", "refused", "canceled", "canceled", "rested",
        "replaced", "canceled", "rested", "expired",
    ]  # fmt: skip


def test_the_journal_as_json_makes_the_identical_book() -> None:
    book, again = Book(), Book()
    replay(book, DAY_OF_TRADING)
    written = json.dumps([to_entry(command) for command in DAY_OF_TRADING])

    replay(again, map(from_entry, json.loads(written)))

    assert again.state() == book.state()
    assert again.take_reports() == book.take_reports()


@pytest.mark.parametrize("command", DAY_OF_TRADING, ids=lambda command: type(command).__name__)
def test_each_command_comes_back_as_it_was_written(command: Command) -> None:
    assert from_entry(json.loads(json.dumps(to_entry(command)))) == command


@pytest.mark.parametrize("command", DAY_OF_TRADING, ids=lambda command: type(command).__name__)
def test_each_command_takes_one_sequence_number(command: Command) -> None:
    book = Book(SelfTrade.CANCEL_NEWEST, sequence=41)

    command.give_to(book)

    assert book.sequence == 42


def test_an_entry_no_command_has_written_is_not_read() -> None:
    with pytest.raises(KeyError):
        from_entry(["invent", 1, 2, 3])


def test_an_order_that_means_nothing_changes_no_book() -> None:
    book = Book()

    with pytest.raises(ValueError, match="price"):
        SubmitOrder("a", "ann", BUY, 0, 10, DAY, None).give_to(book)

    assert book.state() == Book().state()
