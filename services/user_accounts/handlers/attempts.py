"""Lets nobody try without end."""

from __future__ import annotations

import math

from contracts.refusals import Refusal, Refused
from user_accounts.domain.attempts import Attempts
from user_accounts.ports import Deps


def require_attempt(deps: Deps, attempts: Attempts, key: str, refusal: Refusal) -> None:
    """Count an attempt, or refuse by this name and say how long to wait."""
    with deps.limits.lock:
        wait_us = attempts.take(key, deps.clock.monotonic_us())
    if wait_us:
        raise Refused(refusal, retry_after_s=math.ceil(wait_us / 1_000_000))
