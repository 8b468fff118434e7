"""Which fact travels on which stream; facts of one stream with the same key arrive in the order they were told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from contracts import facts


class Stream(StrEnum):
    """A named flow of facts; its facts share the kind of key that keeps them in order."""

    ACCOUNTS = "accounts"
    INSTRUMENTS = "instruments"
    ORDER_ENTRY = "order_entry"
    ORDER_CONTROL = "order_control"
    ORDER_CANCELING = "order_canceling"
    ORDER_HELD = "order_held"
    ORDER_OUTCOME = "order_outcome"
    SHARE_GRANTING = "share_granting"
    MARKET = "market"
    PORTFOLIO = "portfolio"


@dataclass(frozen=True, slots=True)
class Route:
    """How a kind of fact travels: its name on the wire, its stream, and the field that is its key."""

    name: str
    stream: Stream
    key: str


ROUTES: dict[type, Route] = {
    facts.AccountOpened: Route("account.opened", Stream.ACCOUNTS, "account_id"),
    facts.InstrumentListed: Route("instrument.listed", Stream.INSTRUMENTS, "symbol"),
    facts.InstrumentHalted: Route("instrument.halted", Stream.INSTRUMENTS, "symbol"),
    facts.InstrumentResumed: Route("instrument.resumed", Stream.INSTRUMENTS, "symbol"),
    facts.OrderPlaced: Route("order.placed", Stream.ORDER_ENTRY, "account_id"),
    facts.ReplaceRequested: Route("replace.requested", Stream.ORDER_ENTRY, "account_id"),
    facts.CancelRequested: Route("cancel.requested", Stream.ORDER_CONTROL, "symbol"),
    facts.CancelAllRequested: Route("cancel_all.requested", Stream.ORDER_CANCELING, "account_id"),
    facts.ShareGrantsRequested: Route("share_grants.requested", Stream.SHARE_GRANTING, "symbol"),
    facts.OrderHeld: Route("order.held", Stream.ORDER_HELD, "symbol"),
    facts.ReplaceHeld: Route("replace.held", Stream.ORDER_HELD, "symbol"),
    facts.OrderRefused: Route("order.refused", Stream.ORDER_OUTCOME, "account_id"),
    facts.ReplaceRefused: Route("replace.refused", Stream.ORDER_OUTCOME, "account_id"),
    facts.OrderRested: Route("order.rested", Stream.ORDER_OUTCOME, "account_id"),
    facts.OrderFilled: Route("order.filled", Stream.ORDER_OUTCOME, "account_id"),
    facts.OrderCanceled: Route("order.canceled", Stream.ORDER_OUTCOME, "account_id"),
    facts.OrderExpired: Route("order.expired", Stream.ORDER_OUTCOME, "account_id"),
    facts.OrderReplaced: Route("order.replaced", Stream.ORDER_OUTCOME, "account_id"),
    facts.CancelRefused: Route("cancel.refused", Stream.ORDER_OUTCOME, "account_id"),
    facts.TradeExecuted: Route("trade.executed", Stream.MARKET, "symbol"),
    facts.BookChanged: Route("book.changed", Stream.MARKET, "symbol"),
    facts.PortfolioChanged: Route("portfolio.changed", Stream.PORTFOLIO, "account_id"),
}
