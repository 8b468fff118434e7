"""A batch costs a constant handful of statements however many facts it holds."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from chassis.database import Transaction
from contracts.facts import (
    CancelRefused,
    OrderCanceled,
    OrderExpired,
    OrderFilled,
    OrderRefused,
    OrderReplaced,
    OrderRested,
    ReplaceRefused,
    TradeExecuted,
)
from contracts.orders import TimeInForce
from order_matching.domain import reports
from order_matching.handlers.telling import Telling
from tests.order_matching.rig import Rig, buy, cancel, halted, id_of, replacement, resumed, sell

AT_MOST = 12


class Statements:
    """Counts the statements a service sends."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        execute = Transaction.execute
        rows = Transaction.rows

        def counted_execute(transaction: Transaction, query: str, params: object = None) -> object:
            self.count += 1
            return execute(transaction, query, params)  # type: ignore[arg-type]

        def counted_rows(transaction: Transaction, query: str, params: object = None) -> object:
            self.count += 1
            return rows(transaction, query, params)  # type: ignore[arg-type]

        monkeypatch.setattr(Transaction, "execute", counted_execute)
        monkeypatch.setattr(Transaction, "rows", counted_rows)


def busy_batch(name: str, size: int) -> Sequence[object]:
    """Orders that rest and trade, over three symbols, with cancels that are early, in time and late."""
    facts: list[object] = []
    for number in range(size):
        symbol = f"SYM{number % 3}"
        side = buy if number % 2 else sell
        facts.append(side(f"{name} {number}", at=100 + number % 5, symbol=symbol, account=id_of(f"{name} {number}'s")))
        facts.append(cancel(f"{name} {number - number % 4}", symbol=symbol))
        facts.append(cancel(f"{name} {number} that never comes", symbol=symbol))
    return facts


def test_a_batch_of_a_thousand_takes_no_more_statements_than_a_batch_of_ten(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.hear(*busy_batch("first", 10))
    statements = Statements(monkeypatch)

    rig.hear(*busy_batch("small", 4))
    small = statements.count
    rig.hear(*busy_batch("large", 330))

    assert statements.count - small <= small + 1
    assert small <= AT_MOST


def test_a_book_no_fact_names_is_not_locked(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    [expiry] = [ticker for ticker in rig.service.tickers if ticker.name == "expiry"]
    statements = Statements(monkeypatch)

    expiry.tick()

    assert statements.count <= 3


def test_whatever_a_book_can_report_becomes_a_fact(rig: Rig) -> None:
    first, second = sell("first"), sell("second", at=105)
    rig.hear(first, second, buy("taker", qty=4), buy("nothing", at=1, tif=TimeInForce.IOC))
    rig.hear(replacement("smaller", first, qty=8, at=100), replacement("gone", first, qty=8, at=100))
    rig.hear(cancel("second"), cancel("second"), halted())
    rig.hear(buy("halted"))
    rig.hear(resumed())
    rig.hear(buy("day", at=2, until=1))
    rig.tick()

    kinds = {
        reports.REFUSED: OrderRefused,
        reports.RESTED: OrderRested,
        reports.TRADED: TradeExecuted,
        reports.CANCELED: OrderCanceled,
        reports.CANCEL_REFUSED: CancelRefused,
        reports.REPLACED: OrderReplaced,
        reports.REPLACE_REFUSED: ReplaceRefused,
        reports.EXPIRED: OrderExpired,
    }
    assert set(Telling._TELL) == set(kinds)
    told = {type(fact) for fact in rig.told()}
    assert told >= {*kinds.values(), OrderFilled}


def test_facts_of_one_command_share_its_number_and_all_of_a_batch_their_time(rig: Rig) -> None:
    rig.hear(sell("a", qty=5), sell("b", qty=5), buy("taker", qty=12))

    facts = rig.told(TradeExecuted, OrderFilled, OrderRested)
    assert sorted(fact.sequence for fact in facts) == [1, 2, 3, 3, 3, 3, 3, 3, 3]
    assert {fact.at_us for fact in facts} == {rig.clock.now_us()}
