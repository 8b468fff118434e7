"""All SQL of the accounts' database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chassis.database import Transaction
from user_accounts.domain.accounts import Account
from user_accounts.domain.api_keys import ApiKey
from user_accounts.domain.sessions import Session

_ACCOUNT = "account_id, name, password_hash, opened_at_us, is_operator, is_demo"
_SESSION = "session_id, account_id, started_at_us, expires_at_us, ended_at_us"
_NOW_US = "(extract(epoch from clock_timestamp()) * 1000000)::bigint"
_KEY = "key_id, account_id, label, secret_sha256, created_at_us, revoked_at_us"


class Store:
    """The Unit of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add_account(self, account: Account) -> bool:
        added = self._transaction.row(
            f"insert into accounts ({_ACCOUNT}) values (%s, %s, %s, %s, %s, %s) "
            "on conflict (name) do nothing returning 1",
            (
                account.account_id,
                account.name,
                account.password_hash,
                account.opened_at_us,
                account.is_operator,
                account.is_demo,
            ),
        )
        return added is not None

    def account_named(self, name: str) -> Account | None:
        row = self._transaction.row(f"select {_ACCOUNT} from accounts where name = %s", (name,))
        return _account(row) if row else None

    def account(self, account_id: str) -> Account | None:
        row = self._transaction.row(f"select {_ACCOUNT} from accounts where account_id = %s", (account_id,))
        return _account(row) if row else None

    def lock_account(self, account_id: str) -> Account:
        row = self._transaction.row(f"select {_ACCOUNT} from accounts where account_id = %s for update", (account_id,))
        if row is None:
            raise LookupError(f"no account {account_id}")
        return _account(row)

    def set_password_hash(self, account_id: str, password_hash: str) -> None:
        self._transaction.execute(
            "update accounts set password_hash = %s where account_id = %s", (password_hash, account_id)
        )

    def add_session(self, session: Session) -> None:
        self._transaction.execute(
            f"insert into sessions ({_SESSION}) values (%s, %s, %s, %s, %s)",
            (
                session.session_id,
                session.account_id,
                session.started_at_us,
                session.expires_at_us,
                session.ended_at_us,
            ),
        )

    def session(self, session_id: str) -> Session | None:
        row = self._transaction.row(f"select {_SESSION} from sessions where session_id = %s", (session_id,))
        return _session(row) if row else None

    def extend_session(self, session_id: str, expires_at_us: int) -> None:
        self._transaction.execute(
            "update sessions set expires_at_us = %s where session_id = %s", (expires_at_us, session_id)
        )

    def end_session(self, session_id: str, now_us: int) -> None:
        self._transaction.execute(
            "update sessions set ended_at_us = %s where session_id = %s and ended_at_us is null", (now_us, session_id)
        )

    def end_sessions_of(self, account_id: str, now_us: int, *, but: str | None = None) -> list[str]:
        rows = self._transaction.rows(
            "update sessions set ended_at_us = %s where account_id = %s and ended_at_us is null "
            "and session_id is distinct from %s::uuid returning session_id",
            (now_us, account_id, but),
        )
        return [session_id for (session_id,) in rows]

    def add_refresh_token(self, token_sha256: bytes, session_id: str, now_us: int) -> None:
        self._transaction.execute(
            "insert into refresh_tokens (token_sha256, session_id, issued_at_us) values (%s, %s, %s)",
            (token_sha256, session_id, now_us),
        )

    def lock_refresh_token(self, token_sha256: bytes) -> tuple[Session, int | None] | None:
        row = self._transaction.row(
            "select sessions.session_id, account_id, started_at_us, expires_at_us, ended_at_us, "
            f"{_NOW_US} - used_at_us "
            "from refresh_tokens join sessions using (session_id) where token_sha256 = %s for update",
            (token_sha256,),
        )
        return (_session(row[:5]), row[5]) if row else None

    def is_unused(self, token_sha256: bytes, session_id: str) -> bool:
        row = self._transaction.row(
            "select 1 from refresh_tokens where token_sha256 = %s and session_id = %s and used_at_us is null",
            (token_sha256, session_id),
        )
        return row is not None

    def use_refresh_token(self, token_sha256: bytes) -> None:
        self._transaction.execute(
            f"update refresh_tokens set used_at_us = {_NOW_US} where token_sha256 = %s", (token_sha256,)
        )

    def add_key(self, key: ApiKey) -> None:
        self._transaction.execute(
            f"insert into api_keys ({_KEY}) values (%s, %s, %s, %s, %s, %s)",
            (key.key_id, key.account_id, key.label, key.secret_sha256, key.created_at_us, key.revoked_at_us),
        )

    def keys_of(self, account_id: str) -> list[ApiKey]:
        rows = self._transaction.rows(
            f"select {_KEY} from api_keys where account_id = %s and revoked_at_us is null "
            "order by created_at_us, key_id",
            (account_id,),
        )
        return [_key(row) for row in rows]

    def key_with_account(self, key_id: str) -> tuple[ApiKey, Account] | None:
        row = self._transaction.row(
            f"select {_KEY} from api_keys where key_id = %s and revoked_at_us is null", (key_id,)
        )
        if row is None:
            return None
        key = _key(row)
        account = self.account(key.account_id)
        return (key, account) if account else None

    def revoke_key(self, account_id: str, key_id: str, now_us: int) -> bool:
        revoked = self._transaction.row(
            "update api_keys set revoked_at_us = %s "
            "where key_id = %s and account_id = %s and revoked_at_us is null returning 1",
            (now_us, key_id, account_id),
        )
        return revoked is not None

    def announce(self, facts: Sequence[object]) -> None:
        self._transaction.announce(facts)


def _account(row: Sequence[Any]) -> Account:
    account_id, name, password_hash, opened_at_us, is_operator, is_demo = row
    return Account(
        account_id=account_id,
        name=name,
        password_hash=password_hash,
        opened_at_us=opened_at_us,
        is_operator=is_operator,
        is_demo=is_demo,
    )


def _session(row: Sequence[Any]) -> Session:
    session_id, account_id, started_at_us, expires_at_us, ended_at_us = row
    return Session(
        session_id=session_id,
        account_id=account_id,
        started_at_us=started_at_us,
        expires_at_us=expires_at_us,
        ended_at_us=ended_at_us,
    )


def _key(row: Sequence[Any]) -> ApiKey:
    key_id, account_id, label, secret_sha256, created_at_us, revoked_at_us = row
    return ApiKey(
        key_id=key_id,
        account_id=account_id,
        label=label,
        secret_sha256=secret_sha256,
        created_at_us=created_at_us,
        revoked_at_us=revoked_at_us,
    )
