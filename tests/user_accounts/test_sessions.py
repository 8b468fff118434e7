"""Sessions: tokens are renewed, stolen ones stop, a log-out counts at once."""

from __future__ import annotations

import base64
import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import user_accounts.store.pruning
from contracts.names import QUESTION_SESSION_IS_LIVE
from tests.user_accounts.rig import PASSWORD, bearer, public_key, refusal


def claims_of(access_token):
    return jwt.decode(access_token, options={"verify_signature": False})


def b64(fields):
    return base64.urlsafe_b64encode(json.dumps(fields).encode()).decode().rstrip("=")


def test_a_token_says_who_for_how_long_and_in_which_session(rig):
    tokens = rig.sign_up("alice")

    claims = jwt.decode(tokens["access_token"], public_key(rig.settings), algorithms=["EdDSA"])

    assert claims["iss"] == "stock-exchange"
    assert claims["sub"] == tokens["account_id"]
    assert claims["name"] == "alice"
    assert claims["operator"] is False
    assert claims["exp"] - claims["iat"] == 15 * 60


def test_the_published_key_checks_the_tokens(rig):
    access_token = rig.sign_up("alice")["access_token"]

    [key] = rig.get("jwks.json").json["keys"]

    assert "d" not in key
    assert jwt.decode(access_token, jwt.PyJWK(key), algorithms=["EdDSA"])["name"] == "alice"


def test_a_refresh_gives_new_tokens_for_the_same_session(rig):
    first = rig.sign_up("alice")

    second = rig.post("refresh", {"refresh_token": first["refresh_token"]}).json

    assert second["refresh_token"] != first["refresh_token"]
    assert claims_of(second["access_token"])["sid"] == claims_of(first["access_token"])["sid"]
    assert rig.me(second["access_token"]).status_code == 200


def test_a_log_out_is_felt_at_once(rig):
    tokens = rig.sign_up("alice")
    assert rig.me(tokens["access_token"]).status_code == 200

    answer = rig.post("logout", headers=bearer(tokens["access_token"]))

    assert (answer.status_code, answer.data) == (204, b"")
    assert refusal(rig.me(tokens["access_token"])) == (401, "session_ended")
    assert refusal(rig.post("refresh", {"refresh_token": tokens["refresh_token"]})) == (401, "session_ended")


def test_a_log_out_leaves_the_other_sessions(rig):
    here, there = rig.sign_up("alice"), rig.log_in("alice").json

    rig.post("logout", headers=bearer(here["access_token"]))

    assert rig.me(there["access_token"]).status_code == 200


def test_logging_out_everywhere_ends_all_sessions_of_this_account_only(rig):
    here, there, bob = rig.sign_up("alice"), rig.log_in("alice").json, rig.sign_up("bob")
    for tokens in (here, there, bob):
        assert rig.me(tokens["access_token"]).status_code == 200

    answer = rig.post("logout-all", headers=bearer(here["access_token"]))

    assert answer.status_code == 204
    assert refusal(rig.me(here["access_token"])) == (401, "session_ended")
    assert refusal(rig.me(there["access_token"])) == (401, "session_ended")
    assert rig.me(bob["access_token"]).status_code == 200


def test_whether_a_session_is_live_is_answered_from_the_truth(rig):
    session_id = claims_of(rig.sign_up("alice")["access_token"])["sid"]

    assert rig.questions.ask(QUESTION_SESSION_IS_LIVE, {"session_id": session_id}) == {"live": True}
    rig.clock.advance(30 * 86_400)
    assert rig.questions.ask(QUESTION_SESSION_IS_LIVE, {"session_id": session_id}) == {"live": False}


@pytest.mark.parametrize("session_id", ["00000000-0000-7000-8000-000000000000", "not an id", "\u0000", ""])
def test_an_unknown_session_is_not_live(rig, session_id):
    assert rig.questions.ask(QUESTION_SESSION_IS_LIVE, {"session_id": session_id}) == {"live": False}


@pytest.fixture
def only_one_clock(monkeypatch):
    """The database's would say that it is not yet so late."""
    monkeypatch.setattr(user_accounts.store.pruning, "cautious_now_us", lambda _, now_us: now_us)


def test_expired_sessions_are_forgotten_and_live_ones_kept(rig, only_one_clock):
    rig.sign_up("alice")
    rig.clock.advance(20 * 86_400)
    rig.sign_up("bob")
    rig.clock.advance(12 * 86_400)

    [prune] = [ticker for ticker in rig.service.tickers if ticker.name == "prune_sessions"]
    prune.tick()

    with rig.database.reading() as transaction:
        names = transaction.rows("select name from sessions join accounts using (account_id)")
        assert names == [("bob",)]
        assert transaction.row("select count(*) from refresh_tokens") == (1,)


def test_ended_sessions_are_forgotten_a_day_later(rig, only_one_clock):
    rig.sign_up("alice")
    over = dict(rig.log_in("alice").json)
    assert rig.post("logout", headers=bearer(over["access_token"])).status_code == 204
    [prune] = [ticker for ticker in rig.service.tickers if ticker.name == "prune_sessions"]

    rig.clock.advance(3_600)
    prune.tick()
    with rig.database.reading() as transaction:
        assert transaction.row("select count(*) from sessions") == (2,)

    rig.clock.advance(86_400)
    prune.tick()
    with rig.database.reading() as transaction:
        assert transaction.row("select count(*) from sessions where ended_at_us is null") == (1,)
        assert transaction.row("select count(*) from sessions") == (1,)


