"""What the API shows: an account in one snapshot, its activities and its ledger, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from chassis.database import Transaction
from contracts.orders import Side
from user_portfolio.domain.history import Movement
from user_portfolio.domain.holds import Hold, HoldState
from user_portfolio.domain.valuation import Holdings, Owned, rounded
from user_portfolio.domain.windows import Windows
from user_portfolio.ports import LedgerLeg, Page, PastActivity

_UNKNOWN_ASSET = "00000000-0000-0000-0000-000000000000"
"""For a symbol that has traded but whose listing has not arrived yet."""

HOLD_COLUMNS = "order_id, account_id, symbol, side, price, quantity, filled, held, state"

_ACTIVITY_COLUMNS = (
    "number, account_id, kind, at_us, cash_change, share_change, symbol, side, price, order_id, trade_id, "
    "cumulative, leaves"
)

_MOVEMENTS = """
select greatest(greatest(at_us, %(opened_at_us)s) / %(span_us)s, %(before)s) as window_number, kind, symbol,
    sum(cash_change), sum(share_change),
    sum(cash_change + share_change::numeric * coalesce(price, 0))
from activities where account_id = %(account_id)s and at_us < %(end_us)s
group by window_number, kind, symbol
"""


class StoreReader:
    """Reads of what is committed."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def holdings(self, account_id: str) -> Holdings | None:
        rows = self._transaction.rows(
            "select opened_at_us, cash, cash_held, symbol, asset_id, quantity, held, cost_basis, realised, "
            "reference_price, version from accounts left join positions using (account_id) "
            "left join instruments using (symbol) where account_id = %s order by symbol",
            (account_id,),
        )
        if not rows:
            return None
        opened_at_us, cash, cash_held = rows[0][:3]
        owned = [_owned(*row[3:-1]) for row in rows if row[3] is not None]
        return Holdings(account_id, opened_at_us, cash, cash_held, owned, rows[0][-1])

    def hold(self, order_id: str) -> tuple[Hold, str | None] | None:
        row = self._transaction.row(
            f"select {HOLD_COLUMNS}, version from holds join accounts using (account_id) where order_id = %s",
            (order_id,),
        )
        return None if row is None else (hold_of(*row[:-1]), row[-1])

    def known_orders(self, order_ids: Sequence[str]) -> list[str]:
        rows = self._transaction.rows("select order_id from holds where order_id = any(%s::uuid[])", (list(order_ids),))
        return [row[0] for row in rows]

    def activities(self, page: Page) -> list[PastActivity]:
        rows = self._transaction.rows(
            f"select {_ACTIVITY_COLUMNS} from activities where {_bounds(page)} order by {_order(page)} limit %(limit)s",
            asdict(page),
        )
        return [PastActivity(*row) for row in rows]

    def ledger(self, page: Page) -> list[LedgerLeg]:
        """Legs of whole activities: `limit` counts activities, each of which has one or two legs."""
        rows = self._transaction.rows(
            "select number, at_us, kind, asset, amount, case kind when 'FILL' then 'clearing' else 'issuer' end, "
            f"order_id, trade_id from (select {_ACTIVITY_COLUMNS} from activities "
            f"where {_bounds(page)} order by {_order(page)} limit %(limit)s) as booked "
            "join ledger_entries on activity = number and account = account_id::text "
            f"order by {_order(page)}, asset",
            asdict(page),
        )
        return [LedgerLeg(*row) for row in rows]

    def movements(self, account_id: str, opened_at_us: int, windows: Windows) -> list[Movement]:
        """Reads all of the account's activities, in their sums: some 100 ms for 100,000."""
        rows = self._transaction.rows(
            _MOVEMENTS,
            {
                "account_id": account_id,
                "opened_at_us": opened_at_us,
                "span_us": windows.span_us,
                "before": windows.first - 1,
                "end_us": windows.end_us,
            },
        )
        return [
            Movement(window, kind, symbol, int(cash_change), int(share_change), int(worth))
            for window, kind, symbol, cash_change, share_change, worth in rows
        ]


def _bounds(page: Page) -> str:
    """Only the conditions that are asked for, so that each can use the index by account and number."""
    conditions = {
        "number < %(beyond)s" if page.newest_first else "number > %(beyond)s": page.beyond,
        "kind = any(%(kinds)s::text[])": page.kinds,
        "at_us > %(after_us)s": page.after_us,
        "at_us < %(until_us)s": page.until_us,
    }
    return " and ".join(
        ["account_id = %(account_id)s", *(text for text, value in conditions.items() if value is not None)]
    )


def _order(page: Page) -> str:
    return "number desc" if page.newest_first else "number"


def _owned(
    symbol: str,
    asset_id: str | None,
    quantity: int,
    held: int,
    cost_basis: int,
    realised: int,
    reference_price: int | None,
) -> Owned:
    price = reference_price if reference_price is not None else rounded(cost_basis, quantity)
    return Owned(symbol, asset_id or _UNKNOWN_ASSET, quantity, held, cost_basis, realised, price)


def hold_of(
    order_id: str,
    account_id: str,
    symbol: str,
    side: str,
    price: int,
    quantity: int,
    filled: int,
    held: int,
    state: str,
) -> Hold:
    """A hold from its HOLD_COLUMNS."""
    return Hold(order_id, account_id, symbol, Side(side), price, quantity, filled, held, HoldState(state))
