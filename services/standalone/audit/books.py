"""Invariants of the books: the journal, priority, trades, and what the market is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby, pairwise, zip_longest

from contracts.orders import OrderStatus, Side
from standalone.audit.finding import Finding
from standalone.audit.merging import by_key, merged
from standalone.audit.replayed import MATCHING, Replayed
from standalone.audit.snapshot import Snapshot

Check = Callable[[Snapshot], Finding]

_OVER = (OrderStatus.FILLED, OrderStatus.CANCELED, OrderStatus.EXPIRED, OrderStatus.REPLACED)


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
    orders = snapshot.stream(
        MATCHING,
        "select symbol, order_id, account_id, side, price, quantity, remaining, time_in_force, expires_at_us, priority "
        'from orders where is_open order by symbol collate "C", priority',
    )
    for symbol, stored in groupby(orders, key=by_key):
        book = replayed.books.get(symbol)
        standing = map(_as_row, book.resting() if book else ())
        odd = [pair for pair in zip_longest((row[1:] for row in stored), standing) if pair[0] != pair[1]]
        if odd:
            differences.append(f"{symbol}: {len(odd)} open orders differ, such as {odd[0]}")
    rows = snapshot.rows(
        MATCHING,
        "select symbol, sequence, trades, halted, "
        "(select count(*) from orders where orders.symbol = books.symbol and is_open) from books",
    )
    for symbol, *kept in rows:
        book = replayed.books.get(symbol)
        state = [0, 0, False, 0] if book is None else [book.sequence, book.trades, book.halted, len(book.resting())]
        if state != kept:
            differences.append(f"{symbol}: stored {kept}, replayed {state} (sequence, trades, halted, open orders)")
    return Finding.among(len(rows), differences)


def _as_row(order: object) -> tuple[object, ...]:
    names = ("order_id", "account_id", "side", "price", "quantity", "remaining", "time_in_force", "expires_at_us")
    plain = (getattr(order, name) for name in (*names, "priority"))
    return tuple(str(value) if isinstance(value, str) else value for value in plain)


def price_then_time(replayed: Replayed, snapshot: Snapshot) -> Finding:
    """As a witness with queues of its own sees it."""
    objections = [objection for witness in replayed.witnesses.values() for objection in witness.objections]
    return Finding.among(replayed.trades, objections)


def what_is_over_stays_over(replayed: Replayed, snapshot: Snapshot) -> Finding:
    """No order leaves a terminal state."""
    lives = groupby(replayed.spool.lives(), by_key)
    return Finding.of(_revived(order, [row[1] for row in life]) for order, life in lives)


def _revived(order: str, life: Sequence[str]) -> str | None:
    for before, after in pairwise(life):
        if before in _OVER:
            return f"order {order} was {before} and became {after}"
    return None


def trades_are_the_replays(replayed: Replayed, snapshot: Snapshot) -> Finding:
    """The trades table of the book against the replay."""
    rows = snapshot.stream(
        MATCHING, 'select symbol, number, price, quantity from trades order by symbol collate "C", number'
    )
    stored = (((symbol, number), price, quantity) for symbol, number, price, quantity in rows)
    return Finding.of(
        None if kept == played and len(kept) == 1 else f"{symbol} trade {number}: stored {kept}, replayed {played}"
        for (symbol, number), (kept, played) in merged(stored, replayed.spool.trades())
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
    return Finding.among(len(replayed.books), differences)
