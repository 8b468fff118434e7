"""The web floor: one app with strict JSON in, refusals out by name, health, metrics and the API's own page."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from http import HTTPStatus
from typing import Any

import flask
import structlog
from flask import Response, g, request
from flask.json.provider import JSONProvider
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import PydanticCustomError
from werkzeug.exceptions import HTTPException

from chassis import strict_json
from chassis.answers import DEFECT, ErrorBody
from chassis.bodies import JsonRequest, require_json_object
from chassis.database import TRANSIENT
from chassis.defects import log_defect
from chassis.health import add_health
from chassis.http_incoming import LARGEST_BODY_BYTES
from chassis.identity import Authenticator, Caller
from chassis.limits import NO_RATES, Limits, MakeRate, guard, in_this_process, leave_to_wait
from chassis.metrics import Metrics
from chassis.queries import require_understood_query
from chassis.questions import Unanswered
from contracts.refusals import Refusal, Refused

_log = structlog.get_logger()

RETRY_AFTER_S = 1
_MOST_FIELDS = 100

SECURITY: list[dict[str, list[Any]]] = [{"bearer": []}, {"key_id": [], "secret": []}]
"""What a view that needs a caller puts into `security=`."""

_SECURITY_SCHEMES: Any = {
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "key_id": {"type": "apiKey", "in": "header", "name": "APCA-API-KEY-ID"},
    "secret": {"type": "apiKey", "in": "header", "name": "APCA-API-SECRET-KEY"},
}

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Any other word is counted as one: a stranger must not be able to add metrics without end."""

_HTTP_REFUSALS = {
    400: Refusal.MALFORMED_BODY,
    404: Refusal.NOT_FOUND,
    405: Refusal.METHOD_NOT_ALLOWED,
    413: Refusal.BODY_TOO_LARGE,
    415: Refusal.UNSUPPORTED_MEDIA_TYPE,
    429: Refusal.TOO_MANY_REQUESTS,
}


class Strict(BaseModel):
    """Base of every request model: unknown fields are refused, and the schema is worked out once."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _has_no_thousands_of_fields(cls, given: Any) -> Any:
        """Each unknown field is a complaint that takes longer to write than the field to send."""
        if isinstance(given, dict) and len(given) > _MOST_FIELDS:
            sentence = f"has {len(given)} fields; nothing here has more than {_MOST_FIELDS}"
            raise PydanticCustomError("too_many_fields", "{sentence}", {"sentence": sentence})
        return given

    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return _schema_of(cls) if not args and not kwargs else super().model_json_schema(*args, **kwargs)


def with_examples(**bodies: dict[str, Any]) -> ConfigDict:
    """The `model_config` of a Strict whose bodies look like these, each by a name, in the API document."""
    examples = {name: {"value": body} for name, body in bodies.items()}
    return ConfigDict(openapi_extra={"examples": examples})  # type: ignore[typeddict-unknown-key]  # flask_openapi3's


@cache
def _schema_of(model: type[Strict]) -> dict[str, Any]:
    return super(Strict, model).model_json_schema()


class _Json(JSONProvider):
    """JSON by msgspec: exact decimals in, Decimal as a number out, no NaN, no name twice in an object."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return strict_json.encode(obj).decode()

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return strict_json.decode(s)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        body = strict_json.encode(args[0] if len(args) == 1 else self._prepare_response_obj(args, kwargs))
        return Response(body, mimetype="application/json")


class ExchangeApp(OpenAPI):
    """Flask with our JSON, and with the refusals in the document of every operation."""

    json_provider_class = _Json
    request_class = JsonRequest

    def generate_spec_json(self) -> None:
        super().generate_spec_json()  # type: ignore[no-untyped-call]  # the package types all but this
        content = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorBody"}}}
        statuses = sorted({refusal.value.status for refusal in Refusal} | {500})
        self.spec_json["components"]["responses"] = {
            str(status): {"description": HTTPStatus(status).phrase, "content": content} for status in statuses
        }
        for status in (429, 503):
            seconds = {"description": "Seconds to wait", "schema": {"type": "integer", "minimum": 0}}
            self.spec_json["components"]["responses"][str(status)]["headers"] = {"Retry-After": seconds}
        refusals = {str(status): {"$ref": f"#/components/responses/{status}"} for status in statuses}
        for operations in self.spec_json["paths"].values():
            for operation in operations.values():
                operation["responses"].update(refusals)


def create_app(
    service: str,
    blueprints: Sequence[APIBlueprint],
    authenticator: Authenticator,
    metrics: Metrics,
    checks: Mapping[str, Callable[[], bool]],
    limits: Limits | None = None,
    rate_limit: MakeRate = in_this_process,
    documents: str = "/openapi",
) -> ExchangeApp:
    """Build the app of one service, or of all of them on one port. `checks` are what /readyz asks.

    `documents` is the path below which the API's document and page are.
    """
    app = ExchangeApp(
        service,
        info=Info(title="Stock exchange", version="2.0.0"),
        security_schemes=_SECURITY_SCHEMES,
        validation_error_callback=_refuse_invalid,
        validation_error_model=ErrorBody,
        static_folder=None,
        doc_prefix=documents,
    )
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY_BYTES
    app.url_map.strict_slashes = False
    app.extensions["authenticator"] = authenticator
    app.before_request(_open_request)
    guard(app, limits or NO_RATES, current_caller, rate_limit)
    app.before_request(require_understood_query)
    app.before_request(require_json_object(current_caller))
    app.after_request(_close_request(service, metrics))
    _answer_errors(app)
    for blueprint in blueprints:
        app.register_api(blueprint)
    add_health(app, metrics, checks)
    return app


