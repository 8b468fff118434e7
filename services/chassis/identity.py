"""Who is calling: bearer tokens and API keys, checked locally where possible and asked about where not."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt
import structlog
from jwt.types import Options
from werkzeug.datastructures import Headers

from chassis.cache import Cache
from chassis.keys import TokenKeys
from chassis.metrics import Metrics
from chassis.questions import Questions, Unanswered
from contracts.names import (
    QUESTION_RESOLVE_KEY,
    QUESTION_SESSION_IS_LIVE,
    api_key_entry,
    session_entry,
)
from contracts.refusals import Refusal, Refused

TOKEN_ALGORITHM = "EdDSA"  # noqa: S105  # a name, not a secret
TOKEN_ISSUER = "stock-exchange"  # noqa: S105  # likewise
KEY_ID_HEADER = "APCA-API-KEY-ID"
SECRET_HEADER = "APCA-API-SECRET-KEY"  # noqa: S105  # likewise

_log = structlog.get_logger()

_REMEMBER_S = 60.0
_LONGEST_CREDENTIAL = 4_096
_MOST_SURE = 10_000
_CHECKS: Options = {"require": ["exp"], "verify_iat": False}
"""A token issued in the future says only that its issuer's clock is ahead; that it is ours the signature says."""

LEEWAY_S = 10.0
"""Machines whose clocks are kept differ by less; a token counts so much longer where a clock is ahead."""

_SESSION_DEADLINE_S = 0.5
"""Short, for without an answer it goes on all the same."""


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated account. `session_id` is None for a caller with an API key."""

    account_id: str
    name: str
    is_operator: bool = False
    session_id: str | None = None


def lasts_s(token: str) -> float:
    """How many seconds from now an Authenticator will go on to take this token, which it took."""
    return _lasts_s(jwt.decode(token, options={"verify_signature": False}))


def _lasts_s(claims: Mapping[str, Any]) -> float:
    return float(claims["exp"]) + LEEWAY_S - time.time()


class Authenticator:
    """Turns request headers into a Caller. `keys` are the public halves of what user_accounts signs tokens with.

    A token that was good is taken as good for `sure_s` seconds more: so long its session may outlive its end here.
    """

    def __init__(
        self, keys: TokenKeys, cache: Cache, questions: Questions, metrics: Metrics, sure_s: float = 0.0
    ) -> None:
        self._keys = keys
        self._cache = cache
        self._questions = questions
        self._sessions_unchecked = metrics.sessions_unchecked
        self._sure_s = sure_s
        self._sure: dict[str, tuple[Caller, float]] = {}

    def caller(self, headers: Headers) -> Caller:
        """Say who calls; raises Refused(UNAUTHENTICATED or SESSION_ENDED).

        When nobody can be asked, a trader's token speaks for itself until it expires; an operator's does not, and
        neither does a key: Unanswered.
        """
        key_id, secret = headers.get(KEY_ID_HEADER), headers.get(SECRET_HEADER)
        if key_id and secret:
            return self._by_api_key(key_id, secret)
        kind, _, token = headers.get("Authorization", "").partition(" ")
        if kind.lower() == "bearer" and token:
            return self._known(token) or self._by_token(token)
        raise Refused(Refusal.UNAUTHENTICATED)

    def _known(self, token: str) -> Caller | None:
        caller, until_s = self._sure.get(token, (None, 0.0))
        return caller if time.monotonic() < until_s else None

    def _by_token(self, token: str) -> Caller:
        try:
            claims = self._claims(token)
            caller = Caller(claims["sub"], claims["name"], bool(claims["operator"]), claims["sid"])
        except (jwt.InvalidTokenError, KeyError) as broken:
            raise Refused(Refusal.UNAUTHENTICATED, "The bearer token is not valid or has expired.") from broken
        self._require_live_session(caller, claims["sid"])
        if len(self._sure) >= _MOST_SURE:
            self._sure.clear()
        self._sure[token] = caller, time.monotonic() + min(self._sure_s, _lasts_s(claims))
        return caller

    def _claims(self, token: str) -> dict[str, Any]:
        for key in self._keys:
            try:
                return jwt.decode(
                    token, key, algorithms=[TOKEN_ALGORITHM], issuer=TOKEN_ISSUER, leeway=LEEWAY_S, options=_CHECKS
                )
            except jwt.InvalidSignatureError:
                continue
        raise jwt.InvalidSignatureError("signed by none of the keys")

    def _require_live_session(self, caller: Caller, session_id: str) -> None:
        entry = session_entry(session_id)
        if entry in self._cache.get_many([entry]):
            return
        try:
            is_live = self._is_live(session_id) and self._is_noted_live(session_id, entry)
        except Unanswered as silence:  # tokens live for minutes; that user_accounts is away must not stop the trading
            if caller.is_operator:
                raise
            _log.warning("session_unchecked", reason=str(silence))
            self._sessions_unchecked.inc()
            return
        if not is_live:
            raise Refused(Refusal.SESSION_ENDED)

    def _is_noted_live(self, session_id: str, entry: str) -> bool:
        """Note it, and ask again: had it ended between question and note, the note would have come too late."""
        self._cache.set_many({entry: "live"}, _REMEMBER_S)
        is_live = False
        try:
            is_live = self._is_live(session_id)
        finally:
            if not is_live:
                self._cache.delete_many([entry])
        return is_live

    def _is_live(self, session_id: str) -> bool:
        return bool(
            self._questions.ask(QUESTION_SESSION_IS_LIVE, {"session_id": session_id}, _SESSION_DEADLINE_S)["live"]
        )

    def _by_api_key(self, key_id: str, secret: str) -> Caller:
        if len(key_id) + len(secret) > _LONGEST_CREDENTIAL:
            raise Refused(Refusal.UNAUTHENTICATED)
        entry = api_key_entry(key_id)
        cached = self._cache.get_many([entry]).get(entry)
        digest = hashlib.sha256(secret.encode()).hexdigest()
        known = json.loads(cached) if cached else {}
        if not known or not hmac.compare_digest(known["secret_sha256"], digest):
            known = self._resolve(key_id, secret)
            if known:
                self._cache.set_many({entry: json.dumps({**known, "secret_sha256": digest})}, _REMEMBER_S)
                if not self._resolve(key_id, secret):  # revoked between question and note, as above
                    self._cache.delete_many([entry])
                    known = {}
            if not known:
                raise Refused(Refusal.UNAUTHENTICATED, "The API key and its secret do not fit.")
        return Caller(known["account_id"], known["name"], bool(known["is_operator"]))

    def _resolve(self, key_id: str, secret: str) -> dict[str, Any]:
        return dict(self._questions.ask(QUESTION_RESOLVE_KEY, {"key_id": key_id, "secret": secret}))
