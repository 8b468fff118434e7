"""Waits until the other services show what follows from an order's outcome."""

from __future__ import annotations

import time
from collections.abc import Callable

from chassis.questions import Unanswered
from contracts.orders import OrderStatus
from stock_ordering.domain.order import Order
from stock_ordering.ports import Deps

SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.002, 0.1
"""Between two questions. Who asks waits, not who answers: else a few who wait would keep all others from an answer."""

LONGEST_SILENCE_S = 2.0
"""Nobody is waited for longer who does not answer at all."""


def wait_until_settled(deps: Deps, order: Order, seconds: float) -> bool:
    """Whether cash, positions and prices show the order's outcome within this time; False also without an outcome."""
    if order.status is OrderStatus.PENDING_NEW:
        return False
    deadline_s = time.monotonic() + seconds
    if not _asked_until(lambda: deps.sequels.is_settled(order), deadline_s):
        return False
    if order.filled_quantity == order.carried_quantity:
        return True
    with deps.reading() as reader:
        fill = reader.newest_fill(order.id)
    return fill is None or _asked_until(lambda: deps.sequels.is_on_tape(order.symbol, fill), deadline_s)


def _asked_until(is_so: Callable[[], bool], deadline_s: float) -> bool:
    """Ask at least once, then again and again until it is so, the time is over, or nobody has answered for a while."""
    pause_s, heard_s = SHORTEST_PAUSE_S, time.monotonic()
    while True:
        try:
            if is_so():
                return True
            heard_s = time.monotonic()
        except Unanswered:
            if time.monotonic() - heard_s > LONGEST_SILENCE_S:
                return False
        if (left_s := deadline_s - time.monotonic()) <= 0:
            return False
        time.sleep(min(pause_s, left_s))
        pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
