"""Puts the service together."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from chassis.database import Database
from chassis.doors import Doors, run
from chassis.keys import TokenKeys
from chassis.pruning import PRUNE_EVERY_S
from chassis.service import Parts, Service, Ticker
from chassis.settings import SettingsError
from contracts.refusals import Refused
from user_accounts.api.views import blueprint
from user_accounts.cache import CachedEntries
from user_accounts.consumers import answers
from user_accounts.domain.attempts import Attempts
from user_accounts.domain.passwords import Cost
from user_accounts.handlers.accounts import open_demo_accounts, open_operator_account
from user_accounts.handlers.passwords import Argon2Passwords
from user_accounts.ports import Deps, Limits, Unit
from user_accounts.settings import Settings
from user_accounts.store.pruning import prune_sessions
from user_accounts.store.signing_key import SigningKey, load_signing_key
from user_accounts.store.tables import Store


def build(parts: Parts, settings: Settings) -> Service:
    """The service, ready for any door; SettingsError if the signing key cannot be had."""
    signing_key = load_signing_key(Path(settings.signing_key_file))
    deps = compose(parts, settings, signing_key)
    return Service(
        name="user_accounts",
        parts=parts,
        blueprints=[blueprint(deps, signing_key.public_jwk())],
        tickers=[
            Ticker(
                "prune_sessions",
                PRUNE_EVERY_S,
                lambda: prune_sessions(parts.database, parts.clock.now_us(), deps.refresh_token_s),
            )
        ],
        answers=answers(deps),
        prepare=partial(_prepare, deps, settings, signing_key),
    )


def public_keys(settings: Settings) -> TokenKeys:
    """What access tokens are checked with, for the Authenticator; made now if there is none."""
    return load_signing_key(Path(settings.signing_key_file)).public_keys()


def compose(parts: Parts, settings: Settings, signing_key: SigningKey) -> Deps:
    """What the handlers live on."""
    cost = Cost(settings.argon2_time_cost, settings.argon2_memory_kib, settings.argon2_parallelism)
    return Deps(
        unit=partial(_unit, parts.database),
        reading=partial(_reading, parts.database),
        passwords=Argon2Passwords(cost, settings.argon2_at_once, settings.argon2_waiting, os.urandom),
        signer=signing_key,
        entries=CachedEntries(parts.cache),
        limits=_limits(settings),
        clock=parts.clock,
        random_bytes=os.urandom,
        access_token_s=settings.access_token_minutes * 60,
        refresh_token_s=settings.refresh_token_days * 86_400,
        demo_names=settings.demo_names,
    )


def _limits(settings: Settings) -> Limits:
    return Limits(
        lock=threading.Lock(),
        logins_of_name=Attempts(settings.login_attempts_per_minute),
        logins_from_address=Attempts(settings.login_attempts_per_minute_per_address),
        sign_ups_from_address=Attempts(settings.sign_ups_per_minute_per_address),
        demo_logins_from_address=Attempts(settings.demo_logins_per_minute_per_address),
        refreshes_from_address=Attempts(settings.refreshes_per_minute_per_address),
        keys_per_account=settings.api_keys_per_account,
    )


def _prepare(deps: Deps, settings: Settings, signing_key: SigningKey) -> None:
    if settings.public_key_file:
        signing_key.leave_public_half(Path(settings.public_key_file))
    try:
        open_demo_accounts(deps, settings.demo_names, settings.demo_password)
        if settings.operator_name and not open_operator_account(
            deps, settings.operator_name, settings.operator_password
        ):
            raise SettingsError(f"OPERATOR_NAME={settings.operator_name} belongs to an ordinary account")
    except Refused as refused:
        raise SettingsError(f"DEMO_USERS or OPERATOR_NAME cannot be used: {refused}") from refused


@contextmanager
def _unit(database: Database) -> Iterator[Unit]:
    with database.transaction() as transaction:
        yield Store(transaction)


@contextmanager
def _reading(database: Database) -> Iterator[Unit]:
    with database.reading() as transaction:
        yield Store(transaction)


def doors() -> Doors:
    """The ways this service runs as processes of its own."""
    return Doors(Path(__file__).parent, build, Settings)


if __name__ == "__main__":
    run(doors(), sys.argv[1:], os.environ)
