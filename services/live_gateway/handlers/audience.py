"""Everybody who is connected: who wants to see what, and what each has not been told yet."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

import msgspec

from chassis.feed import Feed
from contracts import facts
from live_gateway.domain import pictures
from live_gateway.domain.asking import Credentials, Subscription
from live_gateway.domain.pending import Pending
from live_gateway.domain.room import Room
from live_gateway.handlers.agenda import Agenda
from live_gateway.handlers.counts import Counts

_encode = msgspec.json.Encoder().encode


@dataclass(eq=False, slots=True)
class Client:
    """One connection. At most one update is on its way to it; All seconds are of the monotonic clock."""

    sid: str
    account_id: str
    address: str
    credentials: Credentials
    ends_at_s: float | None
    checked_s: float
    subscription: Subscription = field(default_factory=Subscription)
    pending: Pending = field(default_factory=Pending)
    number: int = 0
    is_under_way: bool = False
    sent_s: float = 0.0
    due_s: float | None = None


class Audience:
    """All clients of this process. Whoever calls a method that says so holds `changed`."""

    def __init__(self, feed: Feed, counts: Counts, room: Room, pause_s: float) -> None:
        self.changed = threading.Condition()
        self.agenda: Agenda[Client] = Agenda()
        self._feed = feed
        self._counts = counts
        self._room = room
        self._pause_s = pause_s
        self._clients: dict[str, Client] = {}
        self._of_account: dict[str, dict[Client, None]] = {}
        self._of_address: dict[str, dict[Client, None]] = {}
        self._prices: dict[str, set[Client]] = {}
        self._markets: dict[str, set[Client]] = {}
        self._halt_sequences: dict[str, int] = {}
        self._last_wanted_s = time.monotonic()
        counts.watch(self._clients.__len__)

    def clients(self) -> list[Client]:
        with self.changed:
            return list(self._clients.values())

    def find(self, sid: str) -> Client | None:
        return self._clients.get(sid)

    def enter(self, client: Client) -> Client | None:
        """Take somebody in, hearing all that is told from now on; Refused if there is no room.

        Where it takes the place of another, that one has left, and is returned to be told so.
        """
        self._last_wanted_s = time.monotonic()
        self._feed.wake()
        with self.changed:
            gone = self._room.make(client.account_id, client.address, self._of_account, self._of_address)
            if gone is not None:
                self._remove(gone)
            self._clients[client.sid] = client
            self._of_account.setdefault(client.account_id, {})[client] = None
            self._of_address.setdefault(client.address, {})[client] = None
            self.call_up(client, 0.0)
            return gone

    def leave(self, sid: str) -> None:
        """Somebody has gone; nothing if so already."""
        with self.changed:
            client = self._clients.get(sid)
            if client is not None:
                self._remove(client)

    def subscribe(self, client: Client, subscription: Subscription) -> None:
        """In place of whatever was subscribed before."""
        with self.changed:
            if client.sid in self._clients:
                self._watch(client, subscription)
                client.pending.keep(subscription)

    def rest_when_empty(self, after_s: float) -> None:
        """Hear nothing while nobody is there, nor has been for a while."""
        with self.changed:
            if not self._clients and time.monotonic() - self._last_wanted_s > after_s:
                self._feed.rest()

    def call_up(self, client: Client, due_s: float) -> None:
        """Look at this client then at the latest. The caller holds `changed`."""
        earliest_s = self.agenda.next_s()
        if client.due_s is None or due_s < client.due_s:
            self.agenda.set(client, due_s)
        if earliest_s is None or due_s < earliest_s:
            self.changed.notify()

    def miss(self) -> None:
        """Something may not have been heard: everybody is to fetch everything again."""
        with self.changed:
            self._counts.resyncs.inc()
            for client in self._clients.values():
                client.pending.lose_all(client.subscription)
                self._has_news(client)

    def trade(self, trade: facts.TradeExecuted) -> None:
        """A trade for those who look at the symbol. The caller holds `changed`; so for all that follow."""
        price_watchers, market_watchers = self._prices.get(trade.symbol, ()), self._markets.get(trade.symbol, ())
        if price_watchers:
            price = pictures.price(trade)
            for client in price_watchers:
                client.pending.price(trade.symbol, price, trade.quantity)
                self._has_news(client)
        if market_watchers:
            shown = _encoded(pictures.trade_print(trade))
            for client in market_watchers:
                client.pending.trade(trade.symbol, shown)
                self._has_news(client)

    def change_book(self, change: facts.BookChanged) -> None:
        watchers = self._markets.get(change.symbol)
        if not watchers:
            return
        levels = [((level.side, level.price), _encoded(pictures.level(level))) for level in change.levels]
        for client in watchers:
            client.pending.change_book(change.symbol, change.previous_sequence, change.sequence, levels)
            self._has_news(client)

    def order(self, fact: pictures.OrderFact) -> None:
        """To that order's account, and to nobody else."""
        owners = self._of_account.get(fact.account_id)
        if not owners:
            return
        shown = _encoded(pictures.order_event(fact))
        for client in owners:
            client.pending.order(shown)
            self._has_news(client)

    def change_portfolio(self, change: facts.PortfolioChanged) -> None:
        for client in self._of_account.get(change.account_id, ()):
            client.pending.portfolio()
            self._has_news(client)

    def halt(self, fact: facts.InstrumentHalted | facts.InstrumentResumed) -> None:
        newest = self._halt_sequences.get(fact.symbol, 0)
        if 0 < fact.sequence < newest:
            return  # told once more after a newer one: a relay that was cut off from the broker repeats itself
        self._halt_sequences[fact.symbol] = max(fact.sequence, newest)
        for client in self._clients.values():
            client.pending.halt(fact.symbol, isinstance(fact, facts.InstrumentHalted))
            self._has_news(client)

    def list_instrument(self, fact: facts.InstrumentListed) -> None:
        for client in self._clients.values():
            client.pending.new_instrument(fact.symbol)
            self._has_news(client)

    def _has_news(self, client: Client) -> None:
        if not client.is_under_way:  # or it is looked at when it has answered
            self.call_up(client, client.sent_s + self._pause_s)

    def _remove(self, client: Client) -> None:
        self._last_wanted_s = time.monotonic()
        del self._clients[client.sid]
        self.agenda.strike(client)
        self._watch(client, Subscription())
        for group, name in ((self._of_account, client.account_id), (self._of_address, client.address)):
            del group[name][client]
            if not group[name]:
                del group[name]

    def _watch(self, client: Client, subscription: Subscription) -> None:
        before, client.subscription = client.subscription, subscription
        for watchers, old, new in (
            (self._prices, before.prices, subscription.prices),
            (self._markets, before.markets, subscription.markets),
        ):
            for symbol in old:
                _remove(watchers, symbol, client)
            for symbol in new:
                watchers.setdefault(symbol, set()).add(client)


def _remove(groups: dict[str, set[Client]], name: str, client: Client) -> None:
    groups[name].discard(client)
    if not groups[name]:
        del groups[name]


def _encoded(shown: object) -> msgspec.Raw:
    """Written once, however many clients it goes to."""
    return msgspec.Raw(_encode(shown))
