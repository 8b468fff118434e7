"""Orders that were refused or ended without a trade go after some days; whatever has traded stays for ever."""

from __future__ import annotations

from typing import LiteralString

from chassis.database import Database
from chassis.pruning import cautious_now_us, prune

_DAY_US = 86_400 * 1_000_000

_PRUNE: LiteralString = """
with gone as (
    delete from orders where id in (
        select id from orders
        where ended_at_us < %(before_us)s and ended_at_us is not null and filled_quantity = 0
        order by ended_at_us limit %(rows)s for update skip locked
    )
    returning id
), noted as (
    update pruned set before_us = greatest(before_us, %(before_us)s) where exists (select 1 from gone)
)
select id from gone
"""


def prune_untraded_orders(database: Database, now_us: int, kept_days: int) -> None:
    """Forget those that ended before; nothing with 0 days.

    `pruned.before_us` says for the audit that an older order may be missing here which its book's journal knows.
    """
    if kept_days:
        prune(database, _PRUNE, {"before_us": cautious_now_us(database, now_us) - kept_days * _DAY_US})
