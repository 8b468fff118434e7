"""The answers as the OpenAPI document describes them; `shapes` makes them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field, RootModel, WithJsonSchema

Number = Annotated[Decimal, WithJsonSchema({"type": "number"})]
Time = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]


class Asset(BaseModel):
    """An instrument; sizes and prices are decimal strings."""

    id: str
    class_: str = Field(serialization_alias="class")
    exchange: str
    symbol: str
    name: str
    status: str
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


class Bar(BaseModel):
    """A candle: start, open, high, low, close, volume, number of trades, volume-weighted average price."""

    t: Time
    o: Number
    h: Number
    l: Number  # noqa: E741  # Alpaca's name
    c: Number
    v: int
    n: int
    vw: Number


class Trade(BaseModel):
    """A print: time, price, size, the symbol's count of trades, and the taker's side (B or S)."""

    t: Time
    p: Number
    s: int
    i: int
    tks: str


class Quote(BaseModel):
    """Best bid and ask, price and size; 0 where nobody stands."""

    t: Time
    bp: Number
    bs: int
    ap: Number
    as_: int = Field(serialization_alias="as")


class Snapshot(BaseModel):
    latestTrade: Trade | None
    latestQuote: Quote | None
    minuteBar: Bar | None
    dailyBar: Bar | None
    prevDailyBar: Bar | None


class SymbolSnapshot(Snapshot):
    symbol: str


class Snapshots(RootModel[dict[str, Snapshot]]):
    """A snapshot by symbol."""


class BarsPage(BaseModel):
    bars: dict[str, list[Bar]]
    next_page_token: str | None


class SymbolBarsPage(BaseModel):
    symbol: str
    bars: list[Bar]
    next_page_token: str | None


class TradesPage(BaseModel):
    trades: dict[str, list[Trade]]
    next_page_token: str | None


class SymbolTradesPage(BaseModel):
    symbol: str
    trades: list[Trade]
    next_page_token: str | None


class LatestBars(BaseModel):
    bars: dict[str, Bar]


class LatestBar(BaseModel):
    symbol: str
    bar: Bar | None


class LatestTrades(BaseModel):
    trades: dict[str, Trade]


class LatestTrade(BaseModel):
    symbol: str
    trade: Trade | None


class LatestQuotes(BaseModel):
    quotes: dict[str, Quote]


class LatestQuote(BaseModel):
    symbol: str
    quote: Quote | None


class BookLevel(BaseModel):
    """Price, size and number of orders at one price."""

    p: Number
    s: int
    n: int


class OrderBook(BaseModel):
    """The book as it stands after command `sequence`, best levels first."""

    symbol: str
    sequence: int
    t: Time | None
    bids: list[BookLevel]
    asks: list[BookLevel]
