"""At or after its end an order never trades, as maker or as taker, whether or not a sweep has come by."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import pytest

from contracts.facts import OrderCanceled, OrderExpired, OrderFilled, OrderReplaced, Reason, ReplaceRefused
from contracts.orders import TimeInForce
from order_matching.domain import reports
from order_matching.domain.book import Book, SelfTrade
from order_matching.domain.commands import from_entry, to_entry
from order_matching.ports import BookRow
from order_matching.store import Store
from tests.order_matching import rig as facts
from tests.order_matching.builders import (
    BUY,
    DAY,
    FOK,
    GTC,
    IOC,
    assert_valid,
    book_with,
    buy,
    endings,
    sell,
    standing,
    told,
    trades,
)
from tests.order_matching.rig import Rig, id_of, replacement

END = 1_000
TOO_LATE = [END, END + 1, 10**15]


def test_a_microsecond_before_its_end_an_order_trades() -> None:
    book = book_with(sell("ann", until=END))

    book.submit(buy("bob", until=END), END - 1)

    assert trades(book) == [("ann", "bob", 10, 100)]


@pytest.mark.parametrize("now_us", TOO_LATE)
def test_a_maker_at_or_after_its_end_does_not_trade(now_us: int) -> None:
    book = book_with(sell("over", until=END), sell("alive", at=101))

    book.submit(buy("taker", at=101), now_us)

    assert told(book)[0] == (reports.EXPIRED, "over", "over's account", 10)
    assert standing(book, BUY) == []
    assert book.trades == 1
    assert_valid(book)


@pytest.mark.parametrize("now_us", TOO_LATE)
@pytest.mark.parametrize("tif", [DAY, GTC])
def test_a_taker_at_or_after_its_end_expires_at_the_door(now_us: int, tif: TimeInForce) -> None:
    book = book_with(sell("ann"))

    book.submit(buy("late", tif=tif, until=END), now_us)

    assert told(book) == [(reports.EXPIRED, "late", "late's account", 10)]
    assert standing(book, BUY) == []


@pytest.mark.parametrize("tif", [IOC, FOK])
def test_an_order_to_trade_at_once_that_comes_too_late_is_canceled_with_its_reason(tif: TimeInForce) -> None:
    book = book_with(sell("ann"))

    book.submit(buy("late", tif=tif, until=END), END)

    assert endings(book) == [("canceled", "late", "too_late_to_enter")]
    assert book.trades == 0


def test_what_is_over_stands_in_nobodys_way() -> None:
    """Neither as an order of one's own account nor as shares that a FOK could have."""
    book = book_with(sell("mine", account="ann", until=END), sell("other", at=101))

    book.submit(buy("again", account="ann", at=101), END)
    book.submit(buy("all", qty=10, at=101, tif=FOK), END)

    assert [report[:2] for report in told(book)] == [
        (reports.EXPIRED, "mine"),
        (reports.TRADED, 1),
        (reports.CANCELED, "all"),
    ]


def test_an_order_that_is_over_can_not_be_replaced() -> None:
    book = book_with(buy("ann", until=END))

    book.replace("ann", buy("more", qty=20), END)

    assert [report[0] for report in told(book)] == [reports.EXPIRED, reports.REPLACE_REFUSED]
    assert standing(book, BUY) == []


@pytest.mark.parametrize("halted", [False, True])
def test_a_replacement_that_is_over_ends_the_order_it_replaces_and_does_not_trade(halted: bool) -> None:
    """Who replaced a gtc order by one of today wants nothing to stand tomorrow."""
    book = book_with(buy("forever", tif=GTC), sell("ask", at=105))
    if halted:
        book.halt()

    book.replace("forever", buy("today", at=105, until=END), END)

    assert [report[0] for report in told(book)] == [reports.REPLACED, reports.EXPIRED]
    assert standing(book, BUY) == []
    assert book.trades == 0


def test_a_replacement_that_kept_its_place_ends_at_its_own_end() -> None:
    book = book_with(buy("forever", tif=GTC))
    book.replace("forever", buy("today", qty=5, until=END), END - 1)

    book.submit(sell("late"), END)

    assert book.trades == 0
    assert standing(book, BUY) == []


def test_a_reinserted_order_obeys_the_same_rule() -> None:
    book = book_with(buy("ann"), sell("ask", at=105))

    book.reinsert(buy("ann", at=105, until=END), END)

    assert [report[0] for report in told(book)] == [reports.REPLACED, reports.EXPIRED]
    assert standing(book, BUY) == []


def test_in_a_halt_an_order_that_comes_too_late_has_expired_like_any_other() -> None:
    book = book_with()
    book.halt()

    book.submit(buy("late", until=END), END)

    assert [report[0] for report in told(book)] == [reports.EXPIRED]


def test_what_has_ended_stays_so_when_the_clock_goes_back() -> None:
    book = book_with(sell("over", until=END))
    book.submit(buy("first", at=90), END)

    book.submit(buy("second"), END - 500)

    assert book.trades == 0
    assert standing(book, BUY) == [("second", 10), ("first", 10)]


