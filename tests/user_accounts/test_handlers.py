"""The use cases without HTTP, told the same on dictionaries and on PostgreSQL."""

from __future__ import annotations

from ast import literal_eval
from contextlib import contextmanager

import pytest

from contracts.refusals import Refusal, Refused
from tests.user_accounts.fakes import Memory, build_deps, units_of
from user_accounts.handlers import accounts, api_keys, sessions
from user_accounts.store.tables import Store

HOME = "192.0.2.1"


def units_on(database):
    @contextmanager
    def unit():
        with database.transaction() as transaction:
            yield Store(transaction)

    return unit


@pytest.fixture(params=["in memory", "on postgresql"])
def unit(request):
    if request.param == "in memory":
        return units_of(Memory())
    return units_on(request.getfixturevalue("rig").database)


@pytest.fixture
def deps(unit):
    return build_deps(unit, demo_names=("dora",), logins=5)


def sign_up(deps, name="alice"):
    return accounts.sign_up(deps, name, f"password of {name}", HOME)


def session_of(logged_in):
    return literal_eval(logged_in.access_token)["sid"]


def refusal(act, *args):
    with pytest.raises(Refused) as refused:
        act(*args)
    return refused.value.refusal


def test_who_signs_up_can_log_in_again(deps):
    first = sign_up(deps)

    again = sessions.log_in(deps, "ALICE", "password of alice", HOME)

    assert again.account == first.account
    assert session_of(again) != session_of(first)
    assert again.refresh_token != first.refresh_token


def test_a_taken_name_opens_no_session(deps, unit):
    sign_up(deps)

    assert refusal(accounts.sign_up, deps, "Alice", "password of another", HOME) is Refusal.NAME_TAKEN


def test_a_name_taken_between_look_and_leap_is_refused_all_the_same(deps, monkeypatch):
    sign_up(deps)
    monkeypatch.setattr(accounts, "_require_free", lambda deps, name: None)

    assert refusal(sign_up, deps) is Refusal.NAME_TAKEN


def test_an_old_hash_is_replaced_by_the_login_that_proves_the_password(deps, unit):
    account_id = sign_up(deps).account.account_id
    with unit() as tables:
        tables.set_password_hash(account_id, "$argon2id$old$password of alice")

    sessions.log_in(deps, "alice", "password of alice", HOME)

    with unit() as tables:
        assert tables.account(account_id).password_hash == "$argon2id$new$password of alice"


def test_a_password_changed_while_it_is_checked_opens_no_session(deps, unit, monkeypatch):
    account_id = sign_up(deps).account.account_id

    def fits_but_too_late(password_hash, password, asker):
        with unit() as tables:
            tables.set_password_hash(account_id, "$argon2id$new$another")
        return True

    monkeypatch.setattr(deps.passwords, "fits", fits_but_too_late)

    assert refusal(sessions.log_in, deps, "alice", "password of alice", HOME) is Refusal.WRONG_CREDENTIALS


def test_a_refresh_moves_the_end_of_the_session(deps, unit):
    first = sign_up(deps)
    deps.clock.advance(3_000)

    second = sessions.refresh(deps, first.refresh_token)
    deps.clock.advance(3_000)

    assert session_of(second) == session_of(first)
    assert sessions.session_is_live(deps, session_of(first))
    deps.clock.advance(600)
    assert not sessions.session_is_live(deps, session_of(first))


def test_a_refresh_token_that_comes_back_ends_the_session_and_tells_the_cache(deps):
    first = sign_up(deps)
    second = sessions.refresh(deps, first.refresh_token)
    third = sessions.refresh(deps, second.refresh_token)

    assert refusal(sessions.refresh, deps, first.refresh_token) is Refusal.SESSION_ENDED

    assert deps.entries.sessions == [session_of(first)]
    assert not sessions.session_is_live(deps, session_of(first))
    assert refusal(sessions.refresh, deps, third.refresh_token) is Refusal.SESSION_ENDED


def test_a_refresh_token_that_comes_back_at_once_gets_the_same_successor(deps):
    first = sign_up(deps)

    answers = [sessions.refresh(deps, first.refresh_token) for _ in range(3)]

    assert {answer.refresh_token for answer in answers} == {answers[0].refresh_token} != {first.refresh_token}
    assert deps.entries.sessions == []
    assert session_of(sessions.refresh(deps, answers[0].refresh_token)) == session_of(first)


def test_a_log_out_ends_one_session_and_tells_the_cache(deps):
    here = sign_up(deps)
    there = sessions.log_in(deps, "alice", "password of alice", HOME)

    sessions.log_out(deps, session_of(here))

    assert deps.entries.sessions == [session_of(here)]
    assert not sessions.session_is_live(deps, session_of(here))
    assert sessions.session_is_live(deps, session_of(there))


def test_a_new_password_ends_all_sessions_but_its_own(deps):
    here = sign_up(deps)
    there = sessions.log_in(deps, "alice", "password of alice", HOME)
    bob = sign_up(deps, "bob")

    account_id = here.account.account_id
    accounts.change_password(deps, account_id, session_of(here), "password of alice", "a new password")

    assert deps.entries.sessions == [session_of(there)]
    assert [sessions.session_is_live(deps, session_of(each)) for each in (here, there, bob)] == [True, False, True]


def test_a_key_is_its_accounts_until_it_is_revoked(deps):
    account = sign_up(deps).account
    key, secret = api_keys.create_key(deps, account.account_id, "bot")

    assert api_keys.resolve_key(deps, key.key_id, secret) == account
    api_keys.revoke_key(deps, account.account_id, key.key_id)

    assert api_keys.resolve_key(deps, key.key_id, secret) is None
    assert deps.entries.keys == [key.key_id]
    assert api_keys.list_keys(deps, account.account_id) == []


def test_keys_are_listed_oldest_first_and_only_so_many_are_made(deps):
    account_id = sign_up(deps).account.account_id
    made = []
    for label in ("first", "second", "third"):
        deps.clock.advance(1)
        made.append(api_keys.create_key(deps, account_id, label)[0])

    assert api_keys.list_keys(deps, account_id) == made
    assert refusal(api_keys.create_key, deps, account_id, "fourth") is Refusal.NOT_PERMITTED


def test_demo_users_are_opened_once_and_need_no_password(deps):
    accounts.open_demo_accounts(deps, ["dora"], "known to all")
    first = sessions.demo_log_in(deps, "Dora")
    accounts.open_demo_accounts(deps, ["dora"], "known to all")

    assert sessions.demo_log_in(deps, "dora").account == first.account
    assert first.account.is_demo
    assert refusal(sessions.demo_log_in, deps, "alice") is Refusal.NOT_FOUND


def test_an_operator_is_opened_once_and_nobody_is_made_one_later(deps):
    sign_up(deps)

    assert accounts.open_operator_account(deps, "root", "a long password") is True
    assert accounts.open_operator_account(deps, "root", "a long password") is True
    assert accounts.open_operator_account(deps, "alice", "a long password") is False


def test_an_account_that_is_gone_is_nobody(deps):
    nobody = "00000000-0000-7000-8000-000000000000"

    assert refusal(accounts.account_of, deps, nobody) is Refusal.UNAUTHENTICATED
