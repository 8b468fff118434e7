"""Loads, locks and saves what a batch of facts touches, in a fixed number of statements whatever its size.

Rows go in as one JSON text each statement: psycopg writes a value of an array in 3 microseconds, msgspec a whole
row in less than one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from chassis.database import Transaction
from user_portfolio.domain.activities import ActivityKind
from user_portfolio.domain.desk import Desk, Touched
from user_portfolio.domain.grants import Instrument
from user_portfolio.domain.portfolio import Portfolio, Position
from user_portfolio.store.reading import HOLD_COLUMNS, hold_of

_OPENING_LOCK = 7_205_759_403_792_101
"""Openings and listings take turns: of an account and a symbol, the later one sees the other and grants."""

_LOCK_ACCOUNTS = (
    "select account_id, opened_at_us, cash, cash_held from accounts "
    "where account_id = any(%s::uuid[]) order by account_id for update"
)

_ENCODE = msgspec.json.Encoder().encode


_IN_TURN = """
greatest(
    place + max(least(at_us, (extract(epoch from statement_timestamp()) * 1000000)::bigint) - place)
        over (partition by account_id order by place),
    place + (select before.at_us from activities as before where before.account_id = activity.account_id
     order by before.number desc limit 1)
)
"""
"""An account's later activity has the later time, by whatever clocks its trades were matched: who asks for what came
after the last one seen misses none. Never later than the database's clock, so that one that is ahead holds nothing up.
"""


class Store:
    """The unit of one transaction. The account's row is the lock of all that belongs to the account."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def load(self, touched: Touched) -> Desk:
        desk = Desk(pages=touched.pages)
        if touched.opens_accounts or touched.lists_instruments:
            self._transaction.execute("select pg_advisory_xact_lock(%s)", (_OPENING_LOCK,))
            [(desk.issued_cash,)] = self._transaction.rows("select amount from issued_cash")
        if touched.opens_accounts or touched.lists_instruments or touched.pages:
            desk.instruments = self._instruments()
        if touched.lists_instruments:
            last = self._transaction.row("select account_id from accounts order by account_id desc limit 1")
            desk.last_account = last[0] if last else None
        desk.portfolios = {row[0]: Portfolio(*row) for row in self._lock_accounts(touched.accounts)}
        self._load_positions(desk, touched.positions)
        self._load_granted(desk, touched)
        self._load_holds(desk, touched)
        self._load_settled(desk, touched)
        return desk

    def accounts_between(self, from_id: str, until_id: str, limit: int) -> list[str]:
        rows = self._transaction.rows(
            "select account_id from accounts where account_id between %s and %s order by account_id limit %s",
            (from_id, until_id, limit),
        )
        return [account_id for (account_id,) in rows]

    def save(self, desk: Desk, version: str) -> None:
        self._save_listings(desk.listings)
        if any(activity.kind == ActivityKind.CASH_GRANT for activity in desk.activities):
            self._transaction.execute("update issued_cash set amount = %s", (desk.issued_cash,))
        self._save_portfolios(desk.portfolios.values(), version)
        self._save_holds(desk)
        self._save_activities(desk)

    def announce(self, facts: Sequence[object]) -> None:
        self._transaction.announce(facts)

    def after_commit(self, action: Callable[[], None]) -> None:
        self._transaction.after_commit(action)

    def happened(self, account_ids: Iterable[str]) -> None:
        self._transaction.happened(account_ids)

    def _instruments(self) -> dict[str, Instrument]:
        rows = self._transaction.rows("select symbol, asset_id, name, reference_price from instruments order by symbol")
        return {row[0]: Instrument(*row) for row in rows}

    def _lock_accounts(self, account_ids: set[str]) -> list[Any]:
        return self._transaction.rows(_LOCK_ACCOUNTS, (list(account_ids),))

    def _load_positions(self, desk: Desk, pairs: set[tuple[str, str]]) -> None:
        if not pairs:
            return
        rows = self._transaction.rows(
            "select account_id, symbol, quantity, held, cost_basis, realised from positions "
            "join json_to_recordset(%s::json) as wanted (account uuid, traded text) "
            "on account_id = account and symbol = traded",
            (_json({"account": account, "traded": symbol} for account, symbol in pairs),),
        )
        for account_id, *position in rows:
            if account_id in desk.portfolios:
                desk.portfolios[account_id].positions[position[0]] = Position(*position)

    def _load_granted(self, desk: Desk, touched: Touched) -> None:
        """Read when the accounts are locked: whoever has no grant by then gets none from anybody else."""
        if not touched.grants:
            return
        rows = self._transaction.rows(
            "select account_id, symbol from activities "
            "join json_to_recordset(%s::json) as wanted (account uuid, listed text) "
            "on account_id = account and symbol = listed where kind = 'JNLS'",
            (_json({"account": account, "listed": symbol} for account, symbol in touched.grants),),
        )
        desk.granted = {(account_id, symbol) for account_id, symbol in rows}

    def _load_holds(self, desk: Desk, touched: Touched) -> None:
        if not touched.orders:
            return
        rows = self._transaction.rows(
            f"select {HOLD_COLUMNS} from holds where order_id = any(%s::uuid[])", (list(touched.orders),)
        )
        desk.holds = {row[0]: hold_of(*row) for row in rows}

    def _load_settled(self, desk: Desk, touched: Touched) -> None:
        if not touched.fills:
            return
        rows = self._transaction.rows(
            "select order_id, trade_id from activities "
            "join json_to_recordset(%s::json) as wanted (o uuid, t uuid) on order_id = o and trade_id = t",
            (_json({"o": order_id, "t": trade_id} for order_id, trade_id in touched.fills),),
        )
        desk.settled = {(order_id, trade_id) for order_id, trade_id in rows}

    def _save_listings(self, listings: list[Instrument]) -> None:
        if listings:
            self._transaction.execute(
                "insert into instruments (symbol, asset_id, name, reference_price) "
                "select symbol, asset_id, name, reference_price from json_to_recordset(%s::json) "
                "as listed (symbol text, asset_id uuid, name text, reference_price bigint)",
                (_json(listings),),
            )

    def _save_portfolios(self, portfolios: Iterable[Portfolio], version: str) -> None:
        rows = [
            {
                "account_id": portfolio.account_id,
                "opened_at_us": portfolio.opened_at_us,
                "cash": portfolio.cash,
                "cash_held": portfolio.cash_held,
                "positions": list(portfolio.positions.values()),
            }
            for portfolio in portfolios
        ]
        if not rows:
            return
        self._transaction.execute(
            "with saved as (select * from json_to_recordset(%s::json) as saved "
            "(account_id uuid, opened_at_us bigint, cash bigint, cash_held bigint, positions json)), "
            "cash_saved as (insert into accounts (account_id, opened_at_us, cash, cash_held, version) "
            "select account_id, opened_at_us, cash, cash_held, %s::uuid from saved on conflict (account_id) "
            "do update set cash = excluded.cash, cash_held = excluded.cash_held, version = excluded.version) "
            "insert into positions (account_id, symbol, quantity, held, cost_basis, realised) "
            "select account_id, symbol, quantity, held, cost_basis, realised from saved "
            "cross join json_to_recordset(positions) "
            "as position (symbol text, quantity bigint, held bigint, cost_basis bigint, realised bigint) "
            "on conflict (account_id, symbol) do update set quantity = excluded.quantity, held = excluded.held, "
            "cost_basis = excluded.cost_basis, realised = excluded.realised",
            (_json(rows), version),
        )

    def _save_holds(self, desk: Desk) -> None:
        if not desk.holds:
            return
        self._transaction.execute(
            "insert into holds (order_id, account_id, symbol, side, price, quantity, filled, held, state) "
            "select order_id, account_id, symbol, side, price, quantity, filled, held, state "
            "from json_to_recordset(%s::json) as saved (order_id uuid, account_id uuid, symbol text, side text, "
            "price bigint, quantity bigint, filled bigint, held bigint, state text) "
            "on conflict (order_id) do update "
            "set filled = excluded.filled, held = excluded.held, state = excluded.state "
            "where (holds.filled, holds.held, holds.state) <> (excluded.filled, excluded.held, excluded.state)",
            (_json(desk.holds.values()),),
        )

    def _save_activities(self, desk: Desk) -> None:
        """Number the activities in their order and write each one's legs, the account's and the opposite."""
        if not desk.activities:
            return
        self._transaction.execute(
            "with booked as (insert into activities (account_id, kind, at_us, cash_change, share_change, symbol, "
            "side, price, order_id, trade_id, cumulative, leaves) "
            f"select account_id, kind, {_IN_TURN}, cash_change, share_change, symbol, "
            "side, price, order_id, trade_id, cumulative, leaves "
            "from rows from (json_to_recordset(%(rows)s::json) as (account_id uuid, kind text, "
            "at_us bigint, cash_change bigint, share_change bigint, symbol text, side text, price bigint, "
            "order_id uuid, trade_id uuid, cumulative bigint, leaves bigint)) with ordinality as activity (account_id, "
            "kind, at_us, cash_change, share_change, symbol, side, price, order_id, trade_id, cumulative, leaves, "
            "place) "
            "order by place "
            "returning number, account_id::text as account, kind, cash_change, share_change, symbol) "
            "insert into ledger_entries (activity, account, asset, amount) "
            "select number, leg.account, leg.asset, leg.amount from booked "
            "cross join lateral (values (case kind when 'FILL' then 'clearing' else 'issuer' end)) as other (side) "
            "cross join lateral (values (booked.account, 'USD', cash_change), (other.side, 'USD', -cash_change), "
            "(booked.account, symbol, share_change), (other.side, symbol, -share_change)) "
            "as leg (account, asset, amount) where leg.amount <> 0",
            {"rows": _json(desk.activities)},
        )


def _json(rows: Iterable[object]) -> str:
    return _ENCODE(list(rows)).decode()
