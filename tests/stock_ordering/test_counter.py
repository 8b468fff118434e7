"""Wishes that come together share a transaction, and none suffers from another's defect."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from chassis.clock import FixedClock
from contracts.refusals import Refused
from stock_ordering.domain.trading_day import Ends
from stock_ordering.ports import CancelOrder
from stock_ordering.store.counter import TransactionCounter
from tests.stock_ordering import builders
from tests.stock_ordering.builders import ALICE, an_order, uid
from tests.stock_ordering.fakes import FakeOrders

ENDS = Ends(day_ends_minute=0, immediate_max_age_us=30_000_000)
DEFECT = "makes the database choke"


class ChokingOrders(FakeOrders):
    """Fails like a database that one order upsets. The first transaction is held until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.transactions = 0
        self.entered, self.let_go = threading.Event(), threading.Event()

    @contextmanager
    def transaction(self):
        self.transactions += 1
        with super().transaction() as unit:
            self.entered.set()
            self.let_go.wait(10)
            yield unit

    def add_orders(self, orders):
        if any(order.client_order_id == DEFECT for order in orders):
            raise psycopg.DataError(DEFECT)
        return super().add_orders(orders)


def placement(number, **given):
    return builders.placement(an_order(number, **given))


def in_threads(*calls):
    """Call each in a thread of its own; the threads, and what each will return or raise, in order."""
    results: list[Any] = [None] * len(calls)

    def run(position, call):
        try:
            results[position] = call()
        except Exception as error:  # noqa: BLE001  # a result like any other
            results[position] = error

    threads = [threading.Thread(target=run, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    return threads, results


def placed_while_the_first_one_is_being_saved(orders, *placements):
    counter = TransactionCounter(orders.transaction, FixedClock(), ENDS)
    first, _ = in_threads(lambda: counter.place(placement(99)))
    assert orders.entered.wait(10)
    others, results = in_threads(*[lambda each=each: counter.place(each) for each in placements])
    while len(counter._placing._waiting) < len(placements):
        threading.Event().wait(0.001)
    orders.let_go.set()
    for thread in (*first, *others):
        thread.join()
    return results


def test_what_waits_while_one_transaction_runs_goes_into_the_next():
    orders = ChokingOrders()

    results = placed_while_the_first_one_is_being_saved(orders, *[placement(number) for number in range(1, 21)])

    assert {order.id for order in results} == {uid(number) for number in range(1, 21)}
    assert orders.transactions == 2


def test_an_order_that_breaks_the_transaction_breaks_only_itself():
    orders = ChokingOrders()

    results = placed_while_the_first_one_is_being_saved(
        orders, placement(1), placement(2, client_order_id=DEFECT), placement(3)
    )

    assert (results[0].id, results[2].id) == (uid(1), uid(3))
    assert isinstance(results[1], psycopg.DataError)
    assert set(orders.saved) == {uid(99), uid(1), uid(3)}


def test_an_outage_is_told_to_everyone_and_not_tried_again_for_each():
    tried = []

    def transaction():
        tried.append(1)
        raise psycopg.OperationalError("the database is away")

    with pytest.raises(psycopg.OperationalError):
        TransactionCounter(transaction, FixedClock(), ENDS).place(placement(1))
    assert len(tried) == 1


def test_a_refused_cancel_is_raised_by_name():
    counter = TransactionCounter(FakeOrders().transaction, FixedClock(), ENDS)

    with pytest.raises(Refused):
        counter.cancel(CancelOrder(ALICE, uid(1)))
