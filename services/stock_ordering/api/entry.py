"""Addresses that place and replace orders."""

from __future__ import annotations

import flask
from flask import Response, request
from flask_openapi3.blueprint import APIBlueprint

from chassis.limits import require_turn
from chassis.web import current_caller
from stock_ordering.api.answers import BatchAnswer, OrderAnswer, outcome_answer
from stock_ordering.api.bodies import LARGEST_BATCH, BatchBody, OrderBody, OrderPath, ReplaceBody
from stock_ordering.api.replies import order_id_of, order_reply_after
from stock_ordering.domain.order import Order
from stock_ordering.handlers.placing import place_order, place_orders
from stock_ordering.handlers.replacing import replace_order
from stock_ordering.ports import Deps

_TOO_MANY = "This account places more orders a second than it may, each order of a batch counted."
_WAIT = """`Prefer: wait=SECONDS` answers when the hold and the book have spoken, or when the time is over. What they
refuse is answered as a refusal, with the rejected order as `order`. `Account-Current: true` on the answer says that
account, positions and prices show what became of the order."""


def add_entry(api: APIBlueprint, deps: Deps) -> None:
    """POST one order, POST many, PATCH one."""

    @api.before_request
    def require_a_turn() -> None:
        """Before the body is looked at: reading a batch that is refused would be work, too."""
        if deps.order_rate is not None and request.method in ("POST", "PATCH"):
            require_turn(deps.order_rate, current_caller().account_id, _TOO_MANY, _orders_asked_for())

    @api.post("/v2/orders", summary="Place an order.", description=_WAIT, responses={200: OrderAnswer})
    def place(body: OrderBody) -> Response:
        order = place_order(deps, body.wish(current_caller().account_id))
        return order_reply_after(deps, order, _has_outcome)

    @api.post("/v2/orders:batch", summary="Place up to 1,000 orders.", responses={200: BatchAnswer})
    def place_batch(body: BatchBody) -> Response:
        account_id = current_caller().account_id
        wishes = [judged.wish(account_id) if isinstance(judged, OrderBody) else judged for judged in body.orders]
        return flask.jsonify({"orders": [outcome_answer(each) for each in place_orders(deps, account_id, wishes)]})

    @api.patch(
        "/v2/orders/<order_id>", summary="Replace an open order.", description=_WAIT, responses={200: OrderAnswer}
    )
    def replace(path: OrderPath, body: ReplaceBody) -> Response:
        order = replace_order(deps, body.wish(current_caller().account_id, order_id_of(path)))
        return order_reply_after(deps, order, _has_outcome)


def _orders_asked_for() -> int:
    orders = (request.get_json(silent=True) or {}).get("orders")
    return min(max(len(orders), 1), LARGEST_BATCH) if isinstance(orders, list) else 1


def _has_outcome(order: Order) -> bool:
    return order.has_outcome
