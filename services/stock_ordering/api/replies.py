"""What the views share: the order's id in the path, the answer with one order, the wish to wait."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import flask
from flask import Response

from chassis.web import granted_wait_s
from contracts.refusals import Refusal, Refused
from stock_ordering.api.answers import order_answer
from stock_ordering.api.bodies import OrderPath
from stock_ordering.domain.order import Order
from stock_ordering.handlers.reading import wait_for
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


def order_reply_after(deps: Deps, order: Order, happened: Callable[[Order], bool]) -> Response:
    """An order at once, or as `Prefer: wait=SECONDS` says: when it `happened` or the time is over."""
    seconds = granted_wait_s(deps.largest_wait_s)
    if not seconds:
        return order_reply(order)
    response = order_reply(wait_for(deps, order, happened, seconds))
    return with_wait_applied(response, seconds)


def with_wait_applied(response: Response, seconds: float) -> Response:
    """Say that the wish to wait was granted (RFC 7240)."""
    response.headers["Preference-Applied"] = f"wait={seconds:.0f}"
    return response
