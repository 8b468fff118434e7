"""Hashes and checks passwords with argon2id, only so many at a time, in a short queue of its own."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

from chassis.aside import stepping_aside
from chassis.shares import Shares
from contracts.refusals import Refusal, Refused
from user_accounts.domain.passwords import SALT_BYTES, Cost, hash_password, is_outdated, password_fits

_LONGEST_WAIT_S = 10.0
_RETRY_AFTER_S = 2
_NOBODY = ""
_GIVING_WAY = 5
_GIVING_MORE_WAY = 10


class _Queue:
    """`at_once` at work and `waiting` behind them, shared among those who ask; whoever comes then is refused.

    Of one asker one is at work at a time: who asks for many waits behind himself, and the next one only behind one.
    """

    def __init__(self, at_once: int, waiting: int) -> None:
        self._room = Shares(at_once + waiting)
        self._places = threading.BoundedSemaphore(at_once)
        self._turns: dict[str, tuple[threading.BoundedSemaphore, int]] = {}
        self._lock = threading.Lock()

    @contextmanager
    def place(self, asker: str) -> Iterator[None]:
        if not self._room.take(asker):
            raise _too_many()
        try:
            with stepping_aside(), self._turn_of(asker) as turn, _place_of(turn), _place_of(self._places):
                yield
        finally:
            self._room.give_back(asker)

    @contextmanager
    def _turn_of(self, asker: str) -> Iterator[threading.BoundedSemaphore]:
        """The one turn of an asker, kept as long as somebody wants it."""
        with self._lock:
            turn, users = self._turns.get(asker) or (threading.BoundedSemaphore(1), 0)
            self._turns[asker] = turn, users + 1
        try:
            yield turn
        finally:
            with self._lock:
                _, users = self._turns.pop(asker)
                if users > 1:
                    self._turns[asker] = turn, users - 1


class Argon2Passwords:
    """`at_once` bounds memory (each hash takes `cost.memory_kib`); beyond `waiting` people are sent away at once.

    Hashes give way to whatever else wants the processor, so that nobody trades more slowly for them. New people have a
    queue of their own, at most half of the places, and hashes that give way to the others', so that a flood of them
    keeps nobody out who has an account. Of either queue nobody's `asker` (an address, an account) gets all. Who waits
    longer than 10 s is sent away, too. For a name that nobody has, a hash of nobody's password is checked instead, so
    that the time an answer takes does not tell which names exist.
    """

    def __init__(self, cost: Cost, at_once: int, waiting: int, random_bytes: Callable[[int], bytes]) -> None:
        self._cost = cost
        self._places = threading.BoundedSemaphore(at_once)
        self._known_people = _Queue(at_once, waiting)
        self._new_people = _Queue(max(at_once // 2, 1), waiting)
        self._threads = _threads(at_once, _GIVING_WAY)
        self._threads_for_new_people = _threads(max(at_once // 2, 1), _GIVING_MORE_WAY)
        self._random_bytes = random_bytes
        self._nobodys_hash = self.hashed(random_bytes(SALT_BYTES).hex(), _NOBODY)

    def first_hashed(self, password: str, asker: str) -> str:
        with self._new_people.place(asker), _place_of(self._places):
            return self._threads_for_new_people.submit(self._hashed, password).result()

    def hashed(self, password: str, asker: str) -> str:
        with self._known_people.place(asker), _place_of(self._places):
            return self._threads.submit(self._hashed, password).result()

    def fits(self, password_hash: str | None, password: str, asker: str) -> bool:
        with self._known_people.place(asker), _place_of(self._places):
            fits = self._threads.submit(password_fits, password_hash or self._nobodys_hash, password).result()
        return fits and password_hash is not None

    def is_outdated(self, password_hash: str) -> bool:
        return is_outdated(password_hash, self._cost)

    def _hashed(self, password: str) -> str:
        return hash_password(password, self._random_bytes(SALT_BYTES), self._cost)


def _threads(count: int, nice: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(count, thread_name_prefix="hashing", initializer=_give_way, initargs=(nice,))


def _give_way(nice: int) -> None:
    """On Linux a thread has a priority of its own, and hands it on to the threads in which argon2 works."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), nice)


@contextmanager
def _place_of(places: threading.BoundedSemaphore) -> Iterator[None]:
    if not places.acquire(timeout=_LONGEST_WAIT_S):
        raise _too_many()
    try:
        yield
    finally:
        places.release()


def _too_many() -> Refused:
    sentence = "Too many people are signing up or logging in at the moment. Try again shortly."
    return Refused(Refusal.UNAVAILABLE, sentence, retry_after_s=_RETRY_AFTER_S)
