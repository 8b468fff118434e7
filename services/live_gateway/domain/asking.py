"""What a client may say: who it is, and what it wants to see. Anything else is refused in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from contracts.refusals import Refusal, Refused

MOST_PRICES = 200
MOST_MARKETS = 20

_SYMBOL = re.compile(r"[A-Z][A-Z0-9.]{0,11}")
_LONGEST_CREDENTIAL = 4_096
_NO_CREDENTIALS = "Connect with auth {token} or {key_id, secret}."


@dataclass(frozen=True, slots=True)
class Credentials:
    """An access token, or an API key and its secret; the other is empty."""

    token: str = ""
    key_id: str = ""
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Subscription:
    """`prices`: symbols whose last price is wanted; `markets`: those whose book and every trade are."""

    prices: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()


def read_credentials(payload: object) -> Credentials:
    """Read what a client connects or renews with; Refused(UNAUTHENTICATED) if that cannot be credentials."""
    if not isinstance(payload, Mapping):
        raise Refused(Refusal.UNAUTHENTICATED, _NO_CREDENTIALS)
    said = Credentials(*(_word(payload.get(name, "")) for name in ("token", "key_id", "secret")))
    if not (said.token or (said.key_id and said.secret)):
        raise Refused(Refusal.UNAUTHENTICATED, _NO_CREDENTIALS)
    return said


def read_subscription(payload: object) -> Subscription:
    """Read a wish in full; Refused(INVALID_REQUEST) says what is wrong with it, and then nothing has changed."""
    if not isinstance(payload, Mapping) or not set(payload) <= {"prices", "markets"}:
        raise _invalid("Subscribe with an object of two lists of symbols: prices and markets.")
    return Subscription(
        _symbols("prices", payload.get("prices", ()), MOST_PRICES),
        _symbols("markets", payload.get("markets", ()), MOST_MARKETS),
    )


def _symbols(name: str, wished: object, most: int) -> tuple[str, ...]:
    if not isinstance(wished, list | tuple):
        raise _invalid(f"{name}: a list of symbols is wanted.")
    if len(wished) > most:
        raise _invalid(f"{name}: {most} symbols at most, not {len(wished)}.")
    for symbol in wished:
        if not isinstance(symbol, str) or not _SYMBOL.fullmatch(symbol):
            raise _invalid(f"{name}: {str(symbol)[:20]!r} is no symbol.")
    return tuple(dict.fromkeys(wished))


def _word(value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_CREDENTIAL or not (value.isascii() and value.isprintable()):
        raise Refused(Refusal.UNAUTHENTICATED, _NO_CREDENTIALS)
    return value


def _invalid(sentence: str) -> Refused:
    return Refused(Refusal.INVALID_REQUEST, sentence)
