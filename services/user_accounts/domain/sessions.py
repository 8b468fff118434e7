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
    REFUSE = auto()
    END_SESSION = auto()


def decide_refresh(session: Session, token_is_used: bool, now_us: int) -> Refresh:
    """A token works once. A second time means that two hold it, one of them a thief: nobody keeps the session.

    Source: RFC 9700, section 4.14.2, refresh token rotation.
    """
    if not session.is_live(now_us):
        return Refresh.REFUSE
    return Refresh.END_SESSION if token_is_used else Refresh.ROTATE


def is_session_id(text: str) -> bool:
    """Whether this could be a session's id at all."""
    return _SESSION_ID.fullmatch(text) is not None


def sha256(secret: str) -> bytes:
    """What is stored of a secret that is random enough not to be guessed."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
