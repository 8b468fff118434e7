"""All addresses of the service; each of them needs a caller."""

from __future__ import annotations

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from chassis.web import SECURITY, current_caller
from stock_ordering.api.calendar import add_calendar
from stock_ordering.api.canceling import add_canceling
from stock_ordering.api.entry import add_entry
from stock_ordering.api.reading import add_reading
from stock_ordering.ports import Deps


def blueprint(deps: Deps) -> APIBlueprint:
    """The views over these handlers' needs."""
    api = APIBlueprint("stock_ordering", __name__, abp_tags=[Tag(name="Orders")], abp_security=SECURITY)
    api.before_request(_require_caller)
    for add_views in (add_entry, add_canceling, add_reading, add_calendar):
        add_views(api, deps)
    return api


def _require_caller() -> None:
    current_caller()
