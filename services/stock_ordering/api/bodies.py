"""What the addresses under /v2/orders take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    BeforeValidator,
    Field,
    PlainValidator,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from chassis.moments import Moment, microseconds, require_order
from chassis.web import Strict, validation_refusal, with_examples
from contracts.money import LARGEST_QUANTITY
from contracts.orders import OrderType, Side, TimeInForce
from contracts.refusals import Refused
from contracts.texts import is_plain
from stock_ordering.domain import amounts
from stock_ordering.domain.wishes import PlaceOrder, ReplaceOrder
from stock_ordering.ports import Listing

LARGEST_BATCH = 1_000
LONGEST_CLIENT_ORDER_ID = 128
LONGEST_SYMBOLS = 4_096

_Number = TypeVar("_Number")


def _wrong(sentence: str) -> PydanticCustomError:
    return PydanticCustomError("wrong", "{sentence}", {"sentence": sentence})


def _number(read: Callable[[object], _Number]) -> BeforeValidator:
    def validate(value: object) -> _Number | None:
        try:
            return None if value is None else read(value)
        except ValueError as error:
            raise _wrong(str(error)) from error

    return BeforeValidator(validate)


def _plain(value: object) -> object:
    if isinstance(value, str) and value and not is_plain(value):
        raise _wrong("must consist of visible characters, with single spaces between words")
    return value


def _symbols(value: object) -> tuple[str, ...]:
    symbols = tuple(symbol for part in str(value).split(",") if (symbol := part.strip()))
    if not symbols or len(str(value)) > LONGEST_SYMBOLS:
        raise _wrong(f"must name symbols with commas between them, in at most {LONGEST_SYMBOLS} characters")
    if not all(map(is_plain, symbols)):
        raise _wrong("no instrument has such a symbol")
    return symbols


def _not_supported(value: object) -> None:
    if value is not None:
        raise _wrong("is not supported on this exchange; leave it out")


_DECIMAL_SCHEMA = {"anyOf": [{"type": "string", "pattern": r"^\d{1,20}(\.\d{1,20})?$"}, {"type": "number"}]}
Shares = Annotated[
    int,
    _number(amounts.shares),
    WithJsonSchema(
        {
            "anyOf": [{"type": "string"}, {"type": "integer", "minimum": 1, "maximum": LARGEST_QUANTITY}],
            "description": "Whole shares, as a decimal string or a number",
        }
    ),
]
Dollars = Annotated[
    int,
    _number(amounts.price),
    WithJsonSchema({**_DECIMAL_SCHEMA, "description": "Dollars, as a decimal string or a number"}),
]
ClientOrderId = Annotated[str, Field(min_length=1, max_length=LONGEST_CLIENT_ORDER_ID), BeforeValidator(_plain)]
Symbols = Annotated[
    tuple[str, ...],
    BeforeValidator(_symbols),
    WithJsonSchema({"type": "string", "maxLength": LONGEST_SYMBOLS, "description": "As in AAPL,MSFT"}),
]
Nested = Annotated[bool | None, Field(description="Changes nothing: no order here has legs")]
NotSupported = Annotated[None, BeforeValidator(_not_supported)]


class OrderBody(Strict):
    """A new order. The same again by its `client_order_id` is answered with the first one; another one is refused."""

    model_config = with_examples(
        limit={"symbol": "AAPL", "qty": "10", "side": "buy", "type": "limit", "limit_price": "189.50"},
        market={"symbol": "AAPL", "qty": "10", "side": "sell", "type": "market", "client_order_id": "mine-1"},
    )

    symbol: Annotated[str, Field(min_length=1, max_length=32)]
    qty: Shares
    side: Side
    type: OrderType
    time_in_force: TimeInForce = TimeInForce.DAY
    limit_price: Dollars | None = None
    client_order_id: ClientOrderId | None = None
    extended_hours: Literal[False] | None = None
    order_class: Literal["", "simple"] | None = None
    notional: NotSupported = None
    stop_price: NotSupported = None
    trail_price: NotSupported = None
    trail_percent: NotSupported = None
    take_profit: NotSupported = None
    stop_loss: NotSupported = None
    position_intent: NotSupported = None
    legs: NotSupported = None

    @model_validator(mode="after")
    def _limit_orders_have_a_limit(self) -> OrderBody:
        if self.type is OrderType.LIMIT and self.limit_price is None:
            raise _wrong("A limit order needs a limit_price")
        if self.type is OrderType.MARKET and self.limit_price is not None:
            raise _wrong("A market order has no limit_price")
        return self

    def wish(self, account_id: str) -> PlaceOrder:
        """The command this body stands for."""
        return PlaceOrder(
            account_id,
            self.symbol,
            self.side,
            self.type,
            self.time_in_force,
            self.qty,
            self.limit_price,
            self.client_order_id,
        )


def _judge_alone(value: object) -> OrderBody | Refused:
    try:
        return OrderBody.model_validate(value)
    except ValidationError as error:
        return validation_refusal(error)


class BatchBody(Strict):
    """Up to 1,000 new orders; each is judged alone."""

    orders: Annotated[
        list[Annotated[Any, PlainValidator(_judge_alone, json_schema_input_type=OrderBody)]],
        Field(max_length=LARGEST_BATCH),
    ]


class ReplaceBody(Strict):
    """What to change of an open order. `qty` is the new total, what has filled included."""

    model_config = with_examples(price={"limit_price": "189.75"}, quantity={"qty": "20"})

    qty: Shares | None = None
    limit_price: Dollars | None = None
    time_in_force: TimeInForce | None = None
    client_order_id: ClientOrderId | None = None
    stop_price: NotSupported = None
    trail: NotSupported = None

    @model_validator(mode="after")
    def _changes_something(self) -> ReplaceBody:
        if self.qty is None and self.limit_price is None and self.time_in_force is None:
            raise _wrong("Say what to change: qty, limit_price or time_in_force")
        return self

    def wish(self, account_id: str, order_id: str) -> ReplaceOrder:
        """The command this body stands for."""
        return ReplaceOrder(account_id, order_id, self.qty, self.limit_price, self.time_in_force, self.client_order_id)


class OrderPath(Strict):
    order_id: str


class ListQuery(Strict):
    """Which orders to list. Times are exclusive; symbols are separated by commas."""

    status: Literal["open", "closed", "all"] = "open"
    limit: Annotated[int, Field(ge=1, le=500)] = 50
    after: Moment | None = None
    until: Moment | None = None
    direction: Literal["asc", "desc"] = "desc"
    side: Side | None = None
    symbols: Symbols | None = None
    nested: Nested = None

    @model_validator(mode="after")
    def _after_before_until(self) -> ListQuery:
        require_order(self.after, self.until, "after and until")
        return self

    def listing(self, account_id: str) -> Listing:
        """The question this query stands for."""
        return Listing(
            account_id=account_id,
            status=self.status,
            limit=self.limit,
            after_us=None if self.after is None else microseconds(self.after),
            until_us=None if self.until is None else microseconds(self.until),
            newest_first=self.direction == "desc",
            side=self.side,
            symbols=self.symbols,
        )


class FillsQuery(Strict):
    limit: Annotated[int, Field(ge=1, le=1_000)] = 500
    offset: Annotated[int, Field(ge=0, le=LARGEST_QUANTITY)] = 0


class OrderQuery(Strict):
    nested: Nested = None


class ClientIdQuery(OrderQuery):
    client_order_id: ClientOrderId
