"""Endpoints: what can be traded."""

from __future__ import annotations

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from chassis.web import SECURITY, current_caller
from stock_data.api import answers, shapes
from stock_data.api.questions import AssetPath, AssetsQuestion
from stock_data.handlers import questions
from stock_data.ports import Deps

_TAGS = [Tag(name="Assets")]


def add_assets(api: APIBlueprint, deps: Deps) -> None:
    """GET /v2/assets and one of them."""

    @api.get(
        "/v2/assets", tags=_TAGS, security=SECURITY, summary="List the instruments.", responses={200: answers.Assets}
    )
    def list_assets(query: AssetsQuestion) -> list[shapes.Json]:
        current_caller()
        assets = [shapes.asset(instrument) for instrument in questions.instruments(deps)]
        asked = {"status": query.status, "class": query.asset_class, "exchange": query.exchange}
        return [
            asset for asset in assets if all(value is None or asset[field] == value for field, value in asked.items())
        ]

    @api.get(
        "/v2/assets/<symbol_or_asset_id>",
        tags=_TAGS,
        security=SECURITY,
        summary="Show one instrument.",
        responses={200: answers.Asset},
    )
    def show_asset(path: AssetPath) -> shapes.Json:
        current_caller()
        return shapes.asset(questions.instrument(deps, path.symbol_or_asset_id))
