"""Who has an account, and which names an account may have."""

from __future__ import annotations

import re
from dataclasses import dataclass

from contracts.refusals import Refusal, Refused

_NAME = re.compile(r"[A-Za-z0-9_-]{3,32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One person or program on the exchange. `is_demo` accounts can be used without a password in demo mode."""

    account_id: str
    name: str
    password_hash: str
    opened_at_us: int
    is_operator: bool = False
    is_demo: bool = False


def account_name(text: str) -> str:
    """The name as it is kept, in lower case; Refused(INVALID_REQUEST) if it is none."""
    if not _NAME.fullmatch(text):
        raise Refused(Refusal.INVALID_REQUEST, "A name has 3 to 32 letters a-z, digits, hyphens and underscores.")
    return text.lower()
