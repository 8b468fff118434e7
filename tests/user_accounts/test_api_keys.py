"""API keys: for programs that trade without a login."""

from __future__ import annotations

import re

import pytest

from contracts.names import QUESTION_RESOLVE_KEY
from tests.user_accounts.rig import bearer, key_headers, refusal


def make_key(rig, tokens, label="my bot"):
    answer = rig.post("keys", {"label": label}, headers=bearer(tokens["access_token"]))
    assert answer.status_code == 201, answer.text
    return answer.json


def test_a_key_calls_as_its_account(rig):
    tokens = rig.sign_up("alice")

    key = make_key(rig, tokens)

    assert re.fullmatch(r"PK[A-Z2-7]{18}", key["key_id"])
    assert len(key["secret"]) == 43
    assert rig.get("me", headers=key_headers(key)).json["account_id"] == tokens["account_id"]


def test_the_secret_is_shown_once(rig):
    tokens = rig.sign_up("alice")
    key = make_key(rig, tokens, "my bot")

    listed = rig.get("keys", headers=bearer(tokens["access_token"]))

    assert listed.json == {"keys": [{name: key[name] for name in ("key_id", "label", "created_at")}]}
    assert key["secret"] not in listed.text


def test_a_key_needs_no_label(rig):
    tokens = rig.sign_up("alice")

    answer = rig.client.post("/v2/auth/keys", headers=bearer(tokens["access_token"]))

    assert (answer.status_code, answer.json["label"]) == (201, "")


@pytest.mark.parametrize(
    "label", ["x" * 65, "a\u0000b", "a\nb", "a\u200bb", "\u202eb", "\u0301", "   ", "a ", "\u3164", "\ue000", 7, None]
)
def test_a_label_that_cannot_be_shown_is_refused(rig, label):
    tokens = rig.sign_up("alice")

    answer = rig.post("keys", {"label": label}, headers=bearer(tokens["access_token"]))

    assert refusal(answer) == (422, "invalid_request")


def test_a_wrong_secret_is_refused_also_after_the_right_one_was_seen(rig):
    key = make_key(rig, rig.sign_up("alice"))
    assert rig.get("me", headers=key_headers(key)).status_code == 200

    answer = rig.get("me", headers=key_headers({**key, "secret": "A" * 43}))

    assert refusal(answer) == (401, "unauthenticated")
    assert rig.get("me", headers=key_headers(key)).status_code == 200


@pytest.mark.parametrize("key_id", ["PKAAAAAAAAAAAAAAAAAA", "x", "PK", "'; drop table api_keys", "é", "P" * 3000])
def test_an_unknown_key_is_refused(rig, key_id):
    answer = rig.get("me", headers=key_headers({"key_id": key_id, "secret": "A" * 43}))

    assert refusal(answer) == (401, "unauthenticated")


def test_half_a_key_is_no_key(rig):
    key = make_key(rig, rig.sign_up("alice"))

    assert refusal(rig.get("me", headers={"APCA-API-KEY-ID": key["key_id"]})) == (401, "unauthenticated")


def test_a_revoked_key_is_useless_at_once(rig):
    tokens = rig.sign_up("alice")
    key = make_key(rig, tokens)
    assert rig.get("me", headers=key_headers(key)).status_code == 200

    answer = rig.client.delete(f"/v2/auth/keys/{key['key_id']}", headers=bearer(tokens["access_token"]))

    assert answer.status_code == 204
    assert refusal(rig.get("me", headers=key_headers(key))) == (401, "unauthenticated")
    assert rig.get("keys", headers=bearer(tokens["access_token"])).json == {"keys": []}


def test_a_key_is_revoked_once(rig):
    tokens = rig.sign_up("alice")
    path = f"/v2/auth/keys/{make_key(rig, tokens)['key_id']}"
    rig.client.delete(path, headers=bearer(tokens["access_token"]))

    assert refusal(rig.client.delete(path, headers=bearer(tokens["access_token"]))) == (404, "not_found")


def test_nobody_sees_or_revokes_the_key_of_another(rig):
    key = make_key(rig, rig.sign_up("alice"))
    bob = bearer(rig.sign_up("bob")["access_token"])

    answer = rig.client.delete(f"/v2/auth/keys/{key['key_id']}", headers=bob)

    assert refusal(answer) == (404, "not_found")
    assert rig.get("keys", headers=bob).json == {"keys": []}
    assert rig.get("me", headers=key_headers(key)).status_code == 200


@pytest.mark.parametrize("key_id", ["x", "%00", "PK%F0%9F%82%A1", "PK" + "A" * 5000, "..%2f..%2fetc"])
def test_an_id_that_is_no_key_is_not_found(rig, key_id):
    token = rig.sign_up("alice")["access_token"]

    answer = rig.client.delete(f"/v2/auth/keys/{key_id}", headers=bearer(token))

    assert answer.status_code == 404


def test_a_key_cannot_make_keys_or_change_what_outlives_it(rig):
    key = make_key(rig, rig.sign_up("alice"))
    headers = key_headers(key)

    answers = [
        rig.post("keys", {}, headers=headers),
        rig.get("keys", headers=headers),
        rig.client.delete(f"/v2/auth/keys/{key['key_id']}", headers=headers),
        rig.post("password", {"old": "x", "new": "a quite different one"}, headers=headers),
        rig.post("logout", headers=headers),
        rig.post("logout-all", headers=headers),
    ]

    assert {refusal(answer) for answer in answers} == {(403, "not_permitted")}


def test_an_account_has_only_so_many_keys_at_a_time(build):
    rig = build(api_keys_per_account=2)
    tokens = rig.sign_up("alice")
    first = make_key(rig, tokens)
    make_key(rig, tokens)

    one_more = rig.post("keys", {}, headers=bearer(tokens["access_token"]))
    rig.client.delete(f"/v2/auth/keys/{first['key_id']}", headers=bearer(tokens["access_token"]))

    assert refusal(one_more) == (403, "not_permitted")
    make_key(rig, tokens)


def test_other_services_learn_whose_key_it_is(rig):
    tokens = rig.sign_up("alice")
    key = make_key(rig, tokens)
    asked = {"key_id": key["key_id"], "secret": key["secret"]}

    answer = rig.questions.ask(QUESTION_RESOLVE_KEY, asked)

    assert answer == {"account_id": tokens["account_id"], "name": "alice", "is_operator": False}
    assert rig.questions.ask(QUESTION_RESOLVE_KEY, {**asked, "secret": "wrong"}) == {}
    assert rig.questions.ask(QUESTION_RESOLVE_KEY, {**asked, "key_id": "\u0000"}) == {}


def test_keys_go_on_working_after_a_log_out_and_a_change_of_password(rig):
    tokens = rig.sign_up("alice")
    key = make_key(rig, tokens)
    headers = bearer(tokens["access_token"])

    rig.post("password", {"old": "correct horse battery", "new": "a quite different one"}, headers=headers)
    rig.post("logout", headers=headers)

    assert rig.get("me", headers=key_headers(key)).status_code == 200
