"""Opening accounts and changing passwords."""

from __future__ import annotations

from collections.abc import Iterable

from contracts.facts import AccountOpened
from contracts.ids import uuid7
from contracts.refusals import Refusal, Refused
from user_accounts.domain.accounts import Account, account_name
from user_accounts.domain.passwords import require_strong
from user_accounts.domain.sessions import LoggedIn
from user_accounts.handlers.attempts import require_attempt, require_turn_of_address
from user_accounts.handlers.sessions import start_session
from user_accounts.ports import Deps, Unit


def sign_up(deps: Deps, name: str, password: str, address: str) -> LoggedIn:
    """Open an account and log in; Refused(NAME_TAKEN, WEAK_PASSWORD, INVALID_REQUEST or TOO_MANY_REQUESTS)."""
    name = account_name(name)
    require_strong(password, name)
    require_turn_of_address(deps, deps.limits.sign_ups_from_address, address, "sign-ups")
    _require_free(deps, name)
    account = _new_account(deps, name, deps.passwords.first_hashed(password, address))
    with deps.unit() as unit:
        if not _open(unit, account):
            raise Refused(Refusal.NAME_TAKEN)
        return start_session(deps, unit, account)


def change_password(deps: Deps, account_id: str, session_id: str, old: str, new: str) -> None:
    """Needs the old password, ends every other session; API keys go on working."""
    account = account_of(deps, account_id)
    require_strong(new, account.name)
    require_attempt(deps, deps.limits.logins_of_name, account.name, Refusal.TOO_MANY_ATTEMPTS)
    if not deps.passwords.fits(account.password_hash, old, account_id):
        raise Refused(Refusal.WRONG_CREDENTIALS, "The old password is wrong.")
    password_hash = deps.passwords.hashed(new, account_id)
    with deps.unit() as unit:
        if unit.lock_account(account_id).password_hash != account.password_hash:
            raise Refused(Refusal.WRONG_CREDENTIALS, "The old password is wrong.")
        unit.set_password_hash(account_id, password_hash)
        ended = unit.end_sessions_of(account_id, deps.clock.now_us(), but=session_id)
    deps.entries.forget_sessions(ended)


def account_of(deps: Deps, account_id: str) -> Account:
    """The account by its id; Refused(UNAUTHENTICATED) if it is not there."""
    with deps.reading() as unit:
        account = unit.account(account_id)
    if account is None:
        raise Refused(Refusal.UNAUTHENTICATED)
    return account


def open_demo_accounts(deps: Deps, names: Iterable[str], password: str) -> None:
    """Open the demo users that are missing; an account somebody signed up for is left alone."""
    for name in names:
        _open_if_missing(deps, account_name(name), password, is_demo=True)


def open_operator_account(deps: Deps, name: str, password: str) -> bool:
    """Open the operator's account if it is missing; False if the name belongs to an ordinary account."""
    name = account_name(name)
    require_strong(password, name)
    return _open_if_missing(deps, name, password, is_operator=True).is_operator


def _open_if_missing(
    deps: Deps, name: str, password: str, *, is_demo: bool = False, is_operator: bool = False
) -> Account:
    with deps.reading() as unit:
        known = unit.account_named(name)
    if known is not None:
        return known
    password_hash = deps.passwords.hashed(password, name)
    account = _new_account(deps, name, password_hash, is_demo=is_demo, is_operator=is_operator)
    with deps.unit() as unit:
        _open(unit, account)
        return unit.account_named(name) or account


def _require_free(deps: Deps, name: str) -> None:
    """Spares the work of hashing; what decides is the account being added."""
    with deps.reading() as unit:
        if unit.account_named(name) is not None:
            raise Refused(Refusal.NAME_TAKEN)


def _new_account(
    deps: Deps, name: str, password_hash: str, *, is_demo: bool = False, is_operator: bool = False
) -> Account:
    now_us = deps.clock.now_us()
    return Account(
        account_id=uuid7(now_us // 1_000),
        name=name,
        password_hash=password_hash,
        opened_at_us=now_us,
        is_demo=is_demo,
        is_operator=is_operator,
    )


def _open(unit: Unit, account: Account) -> bool:
    added = unit.add_account(account)
    if added:
        opened = AccountOpened(account_id=account.account_id, name=account.name, at_us=account.opened_at_us)
        unit.announce([opened])
    return added
