"""The exchange never closes; its trading day ends once every 24 hours, and day orders with it."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.orders import OrderType, TimeInForce

_MINUTE_US = 60_000_000
_DAY_US = 24 * 60 * _MINUTE_US


def next_end_us(at_us: int, ends_minute: int) -> int:
    """The first end of a trading day after `at_us`; `ends_minute` counts from midnight UTC."""
    ends_us = ends_minute * _MINUTE_US
    return ((at_us - ends_us) // _DAY_US + 1) * _DAY_US + ends_us


@dataclass(frozen=True, slots=True)
class Ends:
    """When orders end by themselves.

    A day order ends with its day, `day_ends_minute` after midnight UTC. An order that trades at once or not at all ends
    `immediate_max_age_us` after it was placed: who asked for a price of now does not want one of after the outage.
    """

    day_ends_minute: int
    immediate_max_age_us: int

    def of(self, kind: OrderType, time_in_force: TimeInForce, at_us: int) -> int | None:
        """The end of an order placed at this moment; None for one that stands until somebody ends it."""
        if not can_rest(kind, time_in_force):
            return at_us + self.immediate_max_age_us
        return next_end_us(at_us, self.day_ends_minute) if time_in_force is TimeInForce.DAY else None


def can_rest(kind: OrderType, time_in_force: TimeInForce) -> bool:
    """Whether what does not trade at once stands in the book; a market order never does."""
    return kind is OrderType.LIMIT and time_in_force in (TimeInForce.DAY, TimeInForce.GTC)
