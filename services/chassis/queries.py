"""Refuses what stands in the address of a request and would be passed over: a parameter twice, one nobody reads."""

from __future__ import annotations

import inspect
from functools import cache

import flask
from flask import request
from flask.typing import RouteCallable

from contracts.refusals import Refusal, Refused

_API = "/v2/"
"""Below it. Pages and health checks are asked with whatever a cache or a probe adds."""


def require_understood_query() -> None:
    """Refused(INVALID_REQUEST) for a parameter given twice, and for any where the address takes none."""
    if not request.query_string or request.url_rule is None or not request.url_rule.rule.startswith(_API):
        return
    view = flask.current_app.view_functions[request.url_rule.endpoint]
    for name, values in request.args.lists():
        if len(values) > 1:
            _refuse(name, "stands twice in the address; several values are written with commas between them")
        if not _takes_a_query(view):
            _refuse(name, "is not a parameter of this address, which takes none")


@cache
def _takes_a_query(view: RouteCallable) -> bool:
    """Parameters that no field of a query model has are refused by the model itself."""
    return "query" in inspect.signature(view).parameters


def _refuse(name: str, problem: str) -> None:
    fields = [{"field": name[:64], "problem": problem}]
    raise Refused(Refusal.INVALID_REQUEST, f"{name[:64]}: {problem}.", fields=fields)
