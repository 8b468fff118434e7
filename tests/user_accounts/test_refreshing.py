"""Refresh tokens: each works once, a lost answer is given again, and theft is noticed."""

from __future__ import annotations

import pytest

from tests.user_accounts.rig import bearer, refusal


def let_pass(rig, seconds):
    """As if all that was used had been used so much earlier, by the database's clock."""
    rig.clock.advance(seconds)
    with rig.database.transaction() as transaction:
        transaction.execute("update refresh_tokens set used_at_us = used_at_us - %s", (seconds * 1_000_000,))


@pytest.mark.parametrize("seconds", [11, 3_600, 5 * 86_400])
def test_a_refresh_token_used_twice_ends_the_session_for_thief_and_owner(rig, seconds):
    stolen = rig.sign_up("alice")
    renewed = rig.post("refresh", {"refresh_token": stolen["refresh_token"]}).json
    assert rig.me(renewed["access_token"]).status_code == 200
    let_pass(rig, seconds)

    again = rig.post("refresh", {"refresh_token": stolen["refresh_token"]})

    assert refusal(again) == (401, "session_ended")
    assert refusal(rig.me(renewed["access_token"])) == (401, "session_ended")
    assert refusal(rig.post("refresh", {"refresh_token": renewed["refresh_token"]})) == (401, "session_ended")


def test_theft_in_one_session_leaves_the_others_alone(rig):
    stolen = rig.sign_up("alice")
    other = rig.log_in("alice").json
    rig.post("refresh", {"refresh_token": stolen["refresh_token"]})
    let_pass(rig, 11)

    again = rig.post("refresh", {"refresh_token": stolen["refresh_token"]})

    assert again.status_code == 401
    assert rig.me(other["access_token"]).status_code == 200


@pytest.mark.parametrize("seconds", [0, 1, 9])
def test_who_asks_again_within_seconds_gets_the_same_successor_again(rig, seconds):
    first = rig.sign_up("alice")
    lost = rig.post("refresh", {"refresh_token": first["refresh_token"]}).json
    let_pass(rig, seconds)

    again = rig.post("refresh", {"refresh_token": first["refresh_token"]})

    assert again.status_code == 200
    assert again.json["refresh_token"] == lost["refresh_token"]
    assert rig.me(again.json["access_token"]).status_code == 200
    assert rig.post("refresh", {"refresh_token": lost["refresh_token"]}).status_code == 200


def test_once_somebody_has_gone_on_the_old_token_is_stolen_even_within_seconds(rig):
    first = rig.sign_up("alice")
    second = rig.post("refresh", {"refresh_token": first["refresh_token"]}).json
    third = rig.post("refresh", {"refresh_token": second["refresh_token"]}).json

    again = rig.post("refresh", {"refresh_token": first["refresh_token"]})

    assert refusal(again) == (401, "session_ended")
    assert refusal(rig.me(third["access_token"])) == (401, "session_ended")


def test_a_process_whose_clock_is_an_hour_off_judges_the_grace_alike(rig):
    for seconds in (-3_600, 3_600):
        tokens = rig.log_in("alice").json if seconds > 0 else rig.sign_up("alice")
        successor = rig.post("refresh", {"refresh_token": tokens["refresh_token"]}).json["refresh_token"]
        rig.clock.step(seconds)

        again = rig.post("refresh", {"refresh_token": tokens["refresh_token"]})

        assert again.json["refresh_token"] == successor


def test_a_log_out_ends_the_grace(rig):
    first = rig.sign_up("alice")
    second = rig.post("refresh", {"refresh_token": first["refresh_token"]}).json
    rig.post("logout", headers=bearer(second["access_token"]))

    assert refusal(rig.post("refresh", {"refresh_token": first["refresh_token"]})) == (401, "session_ended")


def test_no_token_that_works_is_kept_in_clear(rig):
    first = rig.sign_up("alice")
    second = rig.post("refresh", {"refresh_token": first["refresh_token"]}).json

    with rig.database.reading() as transaction:
        kept = str(transaction.rows("select refresh_tokens::text from refresh_tokens"))
    assert not any(tokens["refresh_token"] in kept for tokens in (first, second))


@pytest.mark.parametrize("token", ["", "x", "\u0000", "A" * 43, "ü" * 100])
def test_a_made_up_refresh_token_is_refused(rig, token):
    assert refusal(rig.post("refresh", {"refresh_token": token})) == (401, "session_ended")


def test_a_session_can_be_renewed_until_thirty_days_after_its_last_refresh(rig):
    first = rig.sign_up("alice")
    rig.clock.advance(29 * 86_400)
    second = rig.post("refresh", {"refresh_token": first["refresh_token"]})
    rig.clock.advance(29 * 86_400)
    third = rig.post("refresh", {"refresh_token": second.json["refresh_token"]})
    rig.clock.advance(30 * 86_400)

    too_late = rig.post("refresh", {"refresh_token": third.json["refresh_token"]})

    assert (second.status_code, third.status_code) == (200, 200)
    assert refusal(too_late) == (401, "session_ended")
