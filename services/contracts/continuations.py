"""Facts that a service tells itself, to go on with what one transaction may not do at once.

Each is committed with the part that was done and says what is left: a process that dies between two parts loses none.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelAllRequested:
    """Order entry tells itself to go on canceling an account's orders: after one place in their list, up to another."""

    account_id: str
    after_us: int
    after_id: str
    until_us: int
    until_id: str
    at_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareGrantsRequested:
    """user_portfolio tells itself to go on granting a symbol's shares: to the accounts from one id to another.

    `at_us` is that of the listing: everybody has the shares from the same moment and at the same price.
    """

    symbol: str
    from_id: str
    until_id: str
    at_us: int
