"""Which passwords are strong enough, and how argon2id turns one into what may be stored."""

from __future__ import annotations

from dataclasses import dataclass

import argon2
from argon2.exceptions import VerifyMismatchError
from argon2.low_level import Type, hash_secret, verify_secret

from contracts.refusals import Refusal, Refused
from contracts.texts import visible_length

SHORTEST_PASSWORD = 10
FEWEST_DIFFERENT = 4
LONGEST_PASSWORD = 256
SALT_BYTES = 16
_HASH_BYTES = 32

_COMMON_LIST = """
    1234567890 0123456789 0987654321 1111111111 0000000000 1122334455 12345678910 123456789a 123456789q 123123123123
    12345qwert 1q2w3e4r5t 1qaz2wsx3edc 1q2w3e4r5t6y q1w2e3r4t5 q1w2e3r4t5y6 qwertyuiop qwerty12345 qwerty123456
    qwertyuiop123 asdfghjkl123 zxcvbnm123 zaq12wsxcde3 abcdefghij abcdefghijk abc1234567 abcd123456 aaaaaaaaaa
    password12 password123 password1234 password12345 password123456 passw0rd123 p@ssword123 p@ssw0rd123 mypassword
    passwordpassword letmein123 letmein1234 iloveyou123 iloveyou12 iloveyousomuch ilovemyself welcome123 welcome1234
    changeme123 administrator admin12345 admin123456 superman123 football123 baseball123 basketball princess123
    sunshine123 dragon12345 monkey12345 michael123 jennifer123 charlie123 spongebob1 liverpool1 chocolate1
    california 7777777777 9876543210 5555555555 1029384756 6969696969
"""
_COMMON = frozenset(_COMMON_LIST.split())


@dataclass(frozen=True, slots=True)
class Cost:
    """How much work one hash is."""

    time: int
    memory_kib: int
    parallelism: int


def require_strong(password: str, name: str) -> None:
    """Refused(WEAK_PASSWORD) with the reason, or INVALID_REQUEST for one too long to hash."""
    if len(password) > LONGEST_PASSWORD:
        raise Refused(Refusal.INVALID_REQUEST, f"A password has at most {LONGEST_PASSWORD} characters.")
    if visible_length(password) < SHORTEST_PASSWORD:
        message = f"A password has at least {SHORTEST_PASSWORD} characters; spaces side by side count as one."
        raise Refused(Refusal.WEAK_PASSWORD, message)
    first_tried = password.strip().casefold()
    if len(set(first_tried)) < FEWEST_DIFFERENT:
        raise Refused(Refusal.WEAK_PASSWORD, f"A password has at least {FEWEST_DIFFERENT} different characters.")
    if first_tried == name:
        raise Refused(Refusal.WEAK_PASSWORD, "The password must not be the name.")
    if first_tried in _COMMON:
        raise Refused(Refusal.WEAK_PASSWORD, "This password is among the first ones that are tried.")


def hash_password(password: str, salt: bytes, cost: Cost) -> str:
    """An argon2id hash in its standard text form, parameters and salt included (RFC 9106)."""
    hashed = hash_secret(_encoded(password), salt, cost.time, cost.memory_kib, cost.parallelism, _HASH_BYTES, Type.ID)
    return hashed.decode()


def password_fits(password_hash: str, password: str) -> bool:
    """Whether the hash was made of this password."""
    try:
        return verify_secret(password_hash.encode(), _encoded(password), Type.ID)
    except VerifyMismatchError:
        return False


def is_outdated(password_hash: str, cost: Cost) -> bool:
    """Whether the hash was made with another cost than hashes are made with now."""
    made = argon2.extract_parameters(password_hash)
    return Cost(made.time_cost, made.memory_cost, made.parallelism) != cost


def _encoded(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
