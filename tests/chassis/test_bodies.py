"""A body is parsed only if it is small, or sent by somebody known to where there is use for a large one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from flask_openapi3.blueprint import APIBlueprint

from chassis import strict_json
from chassis.cache import LocalCache
from chassis.http_incoming import LARGEST_BODY_BYTES
from chassis.identity import Authenticator
from chassis.metrics import Metrics
from chassis.questions import LocalQuestions
from chassis.web import Strict, create_app
from contracts.paths import LARGE_BODIES, LARGEST_SMALL_BODY_BYTES


class Note(Strict):
    note: str


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    blueprint = APIBlueprint("notes", __name__)

    @blueprint.post("/notes")
    def note(body: Note) -> dict[str, int]:
        return {"length": len(body.note)}

    authenticator = Authenticator((), LocalCache(), LocalQuestions(), Metrics())
    with create_app("notes", [blueprint], authenticator, Metrics(), {}).test_client() as client:
        yield client


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of all that is parsed."""
    sizes, decode = [], strict_json.decode

    def watched(text):
        sizes.append(len(text))
        return decode(text)

    monkeypatch.setattr(strict_json, "decode", watched)
    return sizes


def send(client, content, path="/notes"):
    answer = client.post(path, data=content, content_type="application/json")
    return answer.status_code, answer.json


def fields(count):
    return b"{" + b",".join(b'"%d":1' % number for number in range(count)) + b"}"


@pytest.mark.parametrize("length", [LARGEST_SMALL_BODY_BYTES, LARGEST_BODY_BYTES - 100])
def test_a_body_larger_than_there_is_use_for_is_refused_before_it_is_parsed(client, parsed, length):
    status, answer = send(client, b'{"note": "' + b"x" * length + b'"}')

    assert (status, answer["name"]) == (413, "body_too_large")
    assert str(LARGEST_SMALL_BODY_BYTES) in answer["message"]
    assert max(parsed) < 1_000, "no more than the answer"


def test_a_strangers_large_body_is_not_parsed_where_there_is_use_for_large_ones(client, parsed):
    status, _ = send(client, b'{"orders": ["' + b"x" * 100_000 + b'"]}', LARGE_BODIES[0])

    assert status in (401, 404)
    assert max(parsed) < 1_000


def test_a_small_body_is_anybodys(client):
    assert send(client, b'{"note": "' + b"x" * 16_000 + b'"}') == (200, {"length": 16_000})


def test_hundreds_of_unknown_fields_are_one_complaint(client):
    status, answer = send(client, fields(1_200))

    assert status == 422
    assert [told["problem"] for told in answer["fields"]] == ["has 1200 fields; nothing here has more than 100"]


def test_no_more_than_ten_complaints_are_told(client):
    status, answer = send(client, fields(90))

    assert (status, len(answer["fields"])) == (422, 10)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"note": 1E9999999999999999999}', "the number 1E9999999999999999999 is out of range"),
        (b'{"note": 1.' + b"0" * 100 + b"}", "a number has more than 64 characters"),
        (b'{"note": "a", "note": "b"}', "the name 'note' stands twice in one object"),
        (b'{"note": ', "truncated"),
        (b'{"note": ' + b"[" * 5_000, "not valid JSON"),  # too deep, or from Python 3.14 on cut off
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_wrong_with_the_json_is_said(client, content, said):
    status, answer = send(client, content)

    assert (status, answer["name"]) == (400, "malformed_body")
    assert said in answer["message"]
