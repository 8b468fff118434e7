"""The addresses under /v2/account and /v2/positions; each shows the caller's own account and no other."""

from __future__ import annotations

from typing import Any

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from chassis.web import SECURITY, current_caller
from user_portfolio.api import answers
from user_portfolio.api.history import add_portfolio_history
from user_portfolio.api.queries import ActivitiesQuery, ActivityTypePath, HistoryQuery, SymbolPath
from user_portfolio.api.shapes import shape_account, shape_activity, shape_ledger_leg, shape_position
from user_portfolio.handlers import reading
from user_portfolio.handlers.history import day_began_with
from user_portfolio.ports import Deps, Page

_ACCOUNT = Tag(name="Account", description="Cash, value, history")
_POSITIONS = Tag(name="Positions", description="Shares owned and what they earned")

Json = dict[str, Any]


def blueprint(deps: Deps) -> APIBlueprint:
    """The service's part of the API."""
    api = APIBlueprint("user_portfolio", __name__, abp_security=SECURITY)
    _add_account(api, deps)
    _add_positions(api, deps)
    _add_activities(api, deps)
    add_portfolio_history(api, deps, _ACCOUNT)
    return api


def _add_account(api: APIBlueprint, deps: Deps) -> None:
    @api.get("/v2/account", summary="Show the account", tags=[_ACCOUNT], responses={200: answers.Account})
    def show_account() -> Json:
        valuation = reading.value_account(deps, current_caller().account_id)
        return shape_account(valuation, day_began_with(deps, valuation.holdings)).model_dump()


def _add_positions(api: APIBlueprint, deps: Deps) -> None:
    @api.get("/v2/positions", summary="List positions", tags=[_POSITIONS], responses={200: answers.Positions})
    def list_positions() -> list[Json]:
        positions = reading.list_positions(deps, current_caller().account_id)
        return [shape_position(position).model_dump() for position in positions]

    @api.get(
        "/v2/positions/<symbol_or_asset_id>",
        summary="Show the position in one symbol",
        tags=[_POSITIONS],
        responses={200: answers.Position},
    )
    def show_position(path: SymbolPath) -> Json:
        position = reading.find_position(deps, current_caller().account_id, path.symbol_or_asset_id)
        return shape_position(position).model_dump()


def _add_activities(api: APIBlueprint, deps: Deps) -> None:
    @api.get(
        "/v2/account/activities",
        summary="List fills and grants",
        tags=[_ACCOUNT],
        responses={200: answers.Activities},
    )
    def list_activities(query: ActivitiesQuery) -> list[Json]:
        return _activities(deps, query.page(current_caller().account_id, query.kinds()))

    @api.get(
        "/v2/account/activities/<activity_type>",
        summary="List activities of one type",
        tags=[_ACCOUNT],
        responses={200: answers.Activities},
    )
    def list_activities_of_type(path: ActivityTypePath, query: HistoryQuery) -> list[Json]:
        return _activities(deps, query.page(current_caller().account_id, [path.activity_type]))

    @api.get(
        "/v2/account/ledger",
        summary="List the account's ledger entries",
        tags=[_ACCOUNT],
        responses={200: answers.LedgerEntries},
    )
    def list_ledger(query: HistoryQuery) -> list[Json]:
        legs = reading.list_ledger(deps, query.page(current_caller().account_id))
        return [shape_ledger_leg(leg).model_dump() for leg in legs]


def _activities(deps: Deps, page: Page) -> list[Json]:
    found = reading.list_activities(deps, page)
    return [shape_activity(activity).model_dump(exclude_none=True) for activity in found]
