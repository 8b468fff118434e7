"""The service as a whole: what it hears and passes over, how much work a batch is, whom it asks."""

from __future__ import annotations

from typing import cast

import psycopg
import pytest

from chassis.database import Transaction
from chassis.questions import Unanswered
from contracts.facts import InstrumentHalted, OrderFilled, OrderHeld, OrderRested
from contracts.streams import ROUTES
from tests.user_portfolio.builders import ALICE, BOB, buy, canceled, dollars, fill, identity, listed, opened, sell
from user_portfolio import consumers
from user_portfolio.clients import MOST_QUESTIONS, AskedPrices
from user_portfolio.store import Store


class Counting:
    """A transaction that counts the statements sent through it."""

    def __init__(self, transaction):
        self._transaction = transaction
        self.statements = 0

    def __getattr__(self, name):
        self.statements += name in ("rows", "row", "execute")
        return getattr(self._transaction, name)


class Asked:
    """Answers nine dollars, until told to raise."""

    def __init__(self, error=None):
        self.error = error
        self.symbols = []

    def ask(self, question, asked, deadline_s=1.0):
        self.symbols.append(asked["symbol"])
        if self.error:
            raise self.error
        return {"price": dollars(9)} if asked["symbol"] != "unknown" else {}


def test_it_hears_every_stream_its_facts_come_by_and_no_other():
    assert {ROUTES[kind].stream for kind in consumers.HEARD} == set(consumers.STREAMS)


def test_facts_it_does_not_hear_are_passed_over(shop):
    shop.hear(listed(), opened())
    order = buy("order", qty=1, at=dollars(1))

    answers = shop.hear(
        InstrumentHalted(symbol="AAPL", at_us=1),
        OrderRested(order_id=order.order_id, account_id=ALICE, symbol="AAPL", remaining=1, sequence=1, at_us=1),
        order,
    )

    assert [type(answer) for answer in answers] == [OrderHeld]
    assert shop.hear(InstrumentHalted(symbol="AAPL", at_us=1)) == []


def statements_for(shop, facts):
    with shop.database.transaction() as transaction:
        counting = Counting(transaction)
        consumers.hearing(shop.deps, Store)(cast(Transaction, counting), facts)
        return counting.statements


def test_a_large_batch_takes_as_many_statements_as_a_small_one(shop):
    shop.hear(listed(), opened(ALICE), opened(BOB))
    bids = [buy(f"bid{n}", qty=1, at=dollars(1)) for n in range(200)]
    asks = [sell(f"ask{n}", qty=1, at=dollars(1), account=BOB) for n in range(100)]

    one = statements_for(shop, [bids[0], fill(bids[0], qty=1, at=dollars(1))])
    many = statements_for(shop, [*bids, *asks, *[fill(order, qty=1, at=dollars(1)) for order in (*bids[1:], *asks)]])

    assert one == many <= 8


def test_an_order_and_its_whole_life_fit_into_one_batch(rig):
    rig.hear(opened(), listed())
    order = buy("order", qty=10, at=dollars(100))

    rig.hear(order, fill(order, qty=4, at=dollars(99), left=6), canceled(order, left=6))

    assert rig.cash(ALICE) == (dollars(10_000 - 396), 0)


def test_a_batch_that_fails_leaves_no_trace(shop):
    shop.hear(listed(), opened())
    good, stray = buy("good", qty=1, at=dollars(1)), buy("stray", qty=1, at=dollars(1), account=BOB)

    with pytest.raises(Exception, match="no hold"):
        shop.hear(good, fill(stray, qty=1, at=dollars(1)))

    assert shop.cash(ALICE) == (dollars(10_000), 0)
    assert shop.rows("select count(*) from holds") == [(0,)]


def test_of_a_message_with_one_bad_fact_all_others_take_effect(service):
    orders = [buy(f"order{n}", qty=1, at=dollars(1)) for n in range(9)]
    service.hear(*orders)
    fills: list[OrderFilled] = [fill(order, qty=1, at=dollars(1)) for order in orders]
    fills.insert(4, fill(buy("stray", qty=1, at=dollars(1)), qty=1, at=dollars(1)))

    service.hear(*fills)

    assert service.shown("/v2/account")["cash"] == "9991.00"
    assert service.count("dead_letters") == 1


def test_an_id_that_is_none_is_set_aside_and_harms_nobody(service):
    stray = buy("stray", qty=1, at=dollars(1), account="not-a-uuid")

    service.hear(stray, buy("good", qty=1, at=dollars(1)))

    assert service.count("dead_letters") == 1
    assert service.shown("/v2/account")["cash_held"] == "1.00"


def test_prices_are_asked_for_symbol_by_symbol_and_unknown_ones_left_out():
    asked = Asked()

    assert AskedPrices(asked).last(["AAPL", "unknown", "MSFT"]) == {"AAPL": dollars(9), "MSFT": dollars(9)}


def test_one_request_asks_a_bounded_number_of_questions():
    asked = Asked()

    AskedPrices(asked).last(f"S{n}" for n in range(10 * MOST_QUESTIONS))

    assert len(asked.symbols) == MOST_QUESTIONS


@pytest.mark.parametrize("error", [Unanswered("away"), psycopg.OperationalError("its database is away")])
def test_whoever_cannot_answer_is_asked_once(error):
    asked = Asked(error)

    assert AskedPrices(asked).last(["AAPL", "MSFT"]) == {}
    assert asked.symbols == ["AAPL"]


def test_two_sides_of_many_trades_leave_clearing_empty(service):
    bids = [buy(f"bid{n}", qty=1, at=dollars(n + 1)) for n in range(50)]
    asks = [sell(f"ask{n}", qty=1, at=dollars(n + 1), account=BOB) for n in range(50)]
    service.hear(*bids, *asks)

    for n, (bid, ask) in enumerate(zip(bids, asks, strict=True)):
        trade = identity(f"trade-{n}")[:16]
        service.hear(
            fill(bid, qty=1, at=dollars(n + 1), trade=trade),
            fill(ask, qty=1, at=dollars(n + 1), trade=trade),
        )

    with service.database.reading() as reading:
        rows = reading.rows("select asset, sum(amount) from ledger_entries where account = 'clearing' group by asset")
    assert {asset: int(total) for asset, total in rows} == {"USD": 0, "AAPL": 0}
