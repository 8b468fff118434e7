"""Puts user_portfolio together."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chassis.doors import Doors, run
from chassis.pruning import PRUNE_EVERY_S
from chassis.service import Hearing, Parts, Service, Ticker
from user_portfolio import api, consumers
from user_portfolio.cache import CachedFunds, CachedHoldings, CachedPrices
from user_portfolio.clients import AskedPastPrices, AskedPrices
from user_portfolio.ports import Deps
from user_portfolio.settings import Settings, starting_grant
from user_portfolio.store import Store, StoreReader
from user_portfolio.store.pruning import prune_holds


def build(parts: Parts, settings: Settings) -> Service:
    """Compose the service; SettingsError if the starting grant cannot be read."""

    @contextmanager
    def reading() -> Iterator[StoreReader]:
        with parts.database.reading() as transaction:
            yield StoreReader(transaction)

    deps = Deps(
        clock=parts.clock,
        grant=starting_grant(settings),
        reading=reading,
        funds=CachedFunds(parts.cache),
        views=CachedHoldings(parts.cache, parts.metrics),
        cached_prices=CachedPrices(parts.cache),
        asked_prices=AskedPrices(parts.questions),
        past_prices=AskedPastPrices(parts.questions),
        openings=parts.database.waiters,
        account_wait_s=settings.account_wait_s,
    )
    return Service(
        name="user_portfolio",
        parts=parts,
        blueprints=(api.blueprint(deps),),
        hearing=Hearing(consumers.GROUP, consumers.STREAMS, consumers.hearing(deps, Store)),
        tickers=(
            Ticker(
                "prune_holds",
                PRUNE_EVERY_S,
                lambda: prune_holds(parts.database, parts.clock.now_us(), settings.closed_orders_kept_days),
            ),
        ),
        answers=consumers.answers(deps),
    )


def doors() -> Doors:
    """The ways this service runs as processes of its own."""
    return Doors(Path(__file__).parent, build, Settings)


if __name__ == "__main__":
    run(doors(), sys.argv[1:], os.environ)
