"""API keys: made, listed, revoked and recognised."""

from __future__ import annotations

import base64
import hmac

from contracts.refusals import Refusal, Refused
from user_accounts.domain.accounts import Account
from user_accounts.domain.api_keys import KEY_ID_RANDOM_BYTES, ApiKey, is_key_id, new_key_id
from user_accounts.domain.sessions import sha256
from user_accounts.ports import Deps

_SECRET_BYTES = 32


def create_key(deps: Deps, account_id: str, label: str) -> tuple[ApiKey, str]:
    """Make a key; its secret is shown this once. Refused(NOT_PERMITTED) when the account has as many as it may."""
    secret = base64.urlsafe_b64encode(deps.random_bytes(_SECRET_BYTES)).decode().rstrip("=")
    key = ApiKey(
        key_id=new_key_id(deps.random_bytes(KEY_ID_RANDOM_BYTES)),
        account_id=account_id,
        label=label,
        secret_sha256=sha256(secret),
        created_at_us=deps.clock.now_us(),
    )
    with deps.unit() as unit:
        unit.lock_account(account_id)
        if len(unit.keys_of(account_id)) >= deps.limits.keys_per_account:
            raise Refused(Refusal.NOT_PERMITTED, "The account has as many API keys as it may. Revoke one first.")
        unit.add_key(key)
    return key, secret


def list_keys(deps: Deps, account_id: str) -> list[ApiKey]:
    """The account's keys that work, oldest first."""
    with deps.reading() as unit:
        return unit.keys_of(account_id)


def revoke_key(deps: Deps, account_id: str, key_id: str) -> None:
    """Make a key useless at once; Refused(NOT_FOUND) if the account has no such key."""
    if not is_key_id(key_id):
        raise Refused(Refusal.NOT_FOUND)
    with deps.unit() as unit:
        if not unit.revoke_key(account_id, key_id, deps.clock.now_us()):
            raise Refused(Refusal.NOT_FOUND)
    deps.entries.forget_key(key_id)


def resolve_key(deps: Deps, key_id: str, secret: str) -> Account | None:
    """Whose key this is; None if there is no such key or the secret is another."""
    if not is_key_id(key_id):
        return None
    with deps.reading() as unit:
        known = unit.key_with_account(key_id)
    if known is None or not hmac.compare_digest(known[0].secret_sha256, sha256(secret)):
        return None
    return known[1]
