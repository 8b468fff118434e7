"""What makes an order or a replacement acceptable, and what it becomes when it is."""

from __future__ import annotations

from typing import Never

from contracts.money import LARGEST_PRICE, dollars
from contracts.orders import OrderStatus, OrderType, Side, TimeInForce
from contracts.refusals import Refusal, Refused
from stock_ordering.domain.order import Order
from stock_ordering.domain.trading_day import Ends
from stock_ordering.domain.wishes import Instrument, PlaceOrder, ReplaceOrder

RESTING_TIMES = (TimeInForce.DAY, TimeInForce.GTC)
"""The times in force of orders that can stand in the book."""


class OddLot(Refused):
    """A sale that is no multiple of the lot, and not, or not known to be, one of the whole odd remainder."""


def accept(
    command: PlaceOrder,
    instrument: Instrument,
    price: int,
    order_id: str,
    available: int | None,
) -> Order:
    """Make the pending order; raises Refused by name. It gets its time, and its end, when it is saved.

    `available` are the shares of the symbol that the account could sell; None if nobody knows.
    """
    require_trading(instrument)
    if command.side is Side.SELL:
        _require_lots_or_remainder(instrument, command.quantity, available)
    else:
        _require_lots(instrument, command.quantity)
    _require_price(instrument, price)
    return Order(
        id=order_id,
        account_id=command.account_id,
        client_order_id=command.client_order_id or order_id,
        symbol=instrument.symbol,
        asset_id=instrument.asset_id,
        side=command.side,
        type=command.type,
        time_in_force=command.time_in_force,
        quantity=command.quantity,
        limit_price=command.limit_price,
        price=price,
        expires_at_us=None,
        replaces=None,
        created_at_us=0,
        updated_at_us=0,
    )


def accept_replacement(
    old: Order, command: ReplaceOrder, instrument: Instrument, order_id: str, at_us: int, ends: Ends
) -> Order:
    """Make the pending replacement of an open order; raises Refused by name."""
    time_in_force = command.time_in_force or old.time_in_force
    _require_replaceable(old, time_in_force)
    require_trading(instrument)
    quantity = command.quantity or old.quantity
    price = command.limit_price or old.price
    if quantity != old.quantity and (quantity - old.quantity) % instrument.lot:
        _require_lots(instrument, quantity)
    _require_price(instrument, price)
    if quantity <= old.filled_quantity:
        _refuse(f"qty is the new total: {old.filled_quantity} shares have already filled, so it must be more.")
    return Order(
        id=order_id,
        account_id=old.account_id,
        client_order_id=command.client_order_id or order_id,
        symbol=old.symbol,
        asset_id=old.asset_id,
        side=old.side,
        type=old.type,
        time_in_force=time_in_force,
        quantity=quantity,
        limit_price=price,
        price=price,
        expires_at_us=ends.of(old.type, time_in_force, at_us),
        replaces=old.id,
        created_at_us=at_us,
        updated_at_us=at_us,
    )


def is_repeat(command: PlaceOrder, order: Order) -> bool:
    """Whether the order is what the command asks for: the same in all that an account can say of a new order.

    What the exchange worked out itself (a market order's price, the day's end) is another at another moment and
    does not count; a default counts like the same value spelled out.
    """
    return (order.replaces, order.symbol, order.side, order.type, order.time_in_force) == (
        None,
        command.symbol,
        command.side,
        command.type,
        command.time_in_force,
    ) and (order.quantity, order.limit_price) == (command.quantity, command.limit_price)


def is_repeated_replacement(command: ReplaceOrder, old: Order, order: Order) -> bool:
    """Whether the order is the replacement of `old` that the command asks for; what it leaves out is as in `old`."""
    return (order.replaces, order.quantity, order.limit_price, order.time_in_force) == (
        old.id,
        command.quantity or old.quantity,
        command.limit_price or old.limit_price,
        command.time_in_force or old.time_in_force,
    )


def collar_price(side: Side, last_price: int, tick: int, percent: int) -> int:
    """The worst price a market order may trade at: on a tick, within `percent` of the last price."""
    if side is Side.BUY:
        worst = last_price * (100 + percent) // 100 // tick * tick
    else:
        worst = -(-last_price * (100 - percent) // (100 * tick)) * tick
    return min(max(worst, tick), LARGEST_PRICE // tick * tick)


def require_open(order: Order) -> None:
    """Refused(NOT_OPEN), saying what became of the order, unless it is open."""
    if not order.is_open:
        message = f"The order is no longer open: it was {order.status}."
        raise Refused(Refusal.NOT_OPEN, message, order_status=order.status)


def require_trading(instrument: Instrument) -> None:
    """Refused(SYMBOL_HALTED) while trading in the instrument is halted."""
    if instrument.halted:
        raise Refused(Refusal.SYMBOL_HALTED, f"Trading in {instrument.symbol} is halted. Try again when it resumes.")


def _require_replaceable(old: Order, time_in_force: TimeInForce) -> None:
    require_open(old)
    if old.cancel_requested_at_us is not None:  # the replacement might be there first, and the cancel come to nothing
        raise Refused(Refusal.CANCEL_PENDING)
    if old.type is not OrderType.LIMIT or old.time_in_force not in RESTING_TIMES:
        _refuse("Only limit orders that are day or gtc can be replaced.")
    if time_in_force not in RESTING_TIMES:
        _refuse("A replaced order stands in the book: time_in_force must be day or gtc.")
    if old.status is OrderStatus.PENDING_NEW and old.replaces is not None:
        raise Refused(Refusal.REPLACE_PENDING, "The order is itself a replacement that is still under way.")


def cost(order: Order) -> int:
    """What the order can cost at most: 1/10000 dollar for a buy, shares for a sell."""
    return order.quantity * order.price if order.side is Side.BUY else order.quantity


def cost_beyond(old: Order, new: Order) -> int:
    """What a replacement can cost beyond its original, however much of that fills meanwhile; counted as in `cost`.

    What is needed and what is held differ by a linear function of what fills, so the worst is at one of its ends.
    """
    if new.side is Side.SELL:
        return max(0, new.quantity - old.quantity)
    if new.price >= old.price:
        return max(0, (new.quantity - old.filled_quantity) * new.price - old.remaining * old.price)
    return max(0, (new.quantity - old.quantity) * new.price)


def _require_lots(instrument: Instrument, quantity: int) -> None:
    if quantity % instrument.lot:
        _refuse(f"qty must be a multiple of the lot of {instrument.symbol}: {instrument.lot} shares.")


def _require_lots_or_remainder(instrument: Instrument, quantity: int, available: int | None) -> None:
    """Lots, or lots and the whole odd remainder: what is left to sell must be lots, or nobody could ever sell it."""
    lot, symbol = instrument.lot, instrument.symbol
    if not quantity % lot:
        return
    if available is None:
        message = (
            f"qty is no multiple of the lot of {symbol}, {lot} shares; whether it sells the odd remainder cannot be"
        )
        raise OddLot(Refusal.UNAVAILABLE, f"{message} told at the moment. Try again shortly.")
    if (available - quantity) % lot:
        odd = f", or take the odd {available % lot} with it" if available % lot else ""
        raise OddLot(Refusal.ORDER_NOT_ALLOWED, f"qty must be a multiple of the lot of {symbol}: {lot} shares{odd}.")


def _require_price(instrument: Instrument, price: int) -> None:
    if price % instrument.tick:
        _refuse(f"limit_price must be a multiple of the tick of {instrument.symbol}: {dollars(instrument.tick)}.")


def _refuse(message: str) -> Never:
    raise Refused(Refusal.ORDER_NOT_ALLOWED, message)
