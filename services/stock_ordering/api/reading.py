"""Addresses that show orders and fills."""

from __future__ import annotations

import flask
from flask import Response
from flask_openapi3.blueprint import APIBlueprint

from chassis.web import current_caller
from stock_ordering.api.answers import FillsAnswer, OrderAnswer, OrdersAnswer, fill_answer, order_answer
from stock_ordering.api.bodies import ClientIdQuery, FillsQuery, ListQuery, OrderPath, OrderQuery
from stock_ordering.api.replies import order_id_of, order_reply
from stock_ordering.handlers.reading import find_by_client_id, find_order, list_fills, list_orders
from stock_ordering.ports import Deps


def add_reading(api: APIBlueprint, deps: Deps) -> None:
    """GET many orders, one by either id, and one order's fills."""

    @api.get("/v2/orders", summary="List orders.", responses={200: OrdersAnswer})
    def orders(query: ListQuery) -> Response:
        found = list_orders(deps, query.listing(current_caller().account_id))
        return flask.jsonify([order_answer(order) for order in found])

    @api.get("/v2/orders/<order_id>", summary="Show an order.", responses={200: OrderAnswer})
    def order(path: OrderPath, query: OrderQuery) -> Response:
        return order_reply(find_order(deps, current_caller().account_id, order_id_of(path)))

    @api.get("/v2/orders:by_client_order_id", summary="Show an order by your own id.", responses={200: OrderAnswer})
    def order_by_client_id(query: ClientIdQuery) -> Response:
        return order_reply(find_by_client_id(deps, current_caller().account_id, query.client_order_id))

    @api.get("/v2/orders/<order_id>/fills", summary="List an order's fills.", responses={200: FillsAnswer})
    def fills(path: OrderPath, query: FillsQuery) -> Response:
        account_id = current_caller().account_id
        found = list_fills(deps, account_id, order_id_of(path), query.limit, query.offset)
        return flask.jsonify([fill_answer(fill) for fill in found])