def test_a_rebuilt_book_knows_what_ends() -> None:
    book = book_with(sell("ann", until=END))
    again = Book(resting=book.resting(), sequence=book.sequence)

    again.submit(buy("late"), END)

    assert again.trades == 0


def test_looking_for_what_is_over_walks_the_book_once_for_each_end_and_not_for_each_order() -> None:
    class Counting(dict[str, Any]):
        walks = 0

        def values(self) -> Any:
            Counting.walks += 1
            return super().values()

    book = book_with(*[sell(f"maker {number}", at=200 + number, until=END) for number in range(100)])
    book.submit(sell("next", at=200, until=2 * END))
    book._resting = Counting(book._resting)

    for number in range(50):
        book.submit(buy(f"early {number}", qty=1, at=100), END - 1)
    before = Counting.walks
    for number in range(50):
        book.submit(buy(f"late {number}", qty=1, at=100), END)

    assert before == 0
    assert Counting.walks == 2  # once to end them, once for the next end


def test_entries_of_a_journal_from_before_the_rule_play_as_they_did() -> None:
    book = Book(SelfTrade.REFUSE)

    for entry in (
        ["submit", "ann", "a", "sell", 100, 10, "day", END, False],
        ["submit", "bob", "b", "buy", 100, 10, "day", END, False],
    ):
        from_entry(entry).give_to(book)

    assert book.trades == 1


def test_a_command_keeps_its_moment_in_the_journal() -> None:
    entry = ["submit", "ann", "a", "sell", 100, 10, "day", END, False, END]

    assert list(to_entry(from_entry(entry))) == entry


# ---- the whole service


def test_after_a_restart_an_order_that_ended_meanwhile_does_not_trade(rig: Rig, build: Callable[..., Rig]) -> None:
    rig.hear(facts.buy("today", until=rig.clock.now_us() + 3_000_000))
    later = build()
    later.clock.advance(3)

    later.hear(facts.sell("taker"))

    assert rig.told(OrderFilled) == []
    assert [fact.order_id for fact in rig.told(OrderExpired)] == [id_of("today")]
    assert rig.rebuilt().state() == rig.replayed().state()


def test_orders_that_waited_through_an_outage_do_not_trade(rig: Rig) -> None:
    now = rig.clock.now_us()
    waiting = [
        facts.sell("day", until=now + 5_000_000),
        facts.sell("ioc", tif=IOC, until=now + 5_000_000),
        facts.sell("alive", until=now + 9_000_000),
    ]
    rig.hear(facts.buy("bid", qty=30))
    rig.clock.advance(8)

    rig.hear(*waiting)

    assert [fact.order_id for fact in rig.told(OrderExpired)] == [id_of("day")]
    assert [(fact.order_id, fact.reason) for fact in rig.told(OrderCanceled)] == [
        (id_of("ioc"), Reason.TOO_LATE_TO_ENTER)
    ]
    assert {fact.order_id for fact in rig.told(OrderFilled)} == {id_of("alive"), id_of("bid")}
    assert rig.rows("select count(*) from orders where is_open") == [(1,)]
    assert rig.rebuilt().state() == rig.replayed().state()


def test_who_waits_for_the_book_is_judged_by_the_moment_he_gets_it(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another batch may hold the symbol's row for long: the clock is read after that, and fills carry this moment."""
    until = rig.clock.now_us() + 1_000_000
    rig.hear(facts.buy("bid", until=until), facts.buy("other", at=99))
    locking = Store.lock_books

    def slowly(store: Store, symbols: Collection[str]) -> list[BookRow]:
        rig.clock.advance(1)
        return locking(store, symbols)

    monkeypatch.setattr(Store, "lock_books", slowly)
    rig.hear(facts.sell("taker", qty=10, at=99))

    assert {fact.order_id for fact in rig.told(OrderFilled)} == {id_of("other"), id_of("taker")}
    assert {fact.at_us for fact in rig.told(OrderFilled)} == {until}
    assert rig.rebuilt().state() == rig.replayed().state()


def test_a_replacement_of_an_order_that_is_over_is_refused(rig: Rig) -> None:
    bid = facts.buy("bid", until=rig.clock.now_us() + 1_000_000)
    rig.hear(bid)
    rig.clock.advance(1)

    rig.hear(replacement("more", bid, qty=20, at=101, until=bid.expires_at_us))

    assert [fact.order_id for fact in rig.told(OrderExpired)] == [id_of("bid")]
    assert [fact.reason for fact in rig.told(ReplaceRefused)] == [Reason.ORDER_NOT_OPEN]
    assert rig.open_orders() == []


def test_a_replacement_that_comes_after_its_own_end_ends_both(rig: Rig) -> None:
    bid = facts.buy("bid", tif=GTC)
    rig.hear(bid, facts.sell("ask", at=105))
    rig.clock.advance(1)

    rig.hear(replacement("today", bid, qty=10, at=105, until=rig.clock.now_us()))

    assert [fact.order_id for fact in rig.told(OrderReplaced)] == [id_of("today")]
    assert [fact.order_id for fact in rig.told(OrderExpired)] == [id_of("today")]
    assert rig.told(OrderFilled) == []
    assert [order.order_id for order in rig.open_orders()] == [id_of("ask")]
    assert rig.rebuilt().state() == rig.replayed().state()
