"""The accounts' tables as plain dictionaries, and passwords that cost nothing."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from chassis.clock import FixedClock
from user_accounts.domain.attempts import Attempts
from user_accounts.ports import Deps, Limits


class Memory:
    """A Unit; nobody else is there to wait for, so nothing is locked."""

    def __init__(self):
        self.accounts, self.sessions, self.tokens, self.keys, self.told = {}, {}, {}, {}, []

    def add_account(self, account):
        if self.account_named(account.name):
            return False
        self.accounts[account.account_id] = account
        return True

    def account_named(self, name):
        return next((account for account in self.accounts.values() if account.name == name), None)

    def account(self, account_id):
        return self.accounts.get(account_id)

    def lock_account(self, account_id):
        return self.accounts[account_id]

    def set_password_hash(self, account_id, password_hash):
        self.accounts[account_id] = replace(self.accounts[account_id], password_hash=password_hash)

    def add_session(self, session):
        self.sessions[session.session_id] = session

    def session(self, session_id):
        return self.sessions.get(session_id)

    def extend_session(self, session_id, expires_at_us):
        self.sessions[session_id] = replace(self.sessions[session_id], expires_at_us=expires_at_us)

    def end_session(self, session_id, now_us):
        self.sessions[session_id] = replace(self.sessions[session_id], ended_at_us=now_us)

    def end_sessions_of(self, account_id, now_us, *, but=None):
        ended = [
            session.session_id
            for session in self.sessions.values()
            if session.account_id == account_id and session.ended_at_us is None and session.session_id != but
        ]
        for session_id in ended:
            self.end_session(session_id, now_us)
        return ended

    def add_refresh_token(self, token_sha256, session_id, now_us):
        self.tokens[token_sha256] = (session_id, None)

    def lock_refresh_token(self, token_sha256):
        if token_sha256 not in self.tokens:
            return None
        session_id, used_ago_us = self.tokens[token_sha256]
        return self.sessions[session_id], used_ago_us

    def is_unused(self, token_sha256, session_id):
        return self.tokens.get(token_sha256) == (session_id, None)

    def use_refresh_token(self, token_sha256):
        """A moment ago, for ever: how the grace ends is told on PostgreSQL."""
        self.tokens[token_sha256] = (self.tokens[token_sha256][0], 0)

    def add_key(self, key):
        self.keys[key.key_id] = key

    def keys_of(self, account_id):
        return [key for key in self.keys.values() if key.account_id == account_id and key.revoked_at_us is None]

    def key_with_account(self, key_id):
        key = self.keys.get(key_id)
        return (key, self.accounts[key.account_id]) if key and key.revoked_at_us is None else None

    def revoke_key(self, account_id, key_id, now_us):
        known = any(key.key_id == key_id for key in self.keys_of(account_id))
        if known:
            self.keys[key_id] = replace(self.keys[key_id], revoked_at_us=now_us)
        return known

    def announce(self, facts):
        self.told.extend(facts)


class OpenPasswords:
    """Hides nothing, but in the form the tables ask for."""

    def first_hashed(self, password, asker):
        return self.hashed(password, asker)

    def hashed(self, password, asker):
        return f"$argon2id$new${password}"

    def fits(self, password_hash, password, asker):
        return password_hash is not None and password_hash.endswith(f"${password}")

    def is_outdated(self, password_hash):
        return password_hash.startswith("$argon2id$old$")


class Forgetful:
    """Remembers what was to be forgotten."""

    def __init__(self):
        self.sessions, self.keys = [], []

    def forget_sessions(self, session_ids):
        self.sessions.extend(session_ids)

    def forget_key(self, key_id):
        self.keys.append(key_id)


class PlainSigner:
    """Signs nothing: the claims are the token."""

    def sign(self, claims):
        return repr(dict(claims))

    def successor(self, refresh_token):
        return f"after {refresh_token}"


def build_deps(unit, *, demo_names=(), logins=0):
    """Handlers' Deps with this source of units; the same bytes never come twice."""
    counter = itertools.count(1)
    return Deps(
        unit=unit,
        reading=unit,
        passwords=OpenPasswords(),
        signer=PlainSigner(),
        entries=Forgetful(),
        limits=Limits(
            lock=threading.Lock(),
            logins_of_name=Attempts(logins),
            logins_from_address=Attempts(0),
            sign_ups_from_address=Attempts(0),
            demo_logins_from_address=Attempts(0),
            refreshes_from_address=Attempts(0),
            keys_per_account=3,
        ),
        clock=FixedClock(),
        random_bytes=lambda size: next(counter).to_bytes(size, "little"),
        access_token_s=900,
        refresh_token_s=3_600,
        demo_names=demo_names,
    )


def units_of(memory):
    """What `Deps.unit` is when the tables are in memory."""

    @contextmanager
    def unit() -> Iterator[Memory]:
        yield memory

    return unit
