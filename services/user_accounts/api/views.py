"""The addresses under /v2/auth."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from chassis.web import SECURITY, current_caller
from contracts.refusals import Refusal, Refused
from user_accounts.api import models
from user_accounts.domain.sessions import LoggedIn
from user_accounts.handlers import accounts, api_keys, sessions
from user_accounts.handlers.attempts import require_turn_of_address
from user_accounts.ports import Deps

_SESSIONS = [Tag(name="Accounts and sessions")]
_KEYS = [Tag(name="API keys")]
_DEMO = [Tag(name="Demo users")]
_BEARER: list[dict[str, list[Any]]] = [{"bearer": []}]

View = tuple[dict[str, Any], int]
Nothing = tuple[str, int]


def blueprint(deps: Deps, public_jwk: Mapping[str, str]) -> APIBlueprint:
    """All addresses of the service."""
    auth = APIBlueprint("auth", __name__, url_prefix="/v2/auth")
    _add_sessions(auth, deps)
    _add_account(auth, deps, public_jwk)
    _add_keys(auth, deps)
    _add_demo(auth, deps)
    return auth


def _add_sessions(auth: APIBlueprint, deps: Deps) -> None:
    @auth.post("/signup", tags=_SESSIONS, summary="Open an account and log in", responses={201: models.Tokens})
    def sign_up(body: models.NameAndPassword) -> View:
        return _tokens(accounts.sign_up(deps, body.name, body.password, _address()), HTTPStatus.CREATED)

    @auth.post("/login", tags=_SESSIONS, summary="Log in", responses={200: models.Tokens})
    def log_in(body: models.NameAndPassword) -> View:
        return _tokens(sessions.log_in(deps, body.name, body.password, _address()))

    @auth.post(
        "/refresh", tags=_SESSIONS, summary="Change a refresh token for new tokens", responses={200: models.Tokens}
    )
    def refresh(body: models.RefreshForm) -> View:
        require_turn_of_address(deps, deps.limits.refreshes_from_address, _address(), "refreshes")
        return _tokens(sessions.refresh(deps, body.refresh_token))

    @auth.post("/logout", tags=_SESSIONS, summary="End this session", security=_BEARER, responses={204: None})
    def log_out() -> Nothing:
        sessions.log_out(deps, _caller_with_session()[1])
        return _nothing()

    @auth.post(
        "/logout-all",
        tags=_SESSIONS,
        summary="End all sessions of the account",
        security=_BEARER,
        responses={204: None},
    )
    def log_out_everywhere() -> Nothing:
        sessions.log_out_everywhere(deps, _caller_with_session()[0])
        return _nothing()


def _add_account(auth: APIBlueprint, deps: Deps, public_jwk: Mapping[str, str]) -> None:
    @auth.post(
        "/password",
        tags=_SESSIONS,
        summary="Change the password and end all other sessions",
        security=_BEARER,
        responses={204: None},
    )
    def change_password(body: models.PasswordChange) -> Nothing:
        account_id, session_id = _caller_with_session()
        accounts.change_password(deps, account_id, session_id, body.old, body.new)
        return _nothing()

    @auth.get("/me", tags=_SESSIONS, summary="Who is calling", security=SECURITY, responses={200: models.Me})
    def me() -> View:
        account = accounts.account_of(deps, current_caller().account_id)
        answer = models.Me(
            account_id=account.account_id,
            name=account.name,
            is_operator=account.is_operator,
            created_at=models.moment(account.opened_at_us),
        )
        return answer.model_dump(), HTTPStatus.OK

    @auth.get(
        "/jwks.json",
        tags=_SESSIONS,
        summary="The public key that access tokens are checked with",
        responses={200: models.JsonWebKeys},
    )
    def public_keys() -> View:
        return {"keys": [dict(public_jwk)]}, HTTPStatus.OK


def _add_keys(auth: APIBlueprint, deps: Deps) -> None:
    @auth.post("/keys", tags=_KEYS, summary="Make an API key", security=_BEARER, responses={201: models.KeyWithSecret})
    def create_key(body: models.NewKey) -> View:
        key, secret = api_keys.create_key(deps, _caller_with_session()[0], body.label)
        return {**models.Key.of(key).model_dump(), "secret": secret}, HTTPStatus.CREATED

    @auth.get("/keys", tags=_KEYS, summary="The account's API keys", security=_BEARER, responses={200: models.Keys})
    def list_keys() -> View:
        keys = api_keys.list_keys(deps, _caller_with_session()[0])
        return models.Keys(keys=[models.Key.of(key) for key in keys]).model_dump(), HTTPStatus.OK

    @auth.delete(
        "/keys/<key_id>", tags=_KEYS, summary="Revoke an API key at once", security=_BEARER, responses={204: None}
    )
    def revoke_key(path: models.KeyPath) -> Nothing:
        api_keys.revoke_key(deps, _caller_with_session()[0], path.key_id)
        return _nothing()


def _add_demo(auth: APIBlueprint, deps: Deps) -> None:
    @auth.get("/demo-users", tags=_DEMO, summary="Whom a page can switch to", responses={200: models.Names})
    def demo_users() -> View:
        if not deps.demo_names:
            raise Refused(Refusal.NOT_FOUND)
        return {"names": list(deps.demo_names)}, HTTPStatus.OK

    @auth.post("/demo-login", tags=_DEMO, summary="Log a demo user in", responses={200: models.Tokens})
    def demo_log_in(body: models.DemoName) -> View:
        require_turn_of_address(deps, deps.limits.demo_logins_from_address, _address(), "logins of demo users")
        return _tokens(sessions.demo_log_in(deps, body.name))


def _caller_with_session() -> tuple[str, str]:
    """Account and session. What a stolen API key must not do (make keys, change the password) needs a login."""
    caller = current_caller()
    if caller.session_id is None:
        raise Refused(Refusal.NOT_PERMITTED, "This needs a login; an API key may not do it.")
    return caller.account_id, caller.session_id


def _tokens(logged_in: LoggedIn, status: HTTPStatus = HTTPStatus.OK) -> View:
    return models.Tokens.of(logged_in).model_dump(), status


def _nothing() -> Nothing:
    return "", HTTPStatus.NO_CONTENT


def _address() -> str:
    return request.remote_addr or ""
