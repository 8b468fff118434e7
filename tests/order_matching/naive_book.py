"""An order book written to be obviously right: one list, sorted whenever somebody asks. It shares no code with Book."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

FAR_FUTURE = 10**18


@dataclass
class Entry:
    """A resting order."""

    order: str
    account: str
    side: str
    price: int
    quantity: int
    remaining: int
    expires_at_us: int
    arrival: int


class NaiveBook:
    """The same commands as Book, and the same reports."""

    def __init__(self, refuses_self_trades: bool) -> None:
        self.refuses_self_trades = refuses_self_trades
        self.entries: list[Entry] = []
        self.sequence = 0
        self.trades = 0
        self.halted = False
        self.told: list[tuple[Any, ...]] = []

    def side(self, side: str) -> list[Entry]:
        """One side, the entry that trades first in front."""
        best_first = -1 if side == "buy" else 1
        mine = [entry for entry in self.entries if entry.side == side]
        return sorted(mine, key=lambda entry: (best_first * entry.price, entry.arrival))

    def depth(self, side: str) -> list[tuple[int, int, int]]:
        found: dict[int, list[int]] = {}
        for entry in self.side(side):
            found.setdefault(entry.price, []).append(entry.remaining)
        return [(price, sum(rests), len(rests)) for price, rests in found.items()]

    def submit(self, entry: Entry, tif: str, canceled: bool, now_us: int = 0) -> None:
        self.sequence += 1
        if canceled:
            self.say_canceled(entry, "requested")
            return
        self.end_what_is_over(now_us)
        if entry.expires_at_us <= now_us:
            self.say_too_late(entry, tif)
        elif reason := self.reason_to_refuse(entry):
            self.say("refused", entry.order, entry.account, reason)
        else:
            self.enter(entry, tif)

    def cancel(self, order: str, account: str) -> None:
        self.sequence += 1
        entry = self.find(order)
        if entry is None:
            self.say("cancel_refused", order, account, "order_not_open")
        else:
            self.entries.remove(entry)
            self.say_canceled(entry, "requested")

    def replace(self, replaces: str, new: Entry, tif: str, canceled: bool, now_us: int = 0) -> None:
        self.sequence += 1
        self.end_what_is_over(now_us)
        old = self.find(replaces)
        if old is None:
            self.say("replace_refused", new.order, replaces, new.account, "order_not_open")
            return
        filled = old.quantity - old.remaining
        new.remaining = new.quantity - filled
        if new.remaining <= 0:
            self.say("replace_refused", new.order, replaces, new.account, "already_filled")
            return
        too_late = new.expires_at_us <= now_us
        if not too_late and (reason := self.reason_to_refuse(new)):
            self.say("replace_refused", new.order, replaces, new.account, reason)
            return
        keeps = not canceled and not too_late and new.price == old.price and new.remaining <= old.remaining
        self.say("replaced", new.order, replaces, new.account, new.remaining, new.price, keeps)
        self.entries.remove(old)
        if canceled:
            self.say_canceled(new, "requested")
        elif too_late:
            self.say_too_late(new, tif)
        elif keeps:
            new.arrival = old.arrival
            self.entries.append(new)
        else:
            self.enter(new, tif)

    def expire(self, now_us: int) -> None:
        self.sequence += 1
        self.end_what_is_over(now_us)

    def end_what_is_over(self, now_us: int) -> None:
        for entry in sorted(self.entries, key=lambda entry: entry.arrival):
            if entry.expires_at_us <= now_us:
                self.entries.remove(entry)
                self.say("expired", entry.order, entry.account, entry.remaining)

    def halt(self) -> None:
        self.sequence += 1
        self.halted = True

    def resume(self) -> None:
        self.sequence += 1
        self.halted = False

    def reason_to_refuse(self, taker: Entry) -> str | None:
        if self.halted:
            return "symbol_halted"
        if self.refuses_self_trades and self.fillable(taker)[1]:
            return "self_trade"
        return None

    def fillable(self, taker: Entry) -> tuple[int, bool]:
        """How much could trade at once, and whether an order of the same account stands in the way."""
        fillable = 0
        for maker in self.side("sell" if taker.side == "buy" else "buy"):
            if not crosses(taker, maker) or fillable >= taker.remaining:
                break
            if maker.account == taker.account:
                return fillable, True
            fillable += maker.remaining
        return fillable, False

    def enter(self, taker: Entry, tif: str) -> None:
        fillable, in_its_own_way = self.fillable(taker)
        if tif == "fok" and fillable < taker.remaining:
            self.say_canceled(taker, "self_trade" if in_its_own_way else "cannot_fill_completely")
            return
        for maker in self.side("sell" if taker.side == "buy" else "buy"):
            if not taker.remaining or not crosses(taker, maker) or maker.account == taker.account:
                break
            self.trade(taker, maker)
        if not taker.remaining:
            return
        if in_its_own_way:
            self.say_canceled(taker, "self_trade")
        elif tif == "ioc":
            self.say_canceled(taker, "nothing_to_match")
        else:
            taker.arrival = self.sequence
            self.entries.append(taker)
            self.say("rested", taker.order, taker.account, taker.remaining)

    def trade(self, taker: Entry, maker: Entry) -> None:
        quantity = min(taker.remaining, maker.remaining)
        taker.remaining -= quantity
        maker.remaining -= quantity
        if maker.remaining == 0:
            self.entries.remove(maker)
        self.trades += 1
        self.say(
            "traded", self.trades, maker.price, quantity, taker.side,
            taker.order, taker.account, taker.remaining, maker.order, maker.account, maker.remaining,
        )  # fmt: skip

    def find(self, order: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.order == order), None)

    def say(self, kind: str, *about: Any) -> None:
        self.told.append((kind, self.sequence, *about))

    def say_too_late(self, entry: Entry, tif: str) -> None:
        if tif in ("ioc", "fok"):
            self.say_canceled(entry, "too_late_to_enter")
        else:
            self.say("expired", entry.order, entry.account, entry.remaining)

    def say_canceled(self, entry: Entry, reason: str) -> None:
        self.say("canceled", entry.order, entry.account, entry.side, entry.price, entry.remaining, reason)


def crosses(taker: Entry, maker: Entry) -> bool:
    return maker.price <= taker.price if taker.side == "buy" else maker.price >= taker.price
