"""Logging in, staying in and going out."""

from __future__ import annotations

import base64

from chassis.identity import TOKEN_ISSUER
from contracts.ids import uuid7
from contracts.refusals import Refusal, Refused
from user_accounts.domain.accounts import Account, account_name
from user_accounts.domain.sessions import LoggedIn, Refresh, Session, decide_refresh, is_session_id, sha256
from user_accounts.handlers.attempts import require_attempt
from user_accounts.ports import Deps, Unit

_SECRET_BYTES = 32


def log_in(deps: Deps, name: str, password: str, address: str) -> LoggedIn:
    """Check the password and start a session; Refused(WRONG_CREDENTIALS or TOO_MANY_ATTEMPTS).

    Nobody learns which names exist: an unknown one is counted, checked and refused like a known one.
    """
    name = account_name(name)
    require_attempt(deps, deps.limits.logins_from_address, address, Refusal.TOO_MANY_ATTEMPTS)
    require_attempt(deps, deps.limits.logins_of_name, name, Refusal.TOO_MANY_ATTEMPTS)
    with deps.reading() as unit:
        account = unit.account_named(name)
    fits = deps.passwords.fits(account.password_hash if account else None, password, address)
    if account is None or not fits or _is_closed_demo(deps, account):
        raise Refused(Refusal.WRONG_CREDENTIALS)
    is_outdated = deps.passwords.is_outdated(account.password_hash)
    newer_hash = deps.passwords.hashed(password, address) if is_outdated else None
    with deps.unit() as unit:
        if unit.lock_account(account.account_id).password_hash != account.password_hash:
            raise Refused(Refusal.WRONG_CREDENTIALS)  # changed since it was checked
        if newer_hash is not None:
            unit.set_password_hash(account.account_id, newer_hash)
        return start_session(deps, unit, account)


def demo_log_in(deps: Deps, name: str) -> LoggedIn:
    """Log a demo user in without a password; Refused(NOT_FOUND) for anybody else, and outside of demo mode."""
    name = name.lower()
    if name not in deps.demo_names:
        raise Refused(Refusal.NOT_FOUND)
    with deps.unit() as unit:
        account = unit.account_named(name)
        if account is None or not account.is_demo:
            raise Refused(Refusal.NOT_FOUND)
        return start_session(deps, unit, account)


def start_session(deps: Deps, unit: Unit, account: Account) -> LoggedIn:
    """Give the account a new session and its first tokens."""
    now_us = deps.clock.now_us()
    session = Session(
        session_id=uuid7(now_us // 1_000),
        account_id=account.account_id,
        started_at_us=now_us,
        expires_at_us=now_us + deps.refresh_token_s * 1_000_000,
    )
    unit.add_session(session)
    first_token = base64.urlsafe_b64encode(deps.random_bytes(_SECRET_BYTES)).decode().rstrip("=")
    unit.add_refresh_token(sha256(first_token), session.session_id, now_us)
    return _logged_in(deps, account, session.session_id, first_token)


def refresh(deps: Deps, refresh_token: str) -> LoggedIn:
    """Change a refresh token for new tokens; Refused(SESSION_ENDED), and used twice it may end the session.

    Its successor is derived from the token itself: who presents it again gets the same one, and none is stored.
    """
    token_sha256, successor = sha256(refresh_token), deps.signer.successor(refresh_token)
    now_us = deps.clock.now_us()
    with deps.unit() as unit:
        session, used_ago_us = unit.lock_refresh_token(token_sha256) or (None, None)
        decision = (
            decide_refresh(session, used_ago_us, unit.is_unused(sha256(successor), session.session_id), now_us)
            if session
            else Refresh.REFUSE
        )
        if session and decision is Refresh.ROTATE:
            _rotate(deps, unit, session, token_sha256, sha256(successor))
        if session and decision in (Refresh.ROTATE, Refresh.REPEAT):
            return _logged_in(deps, _account_of(unit, session), session.session_id, successor)
        if session and decision is Refresh.END_SESSION:
            unit.end_session(session.session_id, now_us)
    if session:
        deps.entries.forget_sessions([session.session_id])
    raise Refused(Refusal.SESSION_ENDED)


def log_out(deps: Deps, session_id: str) -> None:
    """End this session: its access token is refused from now on, everywhere."""
    with deps.unit() as unit:
        unit.end_session(session_id, deps.clock.now_us())
    deps.entries.forget_sessions([session_id])


def log_out_everywhere(deps: Deps, account_id: str) -> None:
    """End all sessions of the account."""
    with deps.unit() as unit:
        unit.lock_account(account_id)
        ended = unit.end_sessions_of(account_id, deps.clock.now_us())
    deps.entries.forget_sessions(ended)


def session_is_live(deps: Deps, session_id: str) -> bool:
    """Whether access tokens of this session still count."""
    if not is_session_id(session_id):
        return False
    with deps.reading() as unit:
        session = unit.session(session_id)
    return session is not None and session.is_live(deps.clock.now_us())


def _rotate(deps: Deps, unit: Unit, session: Session, token_sha256: bytes, successor_sha256: bytes) -> None:
    now_us = deps.clock.now_us()
    unit.use_refresh_token(token_sha256)
    unit.add_refresh_token(successor_sha256, session.session_id, now_us)
    unit.extend_session(session.session_id, now_us + deps.refresh_token_s * 1_000_000)


def _account_of(unit: Unit, session: Session) -> Account:
    account = unit.account(session.account_id)
    if account is None:
        raise Refused(Refusal.SESSION_ENDED)
    return account


def _logged_in(deps: Deps, account: Account, session_id: str, refresh_token: str) -> LoggedIn:
    now_s = deps.clock.now_us() // 1_000_000
    access_token = deps.signer.sign(
        {
            "iss": TOKEN_ISSUER,
            "sub": account.account_id,
            "name": account.name,
            "operator": account.is_operator,
            "sid": session_id,
            "iat": now_s,
            "exp": now_s + deps.access_token_s,
        }
    )
    return LoggedIn(account, access_token, refresh_token, deps.access_token_s)


def _is_closed_demo(deps: Deps, account: Account) -> bool:
    """A demo user's password is known to all, so it opens nothing once demo mode is off."""
    return account.is_demo and account.name not in deps.demo_names
