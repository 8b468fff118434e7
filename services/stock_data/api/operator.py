"""Endpoints: what an operator does to instruments."""

from __future__ import annotations

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from chassis.web import SECURITY, require_operator
from contracts.refusals import Refusal, Refused
from stock_data.api import answers, shapes
from stock_data.api.questions import ListInstrument, SymbolPath
from stock_data.domain.instruments import Listing, NotAnInstrument
from stock_data.handlers import instruments
from stock_data.ports import Deps

_TAGS = [Tag(name="Operator")]


def add_operator(api: APIBlueprint, deps: Deps) -> None:
    """List, halt and resume."""

    @api.post(
        "/v2/operator/instruments",
        tags=_TAGS,
        security=SECURITY,
        summary="List a new instrument.",
        responses={201: answers.Asset},
    )
    def list_instrument(body: ListInstrument) -> tuple[shapes.Json, int]:
        require_operator()
        return shapes.asset(instruments.list_new(deps, _listing(body))), 201

    @api.post(
        "/v2/operator/instruments/<symbol>/halt",
        tags=_TAGS,
        security=SECURITY,
        summary="Stop trading in a symbol; cancels are still taken.",
        responses={200: answers.Asset},
    )
    def halt(path: SymbolPath) -> shapes.Json:
        require_operator()
        return shapes.asset(instruments.halt(deps, path.symbol))

    @api.post(
        "/v2/operator/instruments/<symbol>/resume",
        tags=_TAGS,
        security=SECURITY,
        summary="Let trading in a symbol go on.",
        responses={200: answers.Asset},
    )
    def resume(path: SymbolPath) -> shapes.Json:
        require_operator()
        return shapes.asset(instruments.resume(deps, path.symbol))


def _listing(body: ListInstrument) -> Listing:
    try:
        return Listing(
            symbol=body.symbol,
            name=body.name,
            reference_price=body.reference_price,
            tick=body.tick_size,
            lot=body.lot_size,
        )
    except NotAnInstrument as wrong:
        raise Refused(Refusal.INVALID_REQUEST, str(wrong)) from wrong
