"""Every fact that travels between services: past tense, immutable, versioned by name.

Conventions: ids are UUID text; prices and money are integers of 1/10000 dollar; quantities are whole shares;
`at_us` is microseconds since 1970 UTC. `sequence` is the book's own count of commands for its symbol, of a halt or
resume stock_data's count of those (0: told before they were counted): of two facts about the same order or halt the
one with the higher sequence is newer. A fact only ever gains fields with defaults; anything else is a new name.
"""

from __future__ import annotations

from dataclasses import dataclass

from contracts.continuations import CancelAllRequested as CancelAllRequested
from contracts.continuations import ShareGrantsRequested as ShareGrantsRequested
from contracts.orders import OrderType, Side, TimeInForce
from contracts.reasons import Reason as Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountOpened:
    account_id: str
    name: str
    at_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentListed:
    """A symbol can be traded. `asset_id` is its UUID; `tick` in 1/10000 dollar; `lot` in shares."""

    symbol: str
    asset_id: str
    name: str
    tick: int
    lot: int
    reference_price: int
    at_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentHalted:
    symbol: str
    at_us: int
    sequence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentResumed:
    symbol: str
    at_us: int
    sequence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlaced:
    """An order was accepted. `price` is the worst price it may trade at: its limit, or a market order's collar."""

    order_id: str
    account_id: str
    symbol: str
    side: Side
    type: OrderType
    time_in_force: TimeInForce
    quantity: int
    price: int
    expires_at_us: int | None
    at_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceRequested:
    """The order `replaces` is to become `order_id` with this total quantity (what has filled included) and limit.

    `expires_at_us` and `time_in_force` are those of the new order.
    """

    order_id: str
    replaces: str
    account_id: str
    symbol: str
    side: Side
    time_in_force: TimeInForce
    quantity: int
    price: int
    expires_at_us: int | None
    at_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelRequested:
    order_id: str
    account_id: str
    symbol: str
    at_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderHeld(OrderPlaced):
    """Cash or shares for the whole order are held; it may go to the book. Fields as in OrderPlaced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceHeld(ReplaceRequested):
    """What the replacement can cost beyond its original is held; it may go to the book."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRefused:
    """An order never reached the book: user_portfolio could not hold for it, or the book would not take it."""

    order_id: str
    account_id: str
    symbol: str
    reason: Reason
    at_us: int
    sequence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceRefused:
    """The replacement `order_id` will not happen; the order `replaces` is as it was. From the hold or the book."""

    order_id: str
    replaces: str
    account_id: str
    symbol: str
    reason: Reason
    at_us: int
    sequence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRested:
    """What is left of an order stands in the book."""

    order_id: str
    account_id: str
    symbol: str
    remaining: int
    sequence: int
    at_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFilled:
    """One side of one trade, told to that side's account. `remaining` is left of the order after this fill."""

    order_id: str
    account_id: str
    symbol: str
    side: Side
    trade_id: str
    quantity: int
    price: int
    remaining: int
    is_maker: bool
    sequence: int
    at_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCanceled:
    """The order ended with `remaining` shares unfilled. `reason` says by whose wish or rule."""

    order_id: str
    account_id: str
    symbol: str
    remaining: int
    reason: Reason
    sequence: int
    at_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderExpired:
    """A day order's day ended with `remaining` shares unfilled."""

    order_id: str
    account_id: str
    symbol: str
    remaining: int
    sequence: int
    at_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReplaced:
    """The order `replaces` ended and `order_id` stands in its stead with `remaining` shares still to fill.

    Fills of the new order, and its OrderRested, follow as facts of their own unless `kept_place` (then it
    stands where the old one stood and nothing more is said).
    """

    order_id: str
    replaces: str
    account_id: str
    symbol: str
    remaining: int
    price: int
    kept_place: bool
    sequence: int
    at_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelRefused:
    """The order could not be canceled: it was no longer open when the cancel reached the book."""

    order_id: str
    account_id: str
    symbol: str
    reason: Reason
    sequence: int
    at_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeExecuted:
    """A maker and a taker traded. `number` counts the symbol's trades from 1. Names no account: it is public."""

    trade_id: str
    symbol: str
    number: int
    price: int
    quantity: int
    taker_side: Side
    maker_order_id: str
    taker_order_id: str
    sequence: int
    at_us: int


@dataclass(frozen=True, slots=True)
class Level:
    """All that stands at one price; quantity 0 says the level is gone."""

    side: Side
    price: int
    quantity: int
    orders: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BookChanged:
    """The levels that changed since the symbol's previous BookChanged, as they stand after command `sequence`.

    `previous_sequence` is the `sequence` of that previous fact (0 for the first): a gap shows.
    """

    symbol: str
    levels: tuple[Level, ...]
    previous_sequence: int
    sequence: int
    at_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioChanged:
    """An account's cash, holds or positions changed, and user_portfolio answers so. `version` is another every time."""

    account_id: str
    version: str
    at_us: int


Fact = (
    AccountOpened
    | InstrumentListed
    | InstrumentHalted
    | InstrumentResumed
    | OrderPlaced
    | ReplaceRequested
    | CancelRequested
    | CancelAllRequested
    | ShareGrantsRequested
    | OrderHeld
    | ReplaceHeld
    | OrderRefused
    | ReplaceRefused
    | OrderRested
    | OrderFilled
    | OrderCanceled
    | OrderExpired
    | OrderReplaced
    | CancelRefused
    | TradeExecuted
    | BookChanged
    | PortfolioChanged
)
