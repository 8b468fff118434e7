"""How a login lives on: sessions, and the refresh tokens that keep one going."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import Enum, auto

from user_accounts.domain.accounts import Account

_SESSION_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One login of one account. It is live until it is ended or expires."""

    session_id: str
    account_id: str
    started_at_us: int
    expires_at_us: int
    ended_at_us: int | None = None

    def is_live(self, now_us: int) -> bool:
        return self.ended_at_us is None and now_us < self.expires_at_us


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """What somebody who logs in, or refreshes, takes home. The tokens are nowhere else in clear."""

    account: Account
    access_token: str
    refresh_token: str
    expires_in_s: int


class Refresh(Enum):
    """What presenting a refresh token leads to."""

    ROTATE = auto()
    REPEAT = auto()
    REFUSE = auto()
    END_SESSION = auto()


GRACE_US = 10_000_000
"""For so long a token may be presented again: by a second tab, or by somebody whose answer was lost."""


def decide_refresh(session: Session, used_ago_us: int | None, successor_is_unused: bool, now_us: int) -> Refresh:
    """A token works once. A second time means that two hold it, one of them a thief: nobody keeps the session.

    Within the grace that is no alarm, as long as nobody has gone on: the same successor is given again, so that there
    is still one token that works. Once the successor is used, whoever comes with the old one is not in step with the
    other. `used_ago_us` is None for a token that is not used, and may be below 0 after a clock was set.

    Source: RFC 9700, section 4.14.2, refresh token rotation.
    """
    if not session.is_live(now_us):
        return Refresh.REFUSE
    if used_ago_us is None:
        return Refresh.ROTATE
    return Refresh.REPEAT if used_ago_us < GRACE_US and successor_is_unused else Refresh.END_SESSION


def is_session_id(text: str) -> bool:
    """Whether this could be a session's id at all."""
    return _SESSION_ID.fullmatch(text) is not None


def sha256(secret: str) -> bytes:
    """What is stored of a secret that is random enough not to be guessed."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
