"""People open accounts and log in, over HTTP and on PostgreSQL."""

from __future__ import annotations

import pytest

from chassis.codec import decode_facts
from chassis.outbox import waiting
from contracts.facts import AccountOpened
from tests.user_accounts.rig import PASSWORD, bearer, refusal


def facts_told(rig):
    with rig.database.reading() as transaction:
        return [fact for _, message in waiting(transaction.connection, 100) for fact in decode_facts(message.body)]


def test_who_signs_up_is_logged_in(rig):
    tokens = rig.sign_up("alice")

    assert tokens["name"] == "alice"
    assert tokens["token_type"] == "bearer"
    assert tokens["expires_in"] == 15 * 60
    assert rig.me(tokens["access_token"]).json["account_id"] == tokens["account_id"]


def test_a_sign_up_tells_that_the_account_is_open(rig):
    tokens = rig.sign_up("alice")

    assert facts_told(rig) == [AccountOpened(account_id=tokens["account_id"], name="alice", at_us=rig.clock.now_us())]


def test_a_refused_sign_up_tells_nothing(rig):
    rig.sign_up("alice")

    rig.post("signup", {"name": "alice", "password": PASSWORD})

    assert len(facts_told(rig)) == 1


def test_a_taken_name_is_refused_in_any_spelling_and_gives_no_token(rig):
    rig.sign_up("alice")

    answer = rig.post("signup", {"name": "ALICE", "password": PASSWORD})

    assert refusal(answer) == (409, "name_taken")
    assert "access_token" not in answer.json


@pytest.mark.parametrize(
    "name",
    [
        *["al", "a" * 33, "a b", "alice!", "älice", "alice\n", "al\u0000ice", "\u212aelvin", ""],
        *[
            " alice",
            "alice ",
            "alice\u00a0",
            "al\u200bice",
            "\u202ealice",
            "ali\u0301ce",
            "\uff41lice",
            "\u0430lice",
            "   ",
        ],
    ],
)
def test_a_name_that_is_none_is_refused(rig, name):
    assert refusal(rig.post("signup", {"name": name, "password": PASSWORD})) == (422, "invalid_request")


@pytest.mark.parametrize(
    "password",
    [
        *["", "short", "123456789", "1234567890", "PASSWORD123", "a-long-name"],
        *[
            " " * 10,
            "\t" * 10,
            "\u00a0" * 12,
            "\u200b" * 10,
            "\u202e" * 10,
            "\u0000" * 10,
            "\ue000" * 10,
            "\u3164" * 10,
        ],
        *[
            "a         b",
            "short" + " " * 20,
            "sho\u200b\u200b\u200b\u200b\u200b\u200brt",
            "bbbbbbbbbbbb",
            "abababababab",
        ],
        *[" a-long-name ", "password123 "],
    ],
)
def test_a_weak_password_is_refused_by_name(rig, password):
    answer = rig.post("signup", {"name": "a-long-name", "password": password})

    assert refusal(answer) == (422, "weak_password")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "alice"},
        {"name": "alice", "password": 1234567890},
        {"name": ["alice"], "password": PASSWORD},
        {"name": "alice", "password": PASSWORD, "is_operator": True},
        {"name": "alice", "password": "x" * 257},
        {"name": None, "password": None},
    ],
)
def test_a_sign_up_that_makes_no_sense_is_refused(rig, body):
    assert refusal(rig.post("signup", body)) == (422, "invalid_request")


@pytest.mark.parametrize("path", ["signup", "login", "refresh", "password", "demo-login"])
@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b'{"name"', b'{"name": NaN}', b'{"name":"\\ud800","password":""}']
)
def test_a_body_that_is_no_object_is_refused(rig, path, body):
    token = rig.sign_up("alice")["access_token"]

    answer = rig.client.post(f"/v2/auth/{path}", data=body, content_type="application/json", headers=bearer(token))

    assert answer.status_code in (400, 422)
    assert answer.json["message"]


def test_the_right_password_logs_in_whatever_the_case_of_the_name(rig):
    account_id = rig.sign_up("alice")["account_id"]

    answer = rig.log_in("Alice")

    assert answer.status_code == 200
    assert answer.json["account_id"] == account_id
    assert rig.me(answer.json["access_token"]).status_code == 200


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(rig):
    rig.sign_up("alice")

    wrong = rig.log_in("alice", "not the password")
    unknown = rig.log_in("nobody", "not the password")

    assert refusal(wrong) == (401, "wrong_credentials")
    assert wrong.json == unknown.json


def test_passwords_may_be_in_any_script(rig):
    rig.sign_up("alice", "пароль на бирже 🂡")

    assert rig.log_in("alice", "пароль на бирже 🂡").status_code == 200


def test_an_account_learns_about_itself_and_nothing_else(rig):
    tokens = rig.sign_up("alice")

    assert set(rig.me(tokens["access_token"]).json) == {"account_id", "name", "is_operator", "created_at"}


def test_nobody_is_told_who_has_an_account(rig):
    token = rig.sign_up("alice")["access_token"]
    rig.sign_up("bob")

    for path in ("users", "accounts", "", "me/all", "demo-users"):
        assert rig.get(path, headers=bearer(token)).status_code == 404
    assert "bob" not in rig.me(token).text
