"""Sign-ups without end keep nobody out who has an account, and never hash more at once than there is memory for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from contracts.refusals import Refusal, Refused
from tests.chassis.builders import eventually
from user_accounts.domain.passwords import Cost
from user_accounts.handlers import passwords
from user_accounts.handlers.passwords import Argon2Passwords

WAITING = 6
PATIENCE_S = 20.0


class Hashing:
    """Hashes that take until they are let go; `most` is how many there were at the same time."""

    def __init__(self) -> None:
        self.at_work = self.most = 0
        self.go = threading.Semaphore(0)
        self._lock = threading.Lock()

    def __call__(self, *_: object) -> str:
        with self._lock:
            self.at_work += 1
            self.most = max(self.most, self.at_work)
        assert self.go.acquire(timeout=PATIENCE_S)
        with self._lock:
            self.at_work -= 1
        return "$argon2id$hash"


@pytest.fixture
def hashing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hashing]:
    slowly = Hashing()
    slowly.go.release()  # the hash of nobody's password
    monkeypatch.setattr(passwords, "hash_password", slowly)
    yield slowly
    slowly.go.release(1_000)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(100) as executor:
        yield executor


def desk(at_once: int) -> Argon2Passwords:
    return Argon2Passwords(Cost(1, 8, 1), at_once, WAITING, lambda count: b"s" * count)


def refusals(asked: list[Future[str]]) -> list[Refused]:
    refused = [each.exception() for each in asked if each.done()]
    return [each for each in refused if isinstance(each, Refused)]


@pytest.mark.parametrize("at_once", [1, 2, 4])
def test_beyond_a_short_queue_sign_ups_are_refused_at_once_while_a_login_is_served(threads, hashing, at_once):
    hashes = desk(at_once)
    signing_up = [threads.submit(hashes.first_hashed, "a password", f"address {number}") for number in range(40)]
    room = max(at_once // 2, 1) + WAITING
    eventually(lambda: len(refusals(signing_up)) == 40 - room)

    logging_in = threads.submit(hashes.hashed, "a password", "another address")
    for _ in range(40):
        hashing.go.release()

    assert logging_in.result(PATIENCE_S) == "$argon2id$hash"
    assert sum(each.exception(PATIENCE_S) is None for each in signing_up) == room
    assert hashing.most <= at_once
    told = refusals(signing_up)[0]
    assert (told.refusal, told.details) == (Refusal.UNAVAILABLE, {"retry_after_s": 2})


def test_sign_ups_leave_half_of_the_places_to_logins(threads, hashing):
    hashes = desk(2)
    signing_up = [threads.submit(hashes.first_hashed, "a password", f"address {number}") for number in range(5)]
    eventually(lambda: hashing.at_work == 1)

    logging_in = threads.submit(hashes.hashed, "a password", "another address")

    eventually(lambda: hashing.at_work == 2)
    assert not any(each.done() for each in [*signing_up, logging_in])


def test_of_one_address_one_is_hashed_at_a_time_so_that_another_waits_behind_one_only(threads, hashing):
    hashes = desk(2)
    flood = [threads.submit(hashes.hashed, "a guess", "one address") for _ in range(3)]
    eventually(lambda: hashing.at_work == 1)

    others = [threads.submit(hashes.hashed, "a password", f"address {number}") for number in range(2)]
    eventually(lambda: hashing.at_work == 2)
    for _ in range(3):
        hashing.go.release()

    eventually(lambda: sum(each.done() for each in [*flood, *others]) == 3)
    assert any(each.done() for each in others)
    assert not all(each.done() for each in flood)


def test_from_one_address_nobody_fills_the_queue(threads, hashing):
    hashes = desk(1)
    flood = [threads.submit(hashes.hashed, "a guess", "one address") for _ in range(20)]
    eventually(lambda: len(refusals(flood)) == 16)

    other = threads.submit(hashes.hashed, "a password", "another address")
    hashing.go.release(20)

    assert other.result(PATIENCE_S) == "$argon2id$hash"
