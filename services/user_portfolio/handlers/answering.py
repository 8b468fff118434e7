"""What other services may ask: whether a fact has arrived here, and what an account can spend."""

from __future__ import annotations

from collections.abc import Sequence

from user_portfolio.domain.valuation import Holdings
from user_portfolio.ports import Deps

MOST_LOOKS = 5
"""At an account to which orders are coming all the time."""


def funds(deps: Deps, account_id: str, order_ids: Sequence[str]) -> tuple[Holdings, list[str]] | None:
    """How the account stands in the books, and for which of these orders; None for an unknown account.

    When as many orders were known before as after, none of them came in between: the two belong together. Else they
    are looked at again, in the end with too much left rather than too little.
    """
    with deps.reading() as reader:
        known = reader.known_orders(order_ids)
        for _ in range(MOST_LOOKS):
            holdings, before = reader.holdings(account_id), known
            known = reader.known_orders(order_ids)
            if len(known) == len(before):
                break
    return None if holdings is None else (holdings, known)


def has_applied(deps: Deps, order_id: str, filled: int, *, has_ended: bool) -> bool:
    """Whether cash and shares are as this outcome of an order makes them; if so, no older view is shown any more."""
    with deps.reading() as reader:
        found = reader.hold(order_id)
    if found is None:
        return False
    hold, version = found
    if not hold.has_applied(filled, has_ended=has_ended):
        return False
    if version is not None:
        deps.views.confirm({hold.account_id: version})
    return True
