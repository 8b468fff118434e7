"""Who is calling: what is remembered is dropped in time, and nobody who cannot be made out gets in."""

from __future__ import annotations

import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from werkzeug.datastructures import Headers

from chassis.cache import LocalCache
from chassis.identity import LEEWAY_S, Authenticator, Caller, lasts_s
from chassis.metrics import Metrics
from chassis.questions import LocalQuestions, Unanswered
from contracts.names import QUESTION_RESOLVE_KEY, QUESTION_SESSION_IS_LIVE, api_key_entry, session_entry
from contracts.refusals import Refusal, Refused
from tests.chassis.builders import eventually

KEY = Ed25519PrivateKey.generate()
PUBLIC = KEY.public_key()
ALICE = {"account_id": "a1", "name": "alice", "is_operator": False}


def token(**changes):
    now_s = int(time.time())
    claims = {"iss": "stock-exchange", "sub": "a1", "name": "alice", "operator": False, "sid": "s1", "iat": now_s}
    claims |= {"exp": now_s + 60} | changes
    return jwt.encode({name: value for name, value in claims.items() if value is not None}, KEY, algorithm="EdDSA")


def with_token(**changes):
    return Headers({"Authorization": f"Bearer {token(**changes)}"})


WITH_KEY = Headers({"APCA-API-KEY-ID": "PK1", "APCA-API-SECRET-KEY": "secret"})


class Desk:
    """An authenticator whose questions are answered by the test."""

    def __init__(self, sure_s=0.0, keys=(PUBLIC,)):
        self.cache = LocalCache()
        self.asked = []
        self.live = lambda: True
        self.whose_key = lambda: ALICE
        questions = LocalQuestions()
        questions.register({QUESTION_SESSION_IS_LIVE: self._session, QUESTION_RESOLVE_KEY: self._key})
        self.metrics = Metrics()
        self.authenticator = Authenticator(keys, self.cache, questions, self.metrics, sure_s)

    def unchecked(self):
        return self.metrics.registry.get_sample_value("sessions_unchecked_total")

    def _session(self, asked):
        self.asked.append(asked)
        return {"live": self.live()}

    def _key(self, asked):
        self.asked.append(asked)
        return self.whose_key()


@pytest.fixture
def desk():
    return Desk()


def refusal_of(desk, headers):
    with pytest.raises(Refused) as refused:
        desk.authenticator.caller(headers)
    return refused.value.refusal


def test_a_good_token_says_who_calls(desk):
    assert desk.authenticator.caller(with_token()) == Caller("a1", "alice", False, "s1")


def test_a_live_session_is_asked_about_once_in_a_while_only(desk):
    desk.authenticator.caller(with_token())
    desk.asked.clear()

    desk.authenticator.caller(with_token())

    assert desk.asked == []


def test_a_forgotten_session_is_asked_about_again(desk):
    desk.authenticator.caller(with_token())
    desk.live = lambda: False

    desk.cache.delete_many([session_entry("s1")])

    assert refusal_of(desk, with_token()) is Refusal.SESSION_ENDED


def test_a_session_that_ends_while_it_is_asked_about_is_not_remembered_as_live(desk):
    answers = iter([True, False, False])
    desk.live = lambda: next(answers)

    assert refusal_of(desk, with_token()) is Refusal.SESSION_ENDED
    assert refusal_of(desk, with_token()) is Refusal.SESSION_ENDED


def test_a_key_that_is_revoked_while_it_is_looked_up_is_not_remembered(desk):
    answers = iter([ALICE, {}, {}])
    desk.whose_key = lambda: next(answers)

    assert refusal_of(desk, WITH_KEY) is Refusal.UNAUTHENTICATED
    assert refusal_of(desk, WITH_KEY) is Refusal.UNAUTHENTICATED


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": int(time.time()) - 3_600},
        {"nbf": int(time.time()) + 3_600},  # of when it was collected, which may be minutes ago
        {"iss": "another"},
        {"iss": None},
        {"sid": None},
        {"name": None},
        {"operator": None},
    ],
)
def test_a_token_that_lacks_something_is_refused(desk, changes):
    assert refusal_of(desk, with_token(**changes)) is Refusal.UNAUTHENTICATED


@pytest.mark.parametrize("ahead_s", [1, 2, 60, 3_600])
def test_a_token_issued_by_a_process_whose_clock_is_ahead_is_good(desk, ahead_s):
    now_s = int(time.time())

    caller = desk.authenticator.caller(with_token(iat=now_s + ahead_s, exp=now_s + ahead_s + 60))

    assert caller.account_id == "a1"


@pytest.mark.parametrize("changes", [{"nbf": 3}, {"exp": -3}])
def test_seconds_between_two_clocks_neither_delay_a_token_nor_end_it(desk, changes):
    moments = {name: int(time.time()) + seconds for name, seconds in changes.items()}

    assert desk.authenticator.caller(with_token(**moments)).account_id == "a1"


def test_a_token_lasts_as_long_as_it_is_taken():
    assert 59.0 < lasts_s(token(exp=time.time() + 60)) - LEEWAY_S <= 60.0


def test_a_token_without_an_end_is_refused(desk):
    assert refusal_of(desk, with_token(exp=None)) is Refusal.UNAUTHENTICATED


