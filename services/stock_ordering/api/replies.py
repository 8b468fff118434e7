"""What the views share: the order's id in the path, the answer with one order, the wish to wait."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import flask
from flask import Response

from chassis.web import granted_wait_s, refusal_response
from contracts.refusals import Refusal, Refused
from stock_ordering.api.answers import order_answer, refusal_of
from stock_ordering.api.bodies import OrderPath
from stock_ordering.domain.order import Order
from stock_ordering.handlers.reading import wait_for
from stock_ordering.handlers.settling import wait_until_settled
from stock_ordering.ports import Deps


def order_id_of(path: OrderPath) -> str:
    """The id in its canonical spelling; what is no id is no order either."""
    try:
        return str(uuid.UUID(path.order_id))
    except ValueError:
        raise Refused(Refusal.ORDER_NOT_FOUND) from None


def order_reply(order: Order, status: int = 200) -> Response:
    """An order, with the number of the newest book command that touched it in `Book-Sequence`."""
    response = flask.jsonify(order_answer(order))
    response.status_code = status
    if order.sequence:
        response.headers["Book-Sequence"] = str(order.sequence)
    return response


def entry_reply(order: Order) -> Response:
    """An order to whoever placed it: one that is known to be rejected is answered as what it was refused for."""
    refused = refusal_of(order)
    return order_reply(order) if refused is None else refusal_response(refused)


def order_reply_after(deps: Deps, order: Order, happened: Callable[[Order], bool]) -> Response:
    """An order at once, or as `Prefer: wait=SECONDS` says: when it `happened` or the time is over."""
    seconds = granted_wait_s(deps.largest_wait_s)
    if not seconds:
        return entry_reply(order)
    waited = wait_through(deps, lambda: [wait_for(deps, order, happened, seconds)], seconds)
    return waited.applied(entry_reply(waited.order))


@dataclass(frozen=True, slots=True)
class Waited:
    """An order after the wait for it. `is_settled`: cash, positions and prices show what became of it."""

    order: Order
    is_settled: bool
    seconds: float

    def applied(self, response: Response) -> Response:
        """Say that the wish to wait was granted (RFC 7240), and in `Account-Current` what may be relied on."""
        response.headers["Preference-Applied"] = f"wait={self.seconds:.0f}"
        response.headers["Account-Current"] = "true" if self.is_settled else "false"
        return response


def wait_through(deps: Deps, wait: Callable[[], Sequence[Order]], seconds: float) -> Waited:
    """Wait for an order, and for what follows from it and from the others told of, as long as there is time.

    The first of those that `wait` returns is the one to answer with.
    """
    deadline_s = time.monotonic() + seconds
    orders = wait()
    is_settled = [wait_until_settled(deps, order, deadline_s - time.monotonic()) for order in orders]
    return Waited(orders[0], all(is_settled), seconds)
