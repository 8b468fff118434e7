"""People who do the same thing at the same moment."""

from __future__ import annotations

from tests.user_accounts.rig import PASSWORD, all_at_once, bearer


def count(rig, query):
    with rig.database.reading() as transaction:
        return transaction.row(query)[0]


def test_of_twenty_who_want_one_name_one_gets_it(rig):
    answers = all_at_once(20, lambda _: rig.post("signup", {"name": "alice", "password": PASSWORD}))

    statuses = [answer.status_code for answer in answers]
    assert statuses.count(201) == 1
    assert statuses.count(409) > 0
    assert set(statuses) <= {201, 409, 503}  # 503: beyond the share of one address in the queue for hashing
    assert count(rig, "select count(*) from accounts") == 1
    assert count(rig, "select count(*) from outbox") == 1


def test_a_refresh_token_presented_by_many_at_once_gives_all_of_them_the_same_successor(rig, build):
    """Two tabs, an answer that was lost and asked for again: at one web process or at two."""
    replica = build()
    tokens = rig.sign_up("alice")

    answers = all_at_once(
        8, lambda number: (rig, replica)[number % 2].post("refresh", {"refresh_token": tokens["refresh_token"]})
    )

    assert [answer.status_code for answer in answers] == [200] * 8
    tokens_given = [answer.json or {} for answer in answers]
    [successor] = {tokens["refresh_token"] for tokens in tokens_given}
    assert {rig.me(tokens["access_token"]).status_code for tokens in tokens_given} == {200}
    assert count(rig, "select count(*) from refresh_tokens where used_at_us is null") == 1
    assert replica.post("refresh", {"refresh_token": successor}).status_code == 200


def test_the_number_of_keys_holds_for_keys_made_at_once(build):
    rig = build(api_keys_per_account=3)
    headers = bearer(rig.sign_up("alice")["access_token"])

    answers = all_at_once(8, lambda _: rig.post("keys", {}, headers=headers))

    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [403] * 5


def test_of_two_changes_of_the_password_at_once_one_counts(rig):
    headers = bearer(rig.sign_up("alice")["access_token"])
    choices = ["the first new password", "the other new password"]

    def change(number):
        return rig.post("password", {"old": PASSWORD, "new": choices[number]}, headers=headers)

    answers = all_at_once(2, change)

    logins = [rig.log_in("alice", choice).status_code for choice in choices]
    assert sorted(answer.status_code for answer in answers) == [204, 401]
    assert [status == 200 for status in logins] == [answer.status_code == 204 for answer in answers]


def test_many_log_in_at_once_with_few_places_for_hashing(build):
    rig = build(argon2_at_once=1, login_attempts_per_minute=0)
    rig.sign_up("alice")

    answers = all_at_once(16, lambda _: rig.log_in("alice"))

    assert {answer.status_code for answer in answers} == {200}
    assert count(rig, "select count(*) from sessions") == 17