def test_a_key_is_looked_up_once_in_a_while_only(desk):
    assert desk.authenticator.caller(WITH_KEY) == Caller("a1", "alice", False, None)
    desk.asked.clear()

    desk.authenticator.caller(WITH_KEY)

    assert desk.asked == []


def test_the_secret_itself_is_not_remembered(desk):
    desk.authenticator.caller(WITH_KEY)

    [remembered] = desk.cache.get_many([api_key_entry("PK1")]).values()

    assert '"secret"' not in remembered


def test_another_secret_is_not_let_in_by_what_is_remembered(desk):
    desk.authenticator.caller(WITH_KEY)
    desk.whose_key = dict

    wrong = Headers({"APCA-API-KEY-ID": "PK1", "APCA-API-SECRET-KEY": "wrong"})

    assert refusal_of(desk, wrong) is Refusal.UNAUTHENTICATED


@pytest.mark.parametrize("headers", [{}, {"APCA-API-KEY-ID": "PK1"}, {"Authorization": "Bearer"}])
def test_nobody_in_particular_is_refused(desk, headers):
    assert refusal_of(desk, Headers(headers)) is Refusal.UNAUTHENTICATED


def test_endless_credentials_are_refused_without_asking(desk):
    endless = Headers({"APCA-API-KEY-ID": "K" * 5_000, "APCA-API-SECRET-KEY": "s"})

    assert refusal_of(desk, endless) is Refusal.UNAUTHENTICATED
    assert desk.asked == []


def silence():
    raise Unanswered("user_accounts is away")


def test_a_good_token_lets_in_when_nobody_can_say_whether_its_session_has_ended(desk):
    desk.live = silence

    assert desk.authenticator.caller(with_token()) == Caller("a1", "alice", False, "s1")
    assert desk.unchecked() == 1


def test_an_expired_token_does_not_let_in_when_nobody_can_be_asked(desk):
    desk.live = silence

    assert refusal_of(desk, with_token(exp=int(time.time()) - 60)) is Refusal.UNAUTHENTICATED
    assert desk.unchecked() == 0


def test_an_operator_is_not_let_in_unchecked(desk):
    desk.live = silence

    with pytest.raises(Unanswered):
        desk.authenticator.caller(with_token(operator=True))


def test_an_unchecked_session_is_asked_about_again_at_once(desk):
    desk.live = silence
    desk.authenticator.caller(with_token())

    desk.live = lambda: False

    assert refusal_of(desk, with_token()) is Refusal.SESSION_ENDED


def test_a_session_whose_second_check_is_not_answered_lets_in_but_is_not_remembered(desk):
    answers = iter([lambda: True, silence])
    desk.live = lambda: next(answers)()

    assert desk.authenticator.caller(with_token()).account_id == "a1"
    assert desk.cache.get_many([session_entry("s1")]) == {}


def test_a_checked_session_is_not_counted_as_unchecked(desk):
    desk.authenticator.caller(with_token())

    assert desk.unchecked() == 0


def test_a_key_that_nobody_can_look_up_lets_nobody_in(desk):
    desk.whose_key = silence

    with pytest.raises(Unanswered):
        desk.authenticator.caller(WITH_KEY)


def test_a_remembered_key_lets_in_when_nobody_can_look_it_up(desk):
    desk.authenticator.caller(WITH_KEY)
    desk.whose_key = silence

    assert desk.authenticator.caller(WITH_KEY) == Caller("a1", "alice", False, None)


def test_a_token_that_was_good_just_now_is_not_looked_into_again():
    desk, headers = Desk(sure_s=60.0), with_token()
    caller = desk.authenticator.caller(headers)
    desk.cache.delete_many([session_entry("s1")])
    desk.asked.clear()

    assert desk.authenticator.caller(headers) == caller
    assert desk.asked == []


def test_a_session_that_ended_is_noticed_when_that_time_is_over():
    desk, headers = Desk(sure_s=0.2), with_token()
    desk.authenticator.caller(headers)
    desk.cache.delete_many([session_entry("s1")])
    desk.live = lambda: False

    def is_refused():
        try:
            desk.authenticator.caller(headers)
        except Refused:
            return True
        return False

    eventually(is_refused)


def test_a_token_is_never_good_beyond_its_end():
    desk, headers = Desk(sure_s=60.0), with_token(exp=int(time.time() - LEEWAY_S) + 2)
    desk.authenticator.caller(headers)

    eventually(lambda: desk.authenticator._known(headers["Authorization"].split()[1]) is None)
    assert refusal_of(desk, headers) is Refusal.UNAUTHENTICATED


def test_a_bad_token_is_not_remembered_as_good():
    desk = Desk(sure_s=60.0)
    headers = with_token(iss="somebody else")

    assert refusal_of(desk, headers) is Refusal.UNAUTHENTICATED
    assert refusal_of(desk, headers) is Refusal.UNAUTHENTICATED


def test_while_keys_are_exchanged_a_token_of_either_is_good_and_of_a_third_is_not():
    other = Ed25519PrivateKey.generate().public_key()

    assert Desk(keys=(other, PUBLIC)).authenticator.caller(with_token()) == Caller("a1", "alice", False, "s1")
    assert Desk(keys=(PUBLIC, other)).authenticator.caller(with_token()) == Caller("a1", "alice", False, "s1")
    assert refusal_of(Desk(keys=(other,)), with_token()) is Refusal.UNAUTHENTICATED
