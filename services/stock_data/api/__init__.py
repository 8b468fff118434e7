"""HTTP in: assets, market data, and the operator's listings and halts."""

from __future__ import annotations

from flask_openapi3.blueprint import APIBlueprint

from stock_data.api.assets import add_assets
from stock_data.api.history import add_history
from stock_data.api.latest import add_latest
from stock_data.api.operator import add_operator
from stock_data.ports import Deps


def blueprint(deps: Deps) -> APIBlueprint:
    """All endpoints of stock_data."""
    api = APIBlueprint("stock_data", __name__)
    add_assets(api, deps)
    add_latest(api, deps)
    add_history(api, deps)
    add_operator(api, deps)
    return api
