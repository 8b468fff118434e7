"""Sessions that are over go a day later, and used refresh tokens when they would have expired."""

from __future__ import annotations

from typing import LiteralString

from chassis.database import Database
from chassis.pruning import cautious_now_us, prune

_KEPT_AFTER_END_US = 86_400 * 1_000_000
"""The clock that looks may be ahead of the one that judges."""

_PRUNE_EXPIRED: LiteralString = """
delete from sessions where session_id in (
    select session_id from sessions where expires_at_us < %(before_us)s
    order by expires_at_us limit %(rows)s for update skip locked
)
"""

_PRUNE_ENDED: LiteralString = """
delete from sessions where session_id in (
    select session_id from sessions where ended_at_us < %(before_us)s and ended_at_us is not null
    order by ended_at_us limit %(rows)s for update skip locked
)
"""

_PRUNE_TOKENS: LiteralString = """
delete from refresh_tokens where token_sha256 in (
    select token_sha256 from refresh_tokens where used_at_us is not null and issued_at_us < %(before_us)s
    order by issued_at_us limit %(rows)s for update skip locked
)
"""


def prune_sessions(database: Database, now_us: int, refresh_token_s: int) -> None:
    """Forget ended and expired sessions, and of the living ones the tokens that were used long ago.

    A used token is kept for as long as it could have been used: whoever presents it shows that it was stolen.
    """
    before_us = cautious_now_us(database, now_us) - _KEPT_AFTER_END_US
    prune(database, _PRUNE_EXPIRED, {"before_us": before_us})
    prune(database, _PRUNE_ENDED, {"before_us": before_us})
    prune(database, _PRUNE_TOKENS, {"before_us": before_us - refresh_token_s * 1_000_000})
