"""Why orders end: the closed list that facts, answers and the page share."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why an order was refused or ended without being filled; a closed list."""

    INSUFFICIENT_BUYING_POWER = "insufficient_buying_power"
    INSUFFICIENT_SHARES = "insufficient_shares"
    REQUESTED = "requested"
    NOTHING_TO_MATCH = "nothing_to_match"
    CANNOT_FILL_COMPLETELY = "cannot_fill_completely"
    TOO_LATE_TO_ENTER = "too_late_to_enter"
    SELF_TRADE = "self_trade"
    SYMBOL_HALTED = "symbol_halted"
    ALREADY_FILLED = "already_filled"
    ORDER_NOT_OPEN = "order_not_open"
