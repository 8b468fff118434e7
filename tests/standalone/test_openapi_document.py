"""The API document that the page's types are made of is the one the services describe."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from standalone.openapi import document_text

COMMITTED = Path(__file__).parents[2] / "frontend" / "openapi.json"
WRITTEN_SO = "cd services && python -m standalone.openapi > ../frontend/openapi.json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(document_text())
    return made


def test_the_committed_document_is_up_to_date():
    if COMMITTED.read_text(encoding="utf-8") != document_text():
        pytest.fail(f"frontend/openapi.json is out of date. Run: {WRITTEN_SO}")


def test_whatever_the_document_refers_to_is_in_it(document):
    for reference in references(document):
        part = document
        for name in reference.removeprefix("#/").split("/"):
            assert name in part, reference
            part = part[name]


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from (value for key, value in part.items() if key == "$ref")
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from references(each)


def test_every_good_answer_says_what_it_is(document):
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            good = {status: answer for status, answer in operation["responses"].items() if status[0] in "23"}
            assert good, f"{method} {path} never succeeds"
            for status, answer in good.items():
                assert status in ("204", "302") or "content" in answer, f"{method} {path}: {status} has no shape"


def test_no_answer_is_vague(document):
    """Every object names its fields, or what its values are; only a refusal may hold more than is written."""
    for name, schema in document["components"]["schemas"].items():
        for part in objects(schema):
            vague = part.get("additionalProperties") is True or not part.keys() & {"properties", "additionalProperties"}
            assert name == "ErrorBody" or not vague, name


def objects(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if part.get("type") == "object":
            yield part
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from objects(each)


def test_names_can_be_the_names_of_types(document):
    assert [name for name in document["components"]["schemas"] if not re.fullmatch(r"[A-Z][A-Za-z]*", name)] == []


def test_what_is_always_answered_is_never_optional(document):
    account = document["components"]["schemas"]["Account"]

    assert set(account["required"]) == set(account["properties"])
