"""A service's tables as they can be compared: every row, without what chance and the clock have put into it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import psycopg

from chassis import outbox
from chassis.codec import decode_facts
from contracts.facts import BookChanged, CancelAllRequested, PortfolioChanged, ShareGrantsRequested

Tables = dict[str, list[str]]
"""Table → its rows as JSON texts, sorted."""

MINTED: Mapping[tuple[str, str], frozenset[str]] = {
    ("order_matching", "trades"): frozenset({"trade_id", "at_us"}),  # made when the orders match
    ("stock_data", "trades"): frozenset({"at_us"}),  # not before the print before it, nor after the database's clock
    ("user_portfolio", "accounts"): frozenset({"version"}),  # a new one with every batch
    ("order_matching", "books"): frozenset({"told_sequence"}),  # of the last batch that moved a level
}
"""Columns left out of a table's rows."""

NOT_COMPARED = frozenset(
    {
        "schema_migrations",
        "inbox",  # the ids of messages
        "outbox",  # its facts are compared, how they are packed is not
        "order_times",  # made when orders are placed, which nobody hears of
        "orders_of_the_day",  # likewise
    }
)

_LEFT_OUT = (BookChanged, PortfolioChanged, CancelAllRequested, ShareGrantsRequested)

_READ_ANOTHER_WAY: Mapping[tuple[str, str], str] = {
    # The number of an activity counts those of all accounts; what counts is the turn among an account's own.
    # They are dated in their account's turn, and never later than the database's clock. Shares are granted when both
    # the account and the symbol are known.
    ("user_portfolio", "activities"): (
        "select to_jsonb(a) - '{number,at_us}'::text[] || case kind when 'JNLS' then '{}'::jsonb else "
        "jsonb_build_object('turn', row_number() over (partition by account_id, kind order by number)) end "
        "from activities a"
    ),
    # Which minute a print falls into depends on its date; what they are all together does not.
    ("stock_data", "candles"): (
        "select jsonb_build_object('timeframe', timeframe, 'symbol', symbol, 'high', max(high), 'low', min(low), "
        "'open', (array_agg(open order by start_us))[1], 'close', (array_agg(close order by start_us desc))[1], "
        "'volume', sum(volume), 'trade_count', sum(trade_count), 'notional', sum(notional)) "
        "from candles group by timeframe, symbol"
    ),
    ("user_portfolio", "ledger_entries"): (
        "select to_jsonb(l) - 'activity' || jsonb_build_object('of', to_jsonb(a) - '{number,at_us}'::text[]) "
        "from ledger_entries l join activities a on a.number = l.activity"
    ),
    # An order that rests and ends within a batch never needs its place in the queue.
    ("order_matching", "orders"): (
        "select to_jsonb(o) || case when is_open then '{}'::jsonb else '{\"priority\": 0}' end from orders o"
    ),
    # A row of the journal is a batch, and batches are as chance packs them; their commands are not.
    ("order_matching", "journal"): (
        "select jsonb_build_object('symbol', symbol, 'sequence', first_sequence + turn - 1, "
        "'self_trade', self_trade, 'command', command) "
        "from journal cross join json_array_elements(commands::json) with ordinality as each (command, turn)"
    ),
}


def tables_of(service: str, url: str) -> Tables:
    """Read a whole database."""
    with psycopg.connect(url) as connection:
        names = connection.execute(
            "select table_name::text from information_schema.tables where table_schema = 'public'"
        ).fetchall()
        return {name: _rows(connection, service, name) for (name,) in sorted(names) if name not in NOT_COMPARED}


def facts_told(url: str) -> Counter[str]:
    """The facts in the outbox, without when they were told and what they call a trade.

    A BookChanged and a PortfolioChanged tell of a whole batch, and batches are as chance packs them: they are left
    out, and what they would lead to is in the tables. So is what a service tells itself: how much is left to do depends
    on what came first.
    """
    with psycopg.connect(url) as connection:
        messages = [message for _, message in outbox.waiting(connection, 1_000_000)]
    facts = [fact for message in messages for fact in decode_facts(message.body)]
    return Counter(_without_chance(fact) for fact in facts if not isinstance(fact, _LEFT_OUT))


def _rows(connection: psycopg.Connection, service: str, table: str) -> list[str]:
    query = _READ_ANOTHER_WAY.get((service, table), f"select to_jsonb(t) from {table} t")
    left_out = MINTED.get((service, table), frozenset())
    return sorted(_text(row, left_out) for (row,) in connection.execute(query.encode()))


def _without_chance(fact: Any) -> str:
    fields = {name: getattr(fact, name) for name in fact.__dataclass_fields__}
    return f"{type(fact).__name__} {_text(fields, frozenset({'at_us', 'trade_id'}))}"


def _text(row: Mapping[str, Any], left_out: frozenset[str]) -> str:
    return json.dumps({name: value for name, value in row.items() if name not in left_out}, sort_keys=True)
