"""Puts stock_data together."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chassis.database import Database
from chassis.doors import Doors, run
from chassis.service import Hearing, Parts, Service
from chassis.settings import SettingsError
from stock_data.api import blueprint
from stock_data.cache import CachedLastPrices, CachedMarkets
from stock_data.consumers import GROUP, STREAMS, answers, hear
from stock_data.domain.instruments import Listing, NotAnInstrument, read_listings
from stock_data.handlers.instruments import list_missing
from stock_data.ports import Deps, Reader, Unit
from stock_data.settings import Settings
from stock_data.store.reader import SqlReader
from stock_data.store.unit import SqlUnit


def build(parts: Parts, settings: Settings) -> Service:
    """Compose the service; SettingsError if the first instruments cannot be read."""
    deps = compose(parts)
    listings = _first_listings(settings)
    return Service(
        name="stock_data",
        parts=parts,
        blueprints=[blueprint(deps)],
        hearing=Hearing(GROUP, STREAMS, hear(deps)),
        answers=answers(deps),
        prepare=lambda: _prepare(deps, listings),
    )


def compose(parts: Parts) -> Deps:
    """What handlers ask for, made of the real things."""
    return Deps(
        clock=parts.clock,
        last_prices=CachedLastPrices(parts.cache),
        views=CachedMarkets(parts.cache, parts.metrics),
        unit=SqlUnit,
        transaction=lambda: _transaction(parts.database),
        reading=lambda: _reading(parts.database),
    )


def _first_listings(settings: Settings) -> list[Listing]:
    try:
        return read_listings(settings.instruments)
    except NotAnInstrument as wrong:
        raise SettingsError(f"INSTRUMENTS: {wrong}") from wrong


def _prepare(deps: Deps, listings: list[Listing]) -> None:
    list_missing(deps, listings)


@contextmanager
def _transaction(database: Database) -> Iterator[Unit]:
    with database.transaction() as transaction:
        yield SqlUnit(transaction)


@contextmanager
def _reading(database: Database) -> Iterator[Reader]:
    with database.reading() as transaction:
        yield SqlReader(transaction)


def doors() -> Doors:
    """The ways this service runs as processes of its own."""
    return Doors(Path(__file__).parent, build, Settings)


if __name__ == "__main__":
    run(doors(), sys.argv[1:], os.environ)