def test_used_tokens_are_kept_for_as_long_as_they_would_have_lasted_and_show_a_theft(rig, only_one_clock):
    first = rig.sign_up("alice")
    newest = first
    for _ in range(2):
        rig.clock.advance(29 * 86_400)
        newest = rig.post("refresh", {"refresh_token": newest["refresh_token"]}).json
        [prune] = [ticker for ticker in rig.service.tickers if ticker.name == "prune_sessions"]
        prune.tick()

    with rig.database.reading() as transaction:
        assert transaction.row("select count(*) from refresh_tokens") == (2,), "the first would have expired"
    assert rig.post("refresh", {"refresh_token": first["refresh_token"]}).status_code == 401
    assert rig.post("refresh", {"refresh_token": newest["refresh_token"]}).status_code == 200


def test_a_session_that_is_over_by_one_clock_is_not_yet_forgotten_for_the_others(rig, only_one_clock):
    tokens = rig.sign_up("alice")
    rig.clock.step(30 * 86_400 + 3_600)

    [prune] = [ticker for ticker in rig.service.tickers if ticker.name == "prune_sessions"]
    prune.tick()
    rig.clock.step(-30 * 86_400 - 3_600)

    assert rig.me(tokens["access_token"]).status_code == 200
    assert rig.post("refresh", {"refresh_token": tokens["refresh_token"]}).status_code == 200


@pytest.mark.parametrize("seconds", [-5, 2, 60, 3_600])
def test_a_token_issued_by_a_process_with_another_clock_counts(rig, seconds):
    """The Authenticator of every other process looks at the machine's own clock."""
    rig.clock.step(seconds)

    assert rig.me(rig.sign_up("alice")["access_token"]).status_code == 200


def test_an_expired_access_token_is_refused(rig):
    rig.clock.advance(-16 * 60)
    access_token = rig.sign_up("alice")["access_token"]

    assert refusal(rig.me(access_token)) == (401, "unauthenticated")


def test_a_token_somebody_changed_is_refused(rig):
    header, body, signature = rig.sign_up("alice")["access_token"].split(".")
    promoted = {**claims_of(f"{header}.{body}.{signature}"), "operator": True}

    assert refusal(rig.me(f"{header}.{b64(promoted)}.{signature}")) == (401, "unauthenticated")


def test_a_token_without_a_signature_is_refused(rig):
    claims = claims_of(rig.sign_up("alice")["access_token"])

    for algorithm in ("none", "None", "NONE"):
        unsigned = f"{b64({'alg': algorithm, 'typ': 'JWT'})}.{b64(claims)}."
        assert refusal(rig.me(unsigned)) == (401, "unauthenticated")


def test_a_token_signed_with_the_public_key_as_a_password_is_refused(rig):
    claims = claims_of(rig.sign_up("alice")["access_token"])
    signed = f"{b64({'alg': 'HS256', 'typ': 'JWT'})}.{b64(claims)}"
    digest = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(
        signed.encode(), public_key(rig.settings).encode()
    )

    forged = f"{signed}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"

    assert refusal(rig.me(forged)) == (401, "unauthenticated")


def test_a_token_of_another_key_is_refused(rig):
    claims = claims_of(rig.sign_up("alice")["access_token"])

    forged = jwt.encode(claims, Ed25519PrivateKey.generate(), algorithm="EdDSA")

    assert refusal(rig.me(forged)) == (401, "unauthenticated")


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer x", "Basic YTpi", "Bearer " + "A" * 5000, "bearer a.b.c"]
)
def test_a_header_that_is_no_token_is_refused(rig, header):
    assert refusal(rig.get("me", headers={"Authorization": header})) == (401, "unauthenticated")


def test_a_changed_password_counts_and_ends_the_other_sessions(rig):
    here, there = rig.sign_up("alice"), rig.log_in("alice").json
    assert rig.me(there["access_token"]).status_code == 200

    change = {"old": PASSWORD, "new": "a quite different one"}
    answer = rig.post("password", change, headers=bearer(here["access_token"]))

    assert answer.status_code == 204
    assert rig.me(here["access_token"]).status_code == 200
    assert refusal(rig.me(there["access_token"])) == (401, "session_ended")
    assert refusal(rig.log_in("alice", PASSWORD)) == (401, "wrong_credentials")
    assert rig.log_in("alice", "a quite different one").status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("not the old one", "a quite different one", (401, "wrong_credentials")),
        (PASSWORD, "short", (422, "weak_password")),
        (PASSWORD, "password123", (422, "weak_password")),
    ],
)
def test_a_refused_change_of_password_changes_nothing(rig, old, new, expected):
    here, there = rig.sign_up("alice"), rig.log_in("alice").json

    answer = rig.post("password", {"old": old, "new": new}, headers=bearer(here["access_token"]))

    assert refusal(answer) == expected
    assert rig.log_in("alice", PASSWORD).status_code == 200
    assert rig.me(there["access_token"]).status_code == 200


def test_sessions_survive_a_restart_of_the_service(build):
    access_token = build().sign_up("alice")["access_token"]

    restarted = build()

    assert restarted.me(access_token).status_code == 200


def test_the_moment_of_opening_is_told_in_utc(rig):
    tokens = rig.sign_up("alice")

    created_at = rig.me(tokens["access_token"]).json["created_at"]

    seconds, micros = divmod(rig.clock.now_us(), 1_000_000)
    assert created_at == time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{micros:06d}Z"
