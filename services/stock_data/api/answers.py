"""The answers as the OpenAPI document describes them; `shapes` makes them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, RootModel

from chassis.answers import Answer, Number, Time


class Asset(Answer):
    """An instrument; sizes and prices are decimal strings."""

    id: str
    class_: Literal["us_equity"] = Field(serialization_alias="class")
    exchange: Literal["NASDAQ"]
    symbol: str
    name: str
    status: Literal["active"]
    tradable: bool
    marginable: bool
    shortable: bool
    easy_to_borrow: bool
    fractionable: bool
    min_order_size: str
    min_trade_increment: str
    price_increment: str
    lot_size: str
    reference_price: str
    halted: bool


class Assets(RootModel[list[Asset]]):
    """Every instrument asked for, by symbol."""


class Bar(Answer):
    """A candle: start, open, high, low, close, volume, number of trades, volume-weighted average price."""

    t: Time
    o: Number
    h: Number
    l: Number  # noqa: E741  # Alpaca's name
    c: Number
    v: int
    n: int
    vw: Number


class Trade(Answer):
    """A print: time, price, size, the symbol's count of trades, and the taker's side (B or S)."""

    t: Time
    p: Number
    s: int
    i: int
    tks: Literal["B", "S"]


class Quote(Answer):
    """Best bid and ask, price and size; 0 where nobody stands."""

    t: Time
    bp: Number
    bs: int
    ap: Number
    as_: int = Field(serialization_alias="as")


class Snapshot(Answer):
    latestTrade: Trade | None
    latestQuote: Quote | None
    minuteBar: Bar | None
    dailyBar: Bar | None
    prevDailyBar: Bar | None


class SymbolSnapshot(Snapshot):
    symbol: str


class Snapshots(RootModel[dict[str, Snapshot]]):
    """A snapshot by symbol."""


class BarsPage(Answer):
    bars: dict[str, list[Bar]]
    next_page_token: str | None


class SymbolBarsPage(Answer):
    symbol: str
    bars: list[Bar]
    next_page_token: str | None


class TradesPage(Answer):
    trades: dict[str, list[Trade]]
    next_page_token: str | None


class SymbolTradesPage(Answer):
    symbol: str
    trades: list[Trade]
    next_page_token: str | None


class LatestBars(Answer):
    bars: dict[str, Bar]


class LatestBar(Answer):
    symbol: str
    bar: Bar | None


class LatestTrades(Answer):
    trades: dict[str, Trade]


class LatestTrade(Answer):
    symbol: str
    trade: Trade | None


class LatestQuotes(Answer):
    quotes: dict[str, Quote]


class LatestQuote(Answer):
    symbol: str
    quote: Quote | None


class BookLevel(Answer):
    """Price, size and number of orders at one price."""

    p: Number
    s: int
    n: int


class OrderBook(Answer):
    """The book as it stands after command `sequence`, best levels first."""

    symbol: str
    sequence: int
    t: Time | None
    bids: list[BookLevel]
    asks: list[BookLevel]
