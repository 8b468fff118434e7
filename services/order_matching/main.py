"""Puts order_matching together."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chassis.doors import Doors, run
from chassis.pruning import PRUNE_EVERY_S
from chassis.service import Hearing, Parts, Service, Ticker
from order_matching.consumers import GROUP, STREAMS, hear
from order_matching.domain.book import SelfTrade
from order_matching.handlers.expiry import end_what_is_over
from order_matching.ports import Deps, Pictures, Unit
from order_matching.settings import Settings
from order_matching.store import Store, prune_closed_orders


def build(parts: Parts, settings: Settings) -> Service:
    """Compose the service."""

    @contextmanager
    def transaction() -> Iterator[Unit]:
        with parts.database.transaction() as opened:
            yield Store(opened)

    deps = Deps(parts.clock, Pictures(), SelfTrade(settings.self_trade), transaction)
    return Service(
        name="order_matching",
        parts=parts,
        hearing=Hearing(GROUP, STREAMS, hear(deps, Store)),
        tickers=(
            Ticker("expiry", settings.expiry_every_s, lambda: end_what_is_over(deps)),
            Ticker(
                "prune_orders",
                PRUNE_EVERY_S,
                lambda: prune_closed_orders(parts.database, parts.clock.now_us(), settings.closed_orders_kept_days),
            ),
        ),
    )


def doors() -> Doors:
    """The ways this service runs as processes of its own."""
    return Doors(Path(__file__).parent, build, Settings)


if __name__ == "__main__":
    run(doors(), sys.argv[1:], os.environ)
