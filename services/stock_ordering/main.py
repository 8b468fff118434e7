"""Puts stock_ordering together."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

from chassis.database import Database
from chassis.doors import Doors, run
from chassis.pruning import PRUNE_EVERY_S
from chassis.service import Hearing, Parts, Service, Ticker
from stock_ordering.api.blueprint import blueprint
from stock_ordering.api.bodies import LARGEST_BATCH
from stock_ordering.cache import CachedLastPrices, InstrumentBoard, RememberedFunds
from stock_ordering.clients import AskedFunds, AskedLastPrice, AskedSequels
from stock_ordering.consumers import GROUP, STREAMS, hear
from stock_ordering.domain.wishes import Instrument
from stock_ordering.handlers.steps import BatchSteps
from stock_ordering.ports import Deps, OrderLimits, Reader, Unit
from stock_ordering.settings import Settings
from stock_ordering.store.counter import TransactionCounter
from stock_ordering.store.pruning import prune_untraded_orders
from stock_ordering.store.reader import SqlReader
from stock_ordering.store.unit import SqlUnit


def build(parts: Parts, settings: Settings) -> Service:
    """The service, ready for any door."""
    deps = compose(parts, settings)
    return Service(
        name="stock_ordering",
        parts=parts,
        blueprints=[blueprint(deps)],
        hearing=Hearing(GROUP, STREAMS, hear(deps, SqlUnit)),
        tickers=(
            Ticker(
                "prune_orders",
                PRUNE_EVERY_S,
                lambda: prune_untraded_orders(parts.database, parts.clock.now_us(), settings.untraded_orders_kept_days),
            ),
        ),
    )


def compose(parts: Parts, settings: Settings) -> Deps:
    """What the handlers live on."""
    transaction, reading = partial(_transaction, parts.database), partial(_reading, parts.database)
    limits = OrderLimits(
        open_orders=settings.open_orders_per_account,
        orders_a_day=settings.orders_per_day_per_account,
        day_ends_minute=settings.ends.day_ends_minute,
    )
    most_orders = settings.orders_per_second_per_account
    return Deps(
        clock=parts.clock,
        counter=TransactionCounter(transaction, parts.clock, settings.ends, settings.gather_ms / 1_000, limits),
        transaction=transaction,
        reading=reading,
        instruments=InstrumentBoard(partial(_instruments, reading)),
        prices=CachedLastPrices(parts.cache, AskedLastPrice(parts.questions).last_price),
        cached_funds=RememberedFunds(parts.cache),
        hold_funds=AskedFunds(parts.questions),
        sequels=AskedSequels(parts.questions),
        waiters=parts.database.waiters,
        collar_percent=settings.collar_percent,
        ends=settings.ends,
        largest_wait_s=settings.largest_wait_s,
        steps=BatchSteps(settings.batch_step),
        limits=limits,
        order_rate=parts.rate_limit("orders", most_orders, LARGEST_BATCH) if most_orders else None,
    )


@contextmanager
def _transaction(database: Database) -> Iterator[Unit]:
    with database.transaction() as transaction:
        yield SqlUnit(transaction)


@contextmanager
def _reading(database: Database) -> Iterator[Reader]:
    with database.reading() as transaction:
        yield SqlReader(transaction)


def _instruments(reading: Callable[[], AbstractContextManager[Reader]]) -> list[Instrument]:
    with reading() as reader:
        return reader.instruments()


def doors() -> Doors:
    """The ways this service runs as processes of its own."""
    return Doors(Path(__file__).parent, build, Settings)


if __name__ == "__main__":
    run(doors(), sys.argv[1:], os.environ)
