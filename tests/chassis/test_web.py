"""The web floor: whatever is sent, the answer is one a person understands, and never a trace."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from flask.testing import FlaskClient
from flask_openapi3.blueprint import APIBlueprint
from pydantic import BaseModel

from chassis.cache import LocalCache
from chassis.http_incoming import LARGEST_BODY_BYTES
from chassis.identity import Authenticator
from chassis.metrics import Metrics
from chassis.questions import LocalQuestions, Unanswered
from chassis.web import SECURITY, Strict, create_app, current_caller, preferred_wait_s
from contracts.refusals import Refusal, Refused


class Loan(Strict):
    amount: Decimal
    note: str = ""


class LoanPath(Strict):
    number: int


class LoanQuery(Strict):
    limit: int = 10


class Answer(BaseModel):
    answer: str


def pawnshop() -> APIBlueprint:
    """A service of no market: it lends, refuses, and makes mistakes."""
    shop = APIBlueprint("pawnshop", __name__, url_prefix="/pawn")

    @shop.post("/loans", responses={200: Answer})
    def lend(body: Loan) -> dict[str, Any]:
        return {"answer": str(body.amount), "amount": body.amount}

    @shop.get("/loans/<int:number>")
    def show(path: LoanPath, query: LoanQuery) -> dict[str, Any]:
        return {"number": path.number, "limit": query.limit, "wait_s": preferred_wait_s()}

    @shop.get("/mine", security=SECURITY)
    def mine() -> dict[str, str]:
        return {"answer": current_caller().name}

    @shop.get("/fails/<kind>")
    def fail(path: Kind) -> dict[str, str]:
        raise FAILURES[path.kind]

    return shop


class Kind(Strict):
    kind: str


FAILURES = {
    "defect": ZeroDivisionError("the combination of the safe is 1234"),
    "database": psycopg.OperationalError("connection to 10.0.0.7 lost"),
    "question": Unanswered("nobody answers"),
    "refused": Refused(Refusal.NOT_PERMITTED, "Not today."),
    "limited": Refused(Refusal.TOO_MANY_REQUESTS, retry_after_s=7),
}


class Checks:
    database = True


@pytest.fixture
def checks() -> Checks:
    return Checks()


@pytest.fixture
def client(checks: Checks) -> Iterator[FlaskClient]:
    authenticator = Authenticator((), LocalCache(), LocalQuestions(), Metrics())
    health = {"database": lambda: checks.database, "self": lambda: True}
    app = create_app("pawnshop", [pawnshop()], authenticator, Metrics(), health)
    with app.test_client() as client:
        yield client


def lend(client, body, content_type="application/json"):
    return client.post("/pawn/loans", data=body, content_type=content_type)


def refusal(answer):
    assert answer.mimetype == "application/json"
    assert set(answer.json) >= {"code", "name", "message"}
    assert answer.json["code"] // 100_000 == answer.status_code
    return answer.status_code, answer.json["name"]


def test_numbers_keep_every_digit_in_and_out(client):
    answer = lend(client, b'{"amount": 0.1000000000000000055511151231257827}')

    assert answer.json["answer"] == "0.1000000000000000055511151231257827"
    assert b'"amount":0.1000000000000000055511151231257827' in answer.data


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"{'amount': 1}",
        b'{"amount": NaN}',
        b'{"amount": Infinity}',
        b'{"amount": 1} {"amount": 2}',
        b"[]",
        b"null",
        b'"a string"',
        b"7",
        b"\xff\xfe",
        b'{"note": "\\ud800"}',
        b"[" * 16_000,
        b'{"a":' * 3_000,
        b" ",
    ],
)
def test_a_body_that_is_no_json_object_is_refused(client, body):
    assert refusal(lend(client, body)) == (400, "malformed_body")


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b'{"amount": "much"}', b'{"amount": 1, "interest": 2}', b'{"amount": null}', b'{"amount": [1]}'],
)
def test_a_body_that_lacks_sense_is_refused_with_the_field(client, body):
    answer = lend(client, body)

    assert refusal(answer) == (422, "invalid_request")
    assert answer.json["fields"]


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""])
def test_anything_but_json_is_refused(client, content_type):
    assert refusal(lend(client, b'{"amount": 1}', content_type)) == (415, "unsupported_media_type")


def test_json_may_say_its_character_set(client):
    assert lend(client, b'{"amount": 1}', "application/json; charset=utf-8").status_code == 200


def test_a_body_too_large_is_refused(client):
    assert refusal(lend(client, b'{"note": "' + b"x" * LARGEST_BODY_BYTES + b'"}')) == (413, "body_too_large")


def test_an_unknown_address_is_refused(client):
    assert refusal(client.get("/nowhere")) == (404, "not_found")


@pytest.mark.parametrize("path", ["/pawn/loans/x", "/pawn/loans/-1", "/pawn/loans/1.5", "/pawn/loans/%00"])
def test_an_address_that_names_nothing_is_refused(client, path):
    assert refusal(client.get(path)) == (404, "not_found")


def test_a_wrong_method_is_refused(client):
    assert refusal(client.delete("/pawn/loans")) == (405, "method_not_allowed")
    assert refusal(client.open("/pawn/loans", method="BREW")) == (405, "method_not_allowed")


@pytest.mark.parametrize("query", ["limit=x", "limit=1.5", "limit=", "unknown=1", "limit=1&limit=x&more=1"])
def test_a_query_that_makes_no_sense_is_refused(client, query):
    assert refusal(client.get(f"/pawn/loans/1?{query}")) == (422, "invalid_request")


def test_a_slash_at_the_end_is_forgiven(client):
    assert client.get("/pawn/loans/1/?limit=3").json["limit"] == 3


def test_head_is_answered_like_get_without_a_body(client):
    answer = client.head("/pawn/loans/1")

    assert (answer.status_code, answer.data) == (200, b"")


@pytest.mark.parametrize(
    ("preference", "seconds"),
    [("wait=2", 2), ("respond-async, wait=5", 5), ("Wait = 3", 3), ("wait=9999", 30), ("wait=x", 0), ("wait=-1", 0)],
)
def test_how_long_somebody_is_ready_to_wait_is_heard(client, preference, seconds):
    assert client.get("/pawn/loans/1", headers={"Prefer": preference}).json["wait_s"] == seconds


def test_nobody_in_particular_gets_no_answer_that_is_somebodys(client):
    assert refusal(client.get("/pawn/mine")) == (401, "unauthenticated")


def test_a_defect_is_admitted_without_its_trace(client):
    answer = client.get("/pawn/fails/defect", headers={"X-Request-ID": "r-1"})

    assert refusal(answer) == (500, "defect")
    assert answer.json["request_id"] == "r-1"
    for secret in ("1234", "ZeroDivision", "Traceback", ".py"):
        assert secret not in answer.text


@pytest.mark.parametrize("kind", ["database", "question"])
def test_what_may_pass_is_answered_with_when_to_come_back(client, kind):
    answer = client.get(f"/pawn/fails/{kind}")

    assert refusal(answer) == (503, "unavailable")
    assert answer.headers["Retry-After"] == "1"
    assert "10.0.0.7" not in answer.text


def test_a_refusal_is_told_by_its_name_and_in_its_words(client):
    answer = client.get("/pawn/fails/refused")

    assert answer.json == {"code": 40310002, "name": "not_permitted", "message": "Not today."}


def test_a_limit_says_how_long_to_wait(client):
    assert client.get("/pawn/fails/limited").headers["Retry-After"] == "7"


def test_every_refusal_has_a_code_of_its_own_that_fits_its_status():
    numbers = [refusal.value.number for refusal in Refusal]

    assert len(set(numbers)) == len(numbers)
    assert all(refusal.value.number // 100_000 == refusal.value.status for refusal in Refusal)
    assert all(refusal.value.sentence.endswith(".") for refusal in Refusal)


def test_ready_is_said_only_by_who_is(client, checks):
    assert client.get("/readyz").json == {"ready": True, "checks": {"database": True, "self": True}}

    checks.database = False

    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["checks"]["database"]) == (503, False)
    assert client.get("/livez").status_code == 200


def test_every_request_has_an_id_to_ask_about(client):
    given = client.get("/livez", headers={"X-Request-ID": "x" * 200}).headers["X-Request-ID"]
    made = client.get("/livez").headers["X-Request-ID"]

    assert given == "x" * 64
    assert len(made) == 36


def test_requests_are_counted_by_route_and_a_stranger_cannot_add_routes_or_methods(client):
    client.get("/pawn/loans/1")
    client.get("/pawn/loans/2")
    client.get("/nowhere/1")
    client.open("/livez", method="BREW")

    metrics = client.get("/metrics").text

    assert 'route="/pawn/loans/<int:number>"' in metrics
    assert "nowhere" not in metrics
    assert "BREW" not in metrics


def test_the_api_describes_itself(client):
    document = client.get("/openapi/openapi.json").json

    post = document["paths"]["/pawn/loans"]["post"]
    assert set(post["responses"]) == {"200", "500"} | {str(refusal.value.status) for refusal in Refusal}
    assert post["responses"]["422"] == {"$ref": "#/components/responses/422"}
    assert document["components"]["responses"]["422"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/ErrorBody"
    }
    assert "ErrorBody" in document["components"]["schemas"]
    assert document["paths"]["/pawn/mine"]["get"]["security"] == [{"bearer": []}, {"key_id": [], "secret": []}]


def test_a_request_model_refuses_what_it_does_not_know():
    assert Loan.model_json_schema()["additionalProperties"] is False
    assert Loan.model_json_schema() is Loan.model_json_schema()
