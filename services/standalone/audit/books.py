"""Invariants of the books: the journal, priority, trades, and what the market is shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from contracts.orders import Side
from standalone.audit.finding import Finding
from standalone.audit.replayed import MATCHING, Replayed
from standalone.audit.snapshot import Snapshot

Check = Callable[[Snapshot], Finding]


def checks(replayed: Replayed) -> list[tuple[str, Check]]:
    """The invariants that need the replayed journals, by name."""
    named = {
        "replay of the journal gives the same book": replay_gives_the_same_book,
        "price, then time, at the resting order's price; no book crossed": price_then_time,
        "what is over stays over": what_is_over_stays_over,
        "every trade is in the journal's replay, once": trades_are_the_replays,
        "shown depth and quote are the book": depth_is_the_book,
    }
    return [(name, partial(check, replayed)) for name, check in named.items()]


def replay_gives_the_same_book(replayed: Replayed, snapshot: Snapshot) -> Finding:
    """The stored book and its open orders, priority for priority."""
    differences = list(replayed.gaps)
    stored: dict[str, list[str]] = {}
    for symbol, *order in snapshot.rows(
        MATCHING,
        "select symbol, order_id, account_id, side, price, quantity, remaining, time_in_force, expires_at_us, priority "
        "from orders where is_open order by symbol, priority",
    ):
        stored.setdefault(symbol, []).append(repr(tuple(order)))
    rows = snapshot.rows(MATCHING, "select symbol, sequence, trades, halted from books")
    for symbol, sequence, trades, halted in rows:
        book = replayed.books.get(symbol)
        state = (0, 0, False) if book is None else (book.sequence, book.trades, book.halted)
        if state != (sequence, trades, halted):
            differences.append(f"{symbol}: stored {(sequence, trades, halted)}, replayed {state}")
        standing = [] if book is None else [repr(_as_row(order)) for order in book.resting()]
        if standing != stored.get(symbol, []):
            odd = sorted(set(standing) ^ set(stored.get(symbol, [])))
            differences.append(f"{symbol}: {len(odd)} open orders differ, such as {odd[:1]}")
    return Finding(len(rows), differences)


def _as_row(order: object) -> tuple[object, ...]:
    names = ("order_id", "account_id", "side", "price", "quantity", "remaining", "time_in_force", "expires_at_us")
    plain = (getattr(order, name) for name in (*names, "priority"))
    return tuple(str(value) if isinstance(value, str) else value for value in plain)


def price_then_time(replayed: Replayed, snapshot: Snapshot) -> Finding:
    """As a witness with queues of its own sees it."""
    objections = [objection for witness in replayed.witnesses.values() for objection in witness.objections]
    return Finding(sum(len(witness.trades) for witness in replayed.witnesses.values()), objections)


def what_is_over_stays_over(replayed: Replayed, snapshot: Snapshot) -> Finding:
    """No order leaves a terminal state."""
    return Finding(len(replayed.status), replayed.revived)


def trades_are_the_replays(replayed: Replayed, snapshot: Snapshot) -> Finding:
    """The trades table of the book against the replay."""
    stored: dict[str, list[tuple[int, int, int]]] = {}
    for symbol, number, price, quantity in snapshot.rows(
        MATCHING, "select symbol, number, price, quantity from trades order by symbol, number"
    ):
        stored.setdefault(symbol, []).append((number, price, quantity))
    replays = {symbol: witness.trades for symbol, witness in replayed.witnesses.items() if witness.trades}
    return Finding(
        sum(map(len, stored.values())),
        [
            f"{symbol}: {len(stored.get(symbol, []))} trades stored are not the {len(replays.get(symbol, []))} replayed"
            for symbol in sorted(stored.keys() | replays.keys())
            if stored.get(symbol, []) != replays.get(symbol, [])
        ],
    )


def depth_is_the_book(replayed: Replayed, snapshot: Snapshot) -> Finding:
    """Levels and quote of stock_data against the replayed books."""
    shown: dict[str, set[tuple[str, int, int, int]]] = {}
    for symbol, *level in snapshot.rows("stock_data", "select symbol, side, price, quantity, orders from levels"):
        shown.setdefault(symbol, set()).add(tuple(level))
    quotes = {
        symbol: quote
        for symbol, *quote in snapshot.rows("stock_data", "select symbol, bid_price, ask_price from markets")
    }
    differences = []
    for symbol, book in replayed.books.items():
        bids, asks = book.depth(Side.BUY), book.depth(Side.SELL)
        levels = {(str(level.side), level.price, level.quantity, level.orders) for level in (*bids, *asks)}
        if levels != shown.get(symbol, set()):
            differences.append(f"{symbol}: {len(levels ^ shown.get(symbol, set()))} levels differ")
        best = [bids[0].price if bids else None, asks[0].price if asks else None]
        if best != quotes.get(symbol, [None, None]):
            differences.append(f"{symbol}: the quote shows {quotes.get(symbol)}, the book's best are {best}")
    return Finding(len(replayed.books), differences)
