"""When trading stops: for a symbol, or for an order whose day is over."""

from __future__ import annotations

from order_matching.domain import reports
from tests.order_matching.builders import BUY, SELL, book_with, buy, endings, sell, standing, told, trades


def test_a_halted_symbol_refuses_orders_and_replacements() -> None:
    book = book_with(buy("ann"))
    book.halt()

    book.submit(sell("bob"))
    book.replace("ann", buy("more", qty=20))

    assert endings(book) == [("refused", "bob", "symbol_halted"), ("replace_refused", "more", "symbol_halted")]
    assert standing(book, BUY) == [("ann", 10)]


def test_in_a_halt_orders_can_still_be_canceled() -> None:
    book = book_with(buy("ann"))
    book.halt()

    book.cancel("ann", "ann's account")

    assert endings(book) == [("canceled", "ann", "requested")]


def test_after_a_halt_the_queue_is_as_it_was() -> None:
    book = book_with(sell("first"), sell("second"))
    book.halt()
    book.submit(buy("too early"))
    book.resume()
    book.take_reports()

    book.submit(buy("taker", qty=15))

    assert trades(book) == [("first", "taker", 10, 100), ("second", "taker", 5, 100)]


def test_halting_twice_is_halting_once() -> None:
    book = book_with()
    book.halt()
    book.halt()

    book.resume()
    book.submit(buy("ann"))

    assert standing(book, BUY) == [("ann", 10)]


def test_an_order_expires_when_its_time_has_come_and_not_before() -> None:
    book = book_with(buy("ann", until=100))

    book.expire(99)
    before = told(book)
    book.expire(100)

    assert before == []
    assert told(book) == [(reports.EXPIRED, "ann", "ann's account", 10)]
    assert standing(book, BUY) == []


def test_expiry_says_what_was_left() -> None:
    book = book_with(sell("ann", until=100), buy("some", qty=3))

    book.expire(500)

    assert told(book) == [(reports.EXPIRED, "ann", "ann's account", 7)]


def test_an_order_without_an_end_stays() -> None:
    book = book_with(buy("forever"), buy("today", until=100))

    book.expire(10**15)

    assert standing(book, BUY) == [("forever", 10)]


def test_orders_expire_in_the_order_in_which_they_were_queued() -> None:
    book = book_with(buy("c", at=90, until=3), sell("a", at=110, until=1), buy("b", at=95, until=2))
    book.replace("c", buy("c moved", at=91, until=3))
    book.replace("a", sell("a smaller", at=110, qty=1, until=1))
    book.take_reports()

    book.expire(10)

    assert [name for _, name, *_ in told(book)] == ["a smaller", "b", "c moved"]


def test_expiry_goes_on_in_a_halt_and_is_one_command() -> None:
    book = book_with(buy("ann", until=1), sell("bob", at=101, until=1))
    book.halt()

    book.expire(1)

    assert [report[1] for report in book.take_reports()] == [4, 4]
    assert (standing(book, BUY), standing(book, SELL)) == ([], [])
