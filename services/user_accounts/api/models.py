"""What the addresses under /v2/auth take and give."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from chassis.answers import Answer, Time
from chassis.web import Strict
from contracts.texts import is_plain
from user_accounts.domain.api_keys import ApiKey
from user_accounts.domain.passwords import LONGEST_PASSWORD
from user_accounts.domain.sessions import LoggedIn

Name = Annotated[str, Field(max_length=64, description="3 to 32 of a-z, 0-9, - and _; upper case counts as lower")]
Password = Annotated[str, Field(max_length=LONGEST_PASSWORD, json_schema_extra={"format": "password"})]
Token = Annotated[str, Field(max_length=128)]


class NameAndPassword(Strict):
    name: Name
    password: Password


class RefreshForm(Strict):
    refresh_token: Token


class PasswordChange(Strict):
    old: Password
    new: Password


class DemoName(Strict):
    name: Name


def _plain(label: str) -> str:
    if label and not is_plain(label):
        raise ValueError("write visible characters, with single spaces between words")
    return label


class NewKey(Strict):
    label: Annotated[str, Field(max_length=64), AfterValidator(_plain)] = ""

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_no_label(cls, given: Any) -> Any:
        return {} if given is None else given


class KeyPath(Strict):
    key_id: str


class Tokens(Answer):
    """A session. `expires_in` is the access token's life in seconds; the refresh token works once."""

    account_id: str
    name: str
    access_token: str
    refresh_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105  # a name, not a secret
    expires_in: int

    @classmethod
    def of(cls, logged_in: LoggedIn) -> Tokens:
        return cls(
            account_id=logged_in.account.account_id,
            name=logged_in.account.name,
            access_token=logged_in.access_token,
            refresh_token=logged_in.refresh_token,
            expires_in=logged_in.expires_in_s,
        )


class Me(Answer):
    account_id: str
    name: str
    is_operator: bool
    created_at: Time


class Key(Answer):
    key_id: str
    label: str
    created_at: Time

    @classmethod
    def of(cls, key: ApiKey) -> Key:
        return cls(key_id=key.key_id, label=key.label, created_at=moment(key.created_at_us))


class KeyWithSecret(Key):
    """`secret` is shown this once and kept nowhere."""

    secret: str


class Keys(Answer):
    keys: list[Key]


class Names(Answer):
    names: list[str]


class JsonWebKey(Answer):
    """An Ed25519 key (RFC 8037)."""

    kty: Literal["OKP"]
    crv: Literal["Ed25519"]
    x: str
    alg: Literal["EdDSA"]
    use: Literal["sig"]


class JsonWebKeys(Answer):
    """RFC 7517."""

    keys: list[JsonWebKey]


def moment(at_us: int) -> str:
    """Microseconds since 1970 UTC as RFC 3339."""
    at = datetime.fromtimestamp(at_us // 1_000_000, UTC).replace(microsecond=at_us % 1_000_000)
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")
