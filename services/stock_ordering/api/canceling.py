"""Addresses that cancel orders."""

from __future__ import annotations

import flask
from flask import Response
from flask_openapi3.blueprint import APIBlueprint

from chassis.web import current_caller, granted_wait_s
from contracts.orders import OrderStatus
from contracts.refusals import Refusal, Refused
from stock_ordering.api.answers import AllCanceledAnswer, OrderAnswer
from stock_ordering.api.bodies import OrderPath
from stock_ordering.api.replies import order_id_of, order_reply, wait_through
from stock_ordering.domain.order import Order
from stock_ordering.domain.rules import require_open
from stock_ordering.handlers.canceling import cancel_all, cancel_order
from stock_ordering.handlers.reading import find_order, wait_for_cancel
from stock_ordering.handlers.settling import wait_until_settled
from stock_ordering.ports import CancelOrder, Deps

_ANSWERS = """204: the cancel is on its way; a fill may still be first. With `Prefer: wait=SECONDS` the book's word:
200 the order was canceled or had expired, 422 it could not be canceled, 202 the book has not spoken yet."""


_ALL = """The cancel of every order that was open is on its way when this is answered. Up to some thousand orders are
listed; how many more are being canceled, without anybody having to ask again, is in the header `Orders-To-Follow`."""


def add_canceling(api: APIBlueprint, deps: Deps) -> None:
    """DELETE one order, DELETE all."""

    @api.delete(
        "/v2/orders/<order_id>",
        summary="Cancel an open order.",
        description=_ANSWERS,
        responses={200: OrderAnswer, 202: OrderAnswer, 204: None},
    )
    def cancel(path: OrderPath) -> Response:
        order = _ask(deps, CancelOrder(current_caller().account_id, order_id_of(path)))
        seconds = granted_wait_s(deps.largest_wait_s)
        if not seconds:
            return Response(status=204)
        waited = wait_through(deps, lambda: wait_for_cancel(deps, order, seconds), seconds)
        return waited.applied(_truth_about(waited.order))

    @api.delete("/v2/orders", summary="Cancel all open orders.", description=_ALL, responses={207: AllCanceledAnswer})
    def cancel_every_order() -> Response:
        canceled = cancel_all(deps, current_caller().account_id)
        response = flask.jsonify([{"id": order_id, "status": 200} for order_id in canceled.asked])
        response.status_code = 207
        response.headers["Orders-To-Follow"] = str(canceled.to_follow)
        return response


def _ask(deps: Deps, wish: CancelOrder) -> Order:
    """Whoever waits, and is told that the order has ended already, may rely on what followed from that, too."""
    try:
        return cancel_order(deps, wish)
    except Refused as refused:
        if refused.refusal is Refusal.NOT_OPEN and (seconds := granted_wait_s(deps.largest_wait_s)):
            wait_until_settled(deps, find_order(deps, wish.account_id, wish.order_id), seconds)
        raise


def _truth_about(order: Order) -> Response:
    if order.status in (OrderStatus.CANCELED, OrderStatus.EXPIRED):
        return order_reply(order)
    require_open(order)
    if order.cancel_requested_at_us is None:
        raise Refused(Refusal.NOT_OPEN, "The book could not cancel the order.")
    return order_reply(order, 202)
