"""API keys: what a program calls with instead of a login."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

KEY_ID_RANDOM_BYTES = 12
_KEY_ID = re.compile(r"PK[A-Z2-7]{18}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key of an account; of its secret only the hash is kept."""

    key_id: str
    account_id: str
    label: str
    secret_sha256: bytes
    created_at_us: int
    revoked_at_us: int | None = None


def new_key_id(random: bytes) -> str:
    """PK and 18 characters of base32, made of KEY_ID_RANDOM_BYTES random bytes."""
    return "PK" + base64.b32encode(random).decode()[:18]


def is_key_id(text: str) -> bool:
    """Whether this could be a key id at all."""
    return _KEY_ID.fullmatch(text) is not None
