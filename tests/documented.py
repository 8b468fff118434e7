"""Holds what a service answers in its tests to the API document: each status, and each answer's shape."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]
from werkzeug.test import TestResponse

DOCUMENT = Path(__file__).parents[1] / "frontend" / "openapi.json"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class DocumentedClient(FlaskClient):
    """A test client for whom every answer of a documented address must be as the document says."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        assert_documented(response)
        return response


def assert_documented(response: TestResponse) -> None:
    """Fail with what the document does not say of this answer."""
    responses = _responses_of(response.request.method, response.request.path)
    if responses is None:
        return
    asked = f"{response.request.method} {response.request.path}"
    told = responses.get(str(response.status_code))
    assert told is not None, f"{asked}: {response.status_code} is not documented"
    if "content" not in told:
        assert not response.data, f"{asked}: {response.status_code} has a body that is not documented"
        return
    found = next(_checker(json.dumps(told["content"]["application/json"]["schema"])).iter_errors(response.json), None)
    assert found is None, f"{asked}: {found.json_path} {found.message}"


def _responses_of(method: str, path: str) -> dict[str, Any] | None:
    """What the document tells of this address, None if it does not know it."""
    for template, operations in _addresses():
        if template.fullmatch(path) and method.lower() in operations:
            told: dict[str, Any] = operations[method.lower()]["responses"]
            return {status: _resolved(answer) for status, answer in told.items()}
    return None


def _resolved(answer: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = answer
    if "$ref" in answer:
        found = _document()["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return found


@cache
def _addresses() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    """Those without a parameter first: they are the more exact."""
    paths = sorted(_document()["paths"].items(), key=lambda item: "{" in item[0])
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), operations) for path, operations in paths]


@cache
def _document() -> dict[str, Any]:
    """The document, each answer with the fields it names and no other."""
    document: dict[str, Any] = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    for schema in document["components"]["schemas"].values():
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
    return document


@cache
def _checker(schema: str) -> Draft202012Validator:
    formats = FormatChecker(formats=())
    for name, pattern in (("date-time", _TIME), ("date", _DAY)):
        formats.checks(name)(
            lambda value, form=pattern: not isinstance(value, str) or form.fullmatch(value) is not None
        )
    whole = {**json.loads(schema), "components": _document()["components"]}
    return Draft202012Validator(whole, format_checker=formats)
