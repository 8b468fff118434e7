"""A trading day that ends while chaos goes on, and what became of orders at their end."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import psycopg

_START_S = 25.0
"""How long it takes until there is somebody who trades."""

_AFTER_THE_DAY_S = 6.0

_ENDS = """
select count(*) filter (where status = 'expired'),
    count(*) filter (where ended_at_us is null and expires_at_us < extract(epoch from now()) * 1000000),
    (select count(*) from fills join orders as filled on filled.id = order_id
     where fills.at_us >= filled.expires_at_us)
from orders
"""


@dataclass(frozen=True, slots=True)
class Day:
    """When the trading day ends, in seconds since 1970: while the chaos goes on."""

    ends_s: float

    @classmethod
    def within(cls, seconds: float) -> Day:
        """The first whole minute after two fifths of a run that starts now."""
        return cls(-(-(time.time() + _START_S + 0.4 * seconds) // 60) * 60)

    @property
    def settings(self) -> dict[str, str]:
        return {"DAY_ENDS_UTC": time.strftime("%H:%M", time.gmtime(self.ends_s))}

    def is_over(self) -> bool:
        return time.time() > self.ends_s + _AFTER_THE_DAY_S


def count_ends(databases: Mapping[str, str]) -> tuple[int, int, int]:
    """How many orders have ended with their day, how many have outlived it, how many fills came at or after an end."""
    with psycopg.connect(databases["stock_ordering"]) as connection:
        ended, overdue, late_fills = connection.execute(_ENDS).fetchone() or (0, 0, 0)
    return ended, overdue, late_fills
