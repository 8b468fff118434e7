"""What only the whole exchange can answer: the audit of all services at once."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel

from chassis.web import SECURITY, require_operator
from contracts.refusals import Refusal, Refused
from standalone.audit.invariants import findings
from standalone.audit.snapshot import AlreadyLooking, NotQuiet, quiet_snapshot
from standalone.databases import SERVICES

API_PAGE = "/openapi/swagger"
_AUDIT_PATIENCE_S = 5.0
_RETRY_AFTER_S = 10


class Invariant(BaseModel):
    """One invariant: how many things were checked, and the first hundred that are not as they must be."""

    invariant: str
    holds: bool
    checked: int
    differences: list[str]


class Audit(BaseModel):
    """Whether the exchange is in order."""

    clean: bool
    invariants: list[Invariant]


def blueprint(url_of: Callable[[str], str]) -> APIBlueprint:
    """The views of the exchange as a whole. `url_of` gives a service's database URL."""
    api = APIBlueprint("exchange", __name__, abp_tags=[Tag(name="Operator")])

    @api.get("/v2/audit", summary="Check every invariant.", security=SECURITY, responses={200: Audit})
    def show_audit() -> Response:
        """For operators. 503 when facts keep travelling between the services for 5 s, 429 while another runs."""
        require_operator()
        invariants = make_audit(url_of)
        return jsonify(Audit(clean=all(each.holds for each in invariants), invariants=invariants).model_dump())

    return api


def make_audit(url_of: Callable[[str], str]) -> list[Invariant]:
    """Look at all databases in one quiet moment; Refused if there is none, or if somebody else looks already."""
    try:
        with quiet_snapshot(url_of, SERVICES, _AUDIT_PATIENCE_S, waits=False) as snapshot:
            return [
                Invariant(
                    invariant=invariant,
                    holds=not finding.wrong,
                    checked=finding.checked,
                    differences=list(finding.differences),
                )
                for invariant, finding in findings(snapshot)
            ]
    except AlreadyLooking as other:
        raise Refused(Refusal.TOO_MANY_REQUESTS, str(other), retry_after_s=_RETRY_AFTER_S) from other
    except NotQuiet as busy:
        raise Refused(Refusal.UNAVAILABLE, str(busy)) from busy