def current_caller() -> Caller:
    """Who sent this request; raises Refused if nobody can be made out."""
    if "caller" not in g:
        authenticator: Authenticator = flask.current_app.extensions["authenticator"]
        try:
            g.caller = authenticator.caller(request.headers)
        except (Refused, Unanswered) as nobody:
            g.caller = nobody  # whoever asks again is told the same: finding out may have taken a question
    caller: Caller | Refused | Unanswered = g.caller
    if isinstance(caller, Exception):
        raise caller
    return caller


def require_operator() -> Caller:
    """The caller, if it may run the exchange; Refused(NOT_PERMITTED) otherwise."""
    caller = current_caller()
    if not caller.is_operator:
        raise Refused(Refusal.NOT_PERMITTED, "Only an operator may do that.")
    return caller


def preferred_wait_s(longest_s: float = 30.0) -> float:
    """Seconds of `Prefer: wait=SECONDS` (RFC 7240), at most `longest_s`; 0 without one or when unreadable."""
    for preference in request.headers.get("Prefer", "").split(","):
        name, _, value = preference.partition("=")
        if name.strip().lower() == "wait" and value.strip().isdecimal():
            return min(float(value), longest_s)
    return 0.0


def granted_wait_s(longest_s: float = 30.0) -> float:
    """Seconds of `preferred_wait_s` for a request that gives its place back now; 0 when too many wait already."""
    seconds = preferred_wait_s(longest_s)
    return seconds if seconds and leave_to_wait() else 0.0


def refusal_response(refused: Refused) -> Response:
    """A refusal as its HTTP answer."""
    answer = refused.refusal.value
    body = {
        "code": answer.number,
        "name": refused.refusal.name.lower(),
        "message": refused.message,
        **refused.details,
    }
    response = flask.jsonify(body)
    response.status_code = answer.status
    if answer.status in (429, 503):
        response.headers["Retry-After"] = str(refused.details.get("retry_after_s", RETRY_AFTER_S))
    return response


def validation_refusal(error: ValidationError) -> Refused:
    """The first complaints of a request model, in words."""
    complaints = [
        {
            "field": ".".join(str(part) for part in problem["loc"]),
            "problem": problem["msg"].removeprefix("Value error, "),
        }
        for problem in error.errors(include_url=False, include_input=False, include_context=False)[:10]
    ]
    first = complaints[0]
    where = f"{first['field']}: " if first["field"] else ""
    return Refused(Refusal.INVALID_REQUEST, f"{where}{first['problem']}.", fields=complaints)


def _refuse_invalid(error: ValidationError) -> Response:
    return refusal_response(validation_refusal(error))


def _open_request() -> None:
    g.started_s = time.perf_counter()
    g.request_id = request.headers.get("X-Request-ID", "")[:64] or str(uuid.uuid4())


def _close_request(service: str, metrics: Metrics) -> Callable[[Response], Response]:
    def close(response: Response) -> Response:
        route = str(request.url_rule) if request.url_rule else "unmatched"
        method = request.method if request.method in _METHODS else "other"
        metrics.requests.labels(service, method, route, response.status_code).inc()
        if "started_s" in g:
            elapsed_s = time.perf_counter() - g.started_s
            metrics.request_seconds.labels(service, method, route).observe(elapsed_s)
            response.headers["X-Request-ID"] = g.request_id
        return response

    return close


def _answer_errors(app: ExchangeApp) -> None:
    app.register_error_handler(Refused, refusal_response)
    app.register_error_handler(HTTPException, _answer_http_error)
    app.register_error_handler(Unanswered, _answer_unavailable)
    for kind in TRANSIENT:
        app.register_error_handler(kind, _answer_unavailable)
    app.register_error_handler(Exception, _answer_defect)


def _answer_http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value]  # our own, from _refuse_invalid
    refusal = _HTTP_REFUSALS.get(error.code or 500)
    if refusal is None:
        return refusal_response(Refused(Refusal.INVALID_REQUEST, error.description))
    return refusal_response(Refused(refusal))


def _answer_unavailable(error: Exception) -> Response:
    _log.warning("unavailable", path=request.path, reason=str(error))
    return refusal_response(Refused(Refusal.UNAVAILABLE))


def _answer_defect(error: Exception) -> Response:
    log_defect("defect", error, path=request.path, request_id=g.get("request_id"))
    body = {"code": 50010000, "name": DEFECT, "message": "The exchange made a mistake. Tell its operator."}
    response = flask.jsonify({**body, "request_id": g.get("request_id")})
    response.status_code = 500
    return response
