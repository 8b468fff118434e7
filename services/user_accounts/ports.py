"""What the handlers ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from chassis.clock import Clock
from user_accounts.domain.accounts import Account
from user_accounts.domain.api_keys import ApiKey
from user_accounts.domain.attempts import Attempts
from user_accounts.domain.sessions import Session


class Unit(Protocol):
    """The accounts, sessions and keys as one transaction sees and changes them."""

    def add_account(self, account: Account) -> bool:
        """Keep a new account; False, and nothing done, if its name is taken."""

    def account_named(self, name: str) -> Account | None: ...

    def account(self, account_id: str) -> Account | None: ...

    def lock_account(self, account_id: str) -> Account:
        """The account as it is now; nobody else changes it, or logs in to it, before this transaction is over."""

    def set_password_hash(self, account_id: str, password_hash: str) -> None: ...

    def add_session(self, session: Session) -> None: ...

    def session(self, session_id: str) -> Session | None: ...

    def extend_session(self, session_id: str, expires_at_us: int) -> None: ...

    def end_session(self, session_id: str, now_us: int) -> None: ...

    def end_sessions_of(self, account_id: str, now_us: int, *, but: str | None = None) -> list[str]:
        """End all live sessions of the account except `but`; return their ids."""

    def add_refresh_token(self, token_sha256: bytes, session_id: str, now_us: int) -> None: ...

    def lock_refresh_token(self, token_sha256: bytes) -> tuple[Session, int | None] | None:
        """The session this token belongs to, and how many microseconds ago the token was used, None if it was not.

        Both are locked until the transaction is over. One clock tells that time to all processes: the database's.
        """

    def is_unused(self, token_sha256: bytes, session_id: str) -> bool:
        """Whether the session has this token, and it was not used yet."""

    def use_refresh_token(self, token_sha256: bytes) -> None: ...

    def add_key(self, key: ApiKey) -> None: ...

    def keys_of(self, account_id: str) -> list[ApiKey]:
        """The keys that are not revoked, oldest first."""

    def key_with_account(self, key_id: str) -> tuple[ApiKey, Account] | None:
        """A key that is not revoked, and whose it is."""

    def revoke_key(self, account_id: str, key_id: str, now_us: int) -> bool:
        """False if the account has no such key that works."""

    def announce(self, facts: Sequence[object]) -> None: ...


class Passwords(Protocol):
    """Hashes and checks passwords, which is slow on purpose: Refused(UNAVAILABLE) when too many wait already.

    `asker` is who has it done, an address or an account: nobody's gets more than a share of it.
    """

    def first_hashed(self, password: str, asker: str) -> str:
        """The hash for somebody new, who waits behind other new people only and keeps no known one waiting."""

    def hashed(self, password: str, asker: str) -> str: ...

    def fits(self, password_hash: str | None, password: str, asker: str) -> bool:
        """Whether the password fits; takes as long, and says False, when there is no hash at all."""

    def is_outdated(self, password_hash: str) -> bool: ...


class Signer(Protocol):
    """Signs access tokens, and derives refresh tokens."""

    def sign(self, claims: Mapping[str, Any]) -> str: ...

    def successor(self, refresh_token: str) -> str:
        """The refresh token that follows this one: always the same, and nobody can tell it without the key."""


class Entries(Protocol):
    """What other services remember about sessions and keys, to be dropped when it is no longer true."""

    def forget_sessions(self, session_ids: Iterable[str]) -> None: ...

    def forget_key(self, key_id: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Who may try how often. `lock` lets one attempt at a time be counted."""

    lock: AbstractContextManager[object]
    logins_of_name: Attempts
    logins_from_address: Attempts
    sign_ups_from_address: Attempts
    demo_logins_from_address: Attempts
    refreshes_from_address: Attempts
    keys_per_account: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deps:
    """Everything a handler may need. `demo_names` is empty unless demo mode is on."""

    unit: Callable[[], AbstractContextManager[Unit]]
    reading: Callable[[], AbstractContextManager[Unit]]
    passwords: Passwords
    signer: Signer
    entries: Entries
    limits: Limits
    clock: Clock
    random_bytes: Callable[[int], bytes]
    access_token_s: int
    refresh_token_s: int
    demo_names: Sequence[str] = ()
