"""Facts as the market tells them; what does not matter to a story is filled in."""

from __future__ import annotations

from itertools import count
from uuid import UUID

from contracts.facts import (
    AccountOpened,
    InstrumentListed,
    OrderCanceled,
    OrderFilled,
    OrderPlaced,
    OrderReplaced,
    Reason,
    ReplaceRefused,
    ReplaceRequested,
)
from contracts.money import UNITS_PER_DOLLAR
from contracts.orders import OrderType, Side, TimeInForce

_numbers = count(1)


def identity(name: str) -> str:
    """The UUID that stands for a name in these tests; the same name is the same UUID."""
    return str(UUID(bytes=name.encode()[:16].ljust(16, b"_")))


def dollars(amount: int) -> int:
    return amount * UNITS_PER_DOLLAR


ALICE, BOB = identity("alice"), identity("bob")


def opened(account_id: str = ALICE, at_us: int = 1_000) -> AccountOpened:
    return AccountOpened(account_id=account_id, name="somebody", at_us=at_us)


def listed(symbol: str = "AAPL", at: int = dollars(100)) -> InstrumentListed:
    return InstrumentListed(
        symbol=symbol,
        asset_id=identity(f"asset-{symbol}"),
        name=f"{symbol} Inc.",
        tick=100,
        lot=1,
        reference_price=at,
        at_us=2_000,
    )


def placed(side: Side, order: str, qty: int, at: int, account_id: str, symbol: str) -> OrderPlaced:
    return OrderPlaced(
        order_id=identity(order),
        account_id=account_id,
        symbol=symbol,
        side=side,
        type=OrderType.LIMIT,
        time_in_force=TimeInForce.GTC,
        quantity=qty,
        price=at,
        expires_at_us=None,
        at_us=3_000,
    )


def buy(order: str, *, qty: int, at: int, account: str = ALICE, symbol: str = "AAPL") -> OrderPlaced:
    return placed(Side.BUY, order, qty, at, account, symbol)


def sell(order: str, *, qty: int, at: int, account: str = ALICE, symbol: str = "AAPL") -> OrderPlaced:
    return placed(Side.SELL, order, qty, at, account, symbol)


def fill(
    order: OrderPlaced | ReplaceRequested, *, qty: int, at: int, left: int = 0, trade: str | None = None
) -> OrderFilled:
    return OrderFilled(
        order_id=order.order_id,
        account_id=order.account_id,
        symbol=order.symbol,
        side=order.side,
        trade_id=identity(trade or f"trade{next(_numbers)}"),
        quantity=qty,
        price=at,
        remaining=left,
        is_maker=False,
        sequence=1,
        at_us=4_000,
    )


def canceled(order: OrderPlaced | ReplaceRequested, *, left: int) -> OrderCanceled:
    return OrderCanceled(
        order_id=order.order_id,
        account_id=order.account_id,
        symbol=order.symbol,
        remaining=left,
        reason=Reason.REQUESTED,
        sequence=2,
        at_us=5_000,
    )


def replace(original: OrderPlaced | ReplaceRequested, by: str, *, qty: int, at: int) -> ReplaceRequested:
    return ReplaceRequested(
        order_id=identity(by),
        replaces=original.order_id,
        account_id=original.account_id,
        symbol=original.symbol,
        side=original.side,
        time_in_force=original.time_in_force,
        quantity=qty,
        price=at,
        expires_at_us=None,
        at_us=6_000,
    )


def replaced(asked: ReplaceRequested, *, left: int) -> OrderReplaced:
    return OrderReplaced(
        order_id=asked.order_id,
        replaces=asked.replaces,
        account_id=asked.account_id,
        symbol=asked.symbol,
        remaining=left,
        price=asked.price,
        kept_place=False,
        sequence=3,
        at_us=7_000,
    )


def replace_refused(asked: ReplaceRequested, reason: Reason = Reason.ORDER_NOT_OPEN) -> ReplaceRefused:
    return ReplaceRefused(
        order_id=asked.order_id,
        replaces=asked.replaces,
        account_id=asked.account_id,
        symbol=asked.symbol,
        reason=reason,
        at_us=7_000,
        sequence=3,
    )
