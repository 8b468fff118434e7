"""Lets nobody try without end."""

from __future__ import annotations

import math

from contracts.refusals import Refusal, Refused
from user_accounts.domain.attempts import Attempts
from user_accounts.ports import Deps


def require_turn_of_address(deps: Deps, attempts: Attempts, address: str, what: str) -> None:
    """Count one of `what` from this address; Refused(TOO_MANY_REQUESTS)."""
    sentence = f"Too many {what} a minute come from this address. Wait as long as Retry-After says."
    require_attempt(deps, attempts, address, Refusal.TOO_MANY_REQUESTS, sentence)


def require_attempt(deps: Deps, attempts: Attempts, key: str, refusal: Refusal, sentence: str | None = None) -> None:
    """Count an attempt, or refuse by this name and say how long to wait; the `sentence` names the limit."""
    with deps.limits.lock:
        wait_us = attempts.take(key, deps.clock.monotonic_us())
    if wait_us:
        raise Refused(refusal, sentence, retry_after_s=math.ceil(wait_us / 1_000_000))
