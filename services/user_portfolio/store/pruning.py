"""Holds of orders that are over go after some days: what they were is in the activities and the ledger."""

from __future__ import annotations

from typing import LiteralString

from chassis.database import Database
from chassis.pruning import cautious_now_us, prune
from contracts.ids import earliest_uuid7

_DAY_MS = 86_400 * 1_000

_PRUNE: LiteralString = """
delete from holds where order_id in (
    select order_id from holds where order_id < %(before)s::uuid and state in ('ended', 'refused')
    order by order_id limit %(rows)s for update skip locked
)
"""


def prune_holds(database: Database, now_us: int, kept_days: int) -> None:
    """Forget those of orders that were placed before; nothing with 0 days.

    An order's number says when it was placed, so no index has to be kept. A fact that comes twice is known by its
    message for as long as a message can be on its way.
    """
    if kept_days:
        before_ms = cautious_now_us(database, now_us) // 1_000 - kept_days * _DAY_MS
        prune(database, _PRUNE, {"before": earliest_uuid7(before_ms)})
