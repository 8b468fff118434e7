"""Messages in: one table fact → what it means to those who look on. A feed of its own, no consumer group."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from chassis.bus import Message
from chassis.codec import decode_named
from contracts import facts
from contracts.streams import ROUTES
from live_gateway.domain.pictures import ORDER_EVENTS
from live_gateway.handlers.audience import Audience
from live_gateway.handlers.counts import Counts

HEARD: Mapping[type, Callable[[Audience, Any], None]] = MappingProxyType(
    {
        **dict.fromkeys(ORDER_EVENTS, Audience.order),
        facts.TradeExecuted: Audience.trade,
        facts.BookChanged: Audience.change_book,
        facts.PortfolioChanged: Audience.change_portfolio,
        facts.InstrumentListed: Audience.list_instrument,
        facts.InstrumentHalted: Audience.halt,
        facts.InstrumentResumed: Audience.halt,
    }
)

STREAMS = tuple(dict.fromkeys(ROUTES[kind].stream for kind in HEARD))
_NAMES = frozenset(ROUTES[kind].name for kind in HEARD)


def hear(audience: Audience, counts: Counts) -> Callable[[Message], None]:
    """What takes in a message of the feed; ValueError for one that cannot be read."""

    def take(message: Message) -> None:
        told = decode_named(message.body, _NAMES)
        with audience.changed:
            for fact in told:
                HEARD[type(fact)](audience, fact)
        counts.heard.inc()
        counts.behind.set(max(time.time() - _told_at_s(message.id), 0.0))

    return take


def _told_at_s(message_id: str) -> float:
    """The time a UUIDv7 begins with."""
    return int(message_id[:8] + message_id[9:13], 16) / 1_000
