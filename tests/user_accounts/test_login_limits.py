"""Guessing passwords is slow, and hopeless to do in bulk."""

from __future__ import annotations

import pytest

from tests.user_accounts.rig import PASSWORD, all_at_once, bearer, refusal
from user_accounts.domain.attempts import Attempts
from user_accounts.domain.passwords import hash_password, password_fits
from user_accounts.handlers import passwords


@pytest.fixture
def checks(monkeypatch):
    """The hash of every check of a password, and "hashed" for every hash made, as it happens."""
    made = []

    def check(password_hash, password):
        made.append(password_hash)
        return password_fits(password_hash, password)

    def make(*args):
        made.append("hashed")
        return hash_password(*args)

    monkeypatch.setattr(passwords, "password_fits", check)
    monkeypatch.setattr(passwords, "hash_password", make)
    return made


def test_the_right_password_within_the_limit_works(build):
    rig = build(login_attempts_per_minute=3)
    rig.sign_up("alice")

    rig.log_in("alice", "guess one")
    rig.log_in("alice", "guess two")

    assert rig.log_in("alice").status_code == 200


def test_after_the_limit_even_the_right_password_has_to_wait(build):
    rig = build(login_attempts_per_minute=2)
    rig.sign_up("alice")
    rig.log_in("alice", "guess one")
    rig.clock.advance(20)
    rig.log_in("alice", "guess two")

    answer = rig.log_in("alice")

    assert refusal(answer) == (429, "too_many_attempts")
    assert answer.headers["Retry-After"] == "40"
    rig.clock.advance(39)
    assert rig.log_in("alice").status_code == 429
    rig.clock.advance(1)
    assert rig.log_in("alice").status_code == 200


@pytest.mark.parametrize("hour_s", [-3_600, 3_600])
def test_a_clock_that_is_set_neither_locks_anybody_out_nor_opens_the_gate(build, hour_s):
    rig = build(login_attempts_per_minute=2)
    rig.sign_up("alice")
    for _ in range(2):
        rig.log_in("alice", "a guess")

    rig.clock.step(hour_s)

    answer = rig.log_in("alice")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    rig.clock.advance(60)
    assert rig.log_in("alice").status_code == 200


def test_a_name_that_nobody_has_is_limited_alike(build):
    rig = build(login_attempts_per_minute=2)

    answers = [refusal(rig.log_in("nobody", "a guess")) for _ in range(3)]

    assert answers == [(401, "wrong_credentials")] * 2 + [(429, "too_many_attempts")]


def test_the_spelling_of_a_name_buys_no_attempts(build):
    rig = build(login_attempts_per_minute=2)
    rig.sign_up("alice")

    answers = [rig.log_in(name, "a guess").status_code for name in ("alice", "Alice", "ALICE")]

    assert answers == [401, 401, 429]


def test_one_name_does_not_use_up_the_attempts_of_another(build):
    rig = build(login_attempts_per_minute=1)
    rig.sign_up("alice")
    rig.log_in("bob", "a guess")

    assert rig.log_in("alice").status_code == 200


def test_one_address_cannot_try_all_names(build):
    rig = build(login_attempts_per_minute_per_address=3)

    answers = [rig.log_in(f"user{number}", "a guess").status_code for number in range(4)]

    assert answers == [401, 401, 401, 429]


def test_another_address_is_not_affected(build):
    rig = build(login_attempts_per_minute_per_address=1)
    rig.sign_up("alice")
    rig.log_in("alice", "a guess")

    body = {"name": "alice", "password": PASSWORD}
    answer = rig.post("login", body, environ_base={"REMOTE_ADDR": "192.0.2.7"})

    assert answer.status_code == 200


def test_a_limited_attempt_costs_no_hash(build, checks):
    rig = build(login_attempts_per_minute=1)
    rig.log_in("alice", "a guess")
    checks.clear()

    rig.log_in("alice", "another")

    assert checks == []


def test_an_unknown_name_costs_the_same_work_as_a_wrong_password(rig, checks):
    rig.sign_up("alice")
    checks.clear()
    rig.log_in("alice", "a guess")
    wrong = list(checks)
    checks.clear()

    rig.log_in("nobody", "a guess")

    assert len(wrong) == len(checks) == 1
    assert checks[0].rsplit("$", 2)[0] == wrong[0].rsplit("$", 2)[0]  # the same parameters


def test_many_guesses_at_once_do_not_slip_through(build):
    rig = build(login_attempts_per_minute=5)
    rig.sign_up("alice")

    answers = all_at_once(20, lambda number: rig.log_in("alice", f"guess {number}"))

    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 15


def test_the_old_password_cannot_be_guessed_from_a_stolen_session(build):
    rig = build(login_attempts_per_minute=2)
    headers = bearer(rig.sign_up("alice")["access_token"])
    change = {"old": "a guess", "new": "a quite different one"}

    answers = [rig.post("password", change, headers=headers).status_code for _ in range(3)]

    assert answers == [401, 401, 429]


def test_sign_ups_of_one_address_can_be_limited(build):
    rig = build(sign_ups_per_minute_per_address=1)
    rig.sign_up("alice")

    answer = rig.post("signup", {"name": "bob", "password": PASSWORD})

    assert refusal(answer) == (429, "too_many_requests")
    assert answer.headers["Retry-After"] == "60"


def test_a_window_moves_with_the_time():
    attempts = Attempts(2)

    waits = [attempts.take("alice", second * 1_000_000) for second in (0, 50, 59, 60, 61, 110)]

    assert waits == [0, 0, 1_000_000, 0, 49_000_000, 0]


def test_a_limit_of_nothing_is_no_limit():
    attempts = Attempts(0)

    assert {attempts.take("alice", 0) for _ in range(1_000)} == {0}


def test_names_without_end_do_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr("user_accounts.domain.attempts._MOST_KEYS", 2)
    attempts = Attempts(1)

    for name in ("alice", "bob", "alice", "carol"):
        attempts.take(name, 0)

    assert attempts.take("alice", 0) > 0  # heard of lately, remembered
    assert attempts.take("bob", 0) == 0  # the longest ago, forgotten
