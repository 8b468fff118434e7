"""What can be set from outside, and how the starting grant is written."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.settings import SettingsError, require_days
from contracts.money import LARGEST_QUANTITY, UNITS_PER_DOLLAR, dollars, parse_decimal, units
from user_portfolio.domain.grants import Grant

LARGEST_CASH = 1_000_000_000_000 * UNITS_PER_DOLLAR
"""Some hundred accounts can begin with so much before all money is issued (`LARGEST_MONEY`)."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`starting_cash` in dollars; `starting_shares` like "AAPL:100,*:50", `*` for every symbol not named.

    `closed_orders_kept_days`: of holds, 0 is for ever.
    """

    starting_cash: str = "100000"
    starting_shares: str = "*:100"
    account_wait_s: float = 2.0
    closed_orders_kept_days: int = 7

    def __post_init__(self) -> None:
        require_days("CLOSED_ORDERS_KEPT_DAYS", self.closed_orders_kept_days)


def starting_grant(settings: Settings) -> Grant:
    """Read what a new account starts with; SettingsError says what is wrong with it."""
    parts = [part.strip() for part in settings.starting_shares.split(",")]
    return Grant(_cash(settings.starting_cash), dict(_shares(part) for part in parts if part))


def _cash(text: str) -> int:
    try:
        cash = units(parse_decimal(text))
    except ValueError as error:
        raise SettingsError(f"STARTING_CASH={text!r} is not an amount in dollars: {error}") from error
    if not 0 <= cash <= LARGEST_CASH:
        raise SettingsError(f"STARTING_CASH={text!r} is not between 0 and {dollars(LARGEST_CASH, 0)} dollars")
    return cash


def _shares(text: str) -> tuple[str, int]:
    symbol, _, quantity = (part.strip() for part in text.partition(":"))
    if not symbol or not quantity.isdecimal() or int(quantity) > LARGEST_QUANTITY:
        raise SettingsError(f"STARTING_SHARES has {text!r}; write SYMBOL:QUANTITY, at most {LARGEST_QUANTITY}")
    return symbol, int(quantity)
