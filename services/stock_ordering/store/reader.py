"""SQL that looks things up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, LiteralString

from chassis.database import Transaction
from contracts.facts import Reason
from contracts.orders import OrderStatus, OrderType, Side, TimeInForce
from stock_ordering.domain.funds import OpenOrders, Spending
from stock_ordering.domain.order import Fill, Order
from stock_ordering.domain.wishes import Instrument
from stock_ordering.ports import ClientKey, Listing

COLUMNS: LiteralString = (
    "id, account_id, client_order_id, symbol, asset_id, side, type, time_in_force, quantity, limit_price, price, "
    "expires_at_us, replaces, created_at_us, updated_at_us, status, resting, sequence, filled_quantity, "
    "filled_notional, carried_quantity, carried_notional, reason, replaced_by, cancel_requested_at_us, ended_at_us"
)
"""In the order of Order's fields."""

OPEN: LiteralString = "status in ('pending_new', 'new', 'partially_filled')"
"""Spelled as in the partial index, so that the planner can use it."""

_OF_STATUS: dict[str, LiteralString] = {"open": OPEN, "closed": f"not {OPEN}", "all": "true"}

_LISTED: LiteralString = """
select {columns} from orders
where account_id = %(account_id)s and {of_status}
  and created_at_us > %(after_us)s and created_at_us < %(until_us)s
  and (%(side)s::text is null or side = %(side)s)
  and (%(symbols)s::text[] is null or symbol = any(%(symbols)s))
order by created_at_us {direction}, id {direction}
limit %(limit)s
"""

_BY_CLIENT_ID: LiteralString = f"""
select {COLUMNS} from orders
join unnest(%s::uuid[], %s::text[]) as wanted (account, client_id)
  on account_id = wanted.account and client_order_id = wanted.client_id
"""

_PENDING_REPLACEMENT: LiteralString = "(status = 'pending_new' and replaces is not null)"

_OPEN_ORDERS: LiteralString = f"""
select coalesce(sum((quantity - filled_quantity) * price) filter (where side = 'buy'), 0),
    coalesce(sum(quantity - filled_quantity) filter (where side = 'sell'), 0)
from orders where account_id = %s and {OPEN} and not {_PENDING_REPLACEMENT}
"""

_PENDING_ORDERS: LiteralString = """
select id, side, symbol, case side when 'buy' then quantity * price else quantity end
from orders where account_id = %s and status = 'pending_new' and replaces is null
order by created_at_us desc limit 1000
"""

_FIRST_US, _LAST_US = -(2**63), 2**63 - 1


class SqlReader:
    """`ports.Reader` on PostgreSQL."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def order(self, account_id: str, order_id: str) -> Order | None:
        query: LiteralString = f"select {COLUMNS} from orders where id = %s and account_id = %s"
        row = self._transaction.row(query, (order_id, account_id))
        return None if row is None else order_of(row)

    def pending_replacement(self, order_id: str) -> Order | None:
        query: LiteralString = f"select {COLUMNS} from orders where replaces = %s and status = 'pending_new'"
        row = self._transaction.row(query, (order_id,))
        return None if row is None else order_of(row)

    def orders_by_client_id(self, keys: Sequence[ClientKey]) -> dict[ClientKey, Order]:
        if not keys:
            return {}
        rows = self._transaction.rows(_BY_CLIENT_ID, ([account for account, _ in keys], [name for _, name in keys]))
        return {(order.account_id, order.client_order_id): order for order in map(order_of, rows)}

    def listed(self, listing: Listing) -> list[Order]:
        query = _LISTED.format(
            columns=COLUMNS,
            of_status=_OF_STATUS[listing.status],
            direction="desc" if listing.newest_first else "asc",
        )
        parameters = {
            "account_id": listing.account_id,
            "after_us": _FIRST_US if listing.after_us is None else listing.after_us,
            "until_us": _LAST_US if listing.until_us is None else listing.until_us,
            "side": listing.side,
            "symbols": None if listing.symbols is None else list(listing.symbols),
            "limit": listing.limit,
        }
        return [order_of(row) for row in self._transaction.rows(query, parameters)]

    def fills(self, order_id: str, limit: int, offset: int) -> list[Fill]:
        rows = self._transaction.rows(
            "select order_id, trade_id, quantity, price, remaining, is_maker, at_us from fills "
            "where order_id = %s order by remaining desc limit %s offset %s",
            (order_id, limit, offset),
        )
        return [Fill(*row) for row in rows]

    def open_orders(self, account_id: str) -> OpenOrders:
        [(buys, sells)] = self._transaction.rows(_OPEN_ORDERS, (account_id,))
        pending = self._transaction.rows(_PENDING_ORDERS, (account_id,))
        return OpenOrders(
            int(buys), int(sells), [Spending(order_id, Side(side), *what) for order_id, side, *what in pending]
        )

    def newest_fill(self, order_id: str) -> Fill | None:
        row = self._transaction.row(
            "select order_id, trade_id, quantity, price, remaining, is_maker, at_us from fills "
            "where order_id = %s order by remaining limit 1",
            (order_id,),
        )
        return None if row is None else Fill(*row)

    def instruments(self) -> list[Instrument]:
        query: LiteralString = "select symbol, asset_id, tick, lot, reference_price, halted from instruments"
        return [Instrument(*row) for row in self._transaction.rows(query)]


def order_of(row: tuple[Any, ...]) -> Order:
    """An order from its COLUMNS."""
    order = Order(*row)
    order.side = Side(order.side)
    order.type = OrderType(order.type)
    order.time_in_force = TimeInForce(order.time_in_force)
    order.status = OrderStatus(order.status)
    order.reason = None if order.reason is None else Reason(order.reason)
    return order
