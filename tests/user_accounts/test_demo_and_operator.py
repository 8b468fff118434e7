"""Accounts that an operator sets up: demo users for a page, and the operator's own."""

from __future__ import annotations

import pytest

from chassis.settings import SettingsError
from tests.user_accounts.rig import refusal

DEMO = {"demo_users": "alice, Bob"}


def prepared(rig):
    rig.service.prepare()
    return rig


def account_names(rig):
    with rig.database.reading() as transaction:
        return [name for (name,) in transaction.rows("select name from accounts order by name")]


def test_demo_mode_is_off_by_default(rig):
    prepared(rig)
    rig.sign_up("alice")

    assert refusal(rig.get("demo-users")) == (404, "not_found")
    assert refusal(rig.post("demo-login", {"name": "alice"})) == (404, "not_found")


def test_a_page_can_list_demo_users_and_switch_to_one(build):
    rig = prepared(build(**DEMO))

    tokens = rig.post("demo-login", {"name": "Bob"})

    assert rig.get("demo-users").json == {"names": ["alice", "bob"]}
    assert tokens.status_code == 200
    assert rig.me(tokens.json["access_token"]).json["name"] == "bob"


def test_a_second_start_opens_no_second_demo_account(build):
    first = prepared(build(**DEMO))
    account_id = first.post("demo-login", {"name": "alice"}).json["account_id"]

    again = prepared(build(**DEMO))

    assert account_names(again) == ["alice", "bob"]
    assert again.post("demo-login", {"name": "alice"}).json["account_id"] == account_id


def test_a_demo_account_is_announced_like_any_other(build):
    rig = prepared(build(**DEMO))

    with rig.database.reading() as transaction:
        assert transaction.row("select count(*) from outbox") == (2,)


@pytest.mark.parametrize("name", ["carol", "nobody", "", "x" * 64])
def test_nobody_else_can_be_used_without_a_password(build, name):
    rig = prepared(build(**DEMO))
    rig.sign_up("carol")

    assert refusal(rig.post("demo-login", {"name": name})) == (404, "not_found")


def test_an_account_somebody_signed_up_for_never_becomes_a_demo_account(build):
    build().sign_up("alice")

    rig = prepared(build(**DEMO))

    assert refusal(rig.post("demo-login", {"name": "alice"})) == (404, "not_found")
    assert rig.log_in("alice").status_code == 200


def test_the_known_password_of_a_demo_user_opens_nothing_once_demo_mode_is_off(build):
    demo = prepared(build(**DEMO))
    assert demo.log_in("alice", "demo-password").status_code == 200

    serious = prepared(build())

    assert refusal(serious.log_in("alice", "demo-password")) == (401, "wrong_credentials")


def test_a_demo_user_by_an_impossible_name_stops_the_start(build):
    with pytest.raises(SettingsError, match="DEMO_USERS"):
        prepared(build(demo_users="a b"))


def test_the_operators_tokens_say_so(build):
    rig = prepared(build(operator_name="root", operator_password="a long operator password"))

    tokens = rig.log_in("root", "a long operator password").json

    assert rig.me(tokens["access_token"]).json["is_operator"] is True


def test_a_restart_leaves_the_operators_password_as_it_is(build):
    prepared(build(operator_name="root", operator_password="a long operator password"))

    again = prepared(build(operator_name="root", operator_password="another password now"))

    assert again.log_in("root", "a long operator password").status_code == 200


def test_whoever_took_the_operators_name_does_not_become_the_operator(build):
    build().sign_up("root")

    with pytest.raises(SettingsError, match="OPERATOR_NAME=root"):
        prepared(build(operator_name="root", operator_password="a long operator password"))


@pytest.mark.parametrize("password", ["", "short", "password123"])
def test_an_operator_with_a_weak_password_stops_the_start(build, password):
    with pytest.raises(SettingsError, match="OPERATOR_NAME"):
        prepared(build(operator_name="root", operator_password=password))
