"""Facts of a market that does not matter, for the tests of the live gateway."""

from __future__ import annotations

from contracts import facts
from contracts.orders import OrderType, Side, TimeInForce

ALICE = "0197a3f0-0000-7000-8000-00000000000a"
BOB = "0197a3f0-0000-7000-8000-00000000000b"
NOON_US = 1_750_000_000_000_000


def trade(number: int = 1, symbol: str = "AAPL", price: int = 1_000_500, quantity: int = 10) -> facts.TradeExecuted:
    return facts.TradeExecuted(
        trade_id=f"t{number}",
        symbol=symbol,
        number=number,
        price=price,
        quantity=quantity,
        taker_side=Side.BUY,
        maker_order_id="maker",
        taker_order_id="taker",
        sequence=number,
        at_us=NOON_US,
    )


def change(previous: int, sequence: int, *levels: tuple[Side, int, int], symbol: str = "AAPL") -> facts.BookChanged:
    """A change of the book; a level is side, price in 1/10000 dollar and quantity."""
    return facts.BookChanged(
        symbol=symbol,
        levels=tuple(facts.Level(side, price, quantity, min(quantity, 1)) for side, price, quantity in levels),
        previous_sequence=previous,
        sequence=sequence,
        at_us=NOON_US,
    )


def placed(order_id: str = "o1", account_id: str = ALICE, type: OrderType = OrderType.LIMIT) -> facts.OrderPlaced:  # noqa: A002  # the fact's word
    return facts.OrderPlaced(
        order_id=order_id,
        account_id=account_id,
        symbol="AAPL",
        side=Side.BUY,
        type=type,
        time_in_force=TimeInForce.DAY,
        quantity=10,
        price=1_000_500,
        expires_at_us=None,
        at_us=NOON_US,
    )


def filled(order_id: str = "o1", account_id: str = ALICE, remaining: int = 0) -> facts.OrderFilled:
    return facts.OrderFilled(
        order_id=order_id,
        account_id=account_id,
        symbol="AAPL",
        side=Side.BUY,
        trade_id="t1",
        quantity=4,
        price=1_000_400,
        remaining=remaining,
        is_maker=True,
        sequence=7,
        at_us=NOON_US,
    )


def portfolio_changed(account_id: str = ALICE, version: str = "1") -> facts.PortfolioChanged:
    return facts.PortfolioChanged(account_id=account_id, version=version, at_us=NOON_US)
