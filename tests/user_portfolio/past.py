"""An account with a past, for stories about what things were worth."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from contracts.facts import OrderPlaced
from tests.user_portfolio.builders import ALICE, dollars, fill, listed, opened
from tests.user_portfolio.service_rig import BuildService, ServiceRig

NOW_US = 1_750_000_000_000_000
MINUTE_US = 60_000_000
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US
MIDNIGHT_US = NOW_US // DAY_US * DAY_US


def ten_days_old(build: BuildService) -> ServiceRig:
    """Alice opened an account of 10,000 dollars and 100 AAPL, listed at 100, ten days ago."""
    rig = build(starting_cash="10000", starting_shares="*:100")
    rig.hear(at(listed(), NOW_US - 20 * DAY_US), opened(ALICE, at_us=NOW_US - 10 * DAY_US))
    rig.stock_data.reference |= {"AAPL": dollars(100), "MSFT": dollars(50)}
    return rig


def traded(service: ServiceRig, order: OrderPlaced, quantity: int, price: int, at_us: int) -> None:
    """An order that fills at once, and the trade that stock_data heard of."""
    service.hear(order)
    service.hear(at(fill(order, qty=quantity, at=dollars(price)), at_us))
    service.stock_data.trade(order.symbol, dollars(price), at_us)


def at(fact: Any, at_us: int) -> Any:
    """The same fact at another time."""
    return replace(fact, at_us=at_us)
