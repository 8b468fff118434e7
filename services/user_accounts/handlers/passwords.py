"""Hashes and checks passwords with argon2id, only so many at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from contracts.refusals import Refusal, Refused
from user_accounts.domain.passwords import SALT_BYTES, Cost, hash_password, is_outdated, password_fits

_LONGEST_WAIT_S = 10.0


class Argon2Passwords:
    """`at_once` bounds memory (each hash takes `cost.memory_kib`); who waits longer than 10 s is sent away.

    For a name that nobody has, a hash of nobody's password is checked instead, so that the time an answer
    takes does not tell which names exist.
    """

    def __init__(self, cost: Cost, at_once: int, random_bytes: Callable[[int], bytes]) -> None:
        self._cost = cost
        self._places = threading.BoundedSemaphore(at_once)
        self._random_bytes = random_bytes
        self._nobodys_hash = self.hashed(random_bytes(SALT_BYTES).hex())

    def hashed(self, password: str) -> str:
        with self._place():
            return hash_password(password, self._random_bytes(SALT_BYTES), self._cost)

    def fits(self, password_hash: str | None, password: str) -> bool:
        with self._place():
            fits = password_fits(password_hash or self._nobodys_hash, password)
        return fits and password_hash is not None

    def is_outdated(self, password_hash: str) -> bool:
        return is_outdated(password_hash, self._cost)

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(timeout=_LONGEST_WAIT_S):
            raise Refused(Refusal.UNAVAILABLE, "Too many people are logging in at the moment. Try again shortly.")
        try:
            yield
        finally:
            self._places.release()
