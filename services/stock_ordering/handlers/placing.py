"""Places orders: each judged alone, all saved and announced together, a repeat answered with its first order."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.clock import Clock
from contracts.ids import uuid7
from contracts.money import dollars
from contracts.orders import OrderType, Side
from contracts.refusals import Refusal, Refused
from stock_ordering.domain import rules
from stock_ordering.domain.announcements import placed
from stock_ordering.domain.order import Order
from stock_ordering.domain.wishes import Instrument, PlaceOrder
from stock_ordering.ports import ClientKey, Deps, Outcome, Placement, Unit


def place_order(deps: Deps, wish: PlaceOrder) -> Order:
    """Accept the order durably, or return the first one of its client order id; raises Refused by name."""
    return deps.counter.place(judge(deps, wish.account_id, [wish])[0])


def place_orders(deps: Deps, account_id: str, wishes: Sequence[PlaceOrder | Refused]) -> Sequence[Outcome]:
    """Judge each wish alone; the answers are in the order of the wishes."""
    return deps.counter.place_many(judge(deps, account_id, wishes))


def judge(deps: Deps, account_id: str, wishes: Sequence[PlaceOrder | Refused]) -> list[Placement]:
    """Decide about each wish by what is known without asking the database."""
    traded = {wish.symbol: deps.instruments.get(wish.symbol) for wish in wishes if isinstance(wish, PlaceOrder)}
    market = {wish.symbol for wish in wishes if isinstance(wish, PlaceOrder) and wish.type is OrderType.MARKET}
    prices = deps.prices.last_prices([found for symbol in sorted(market) if (found := traded[symbol])])
    power = deps.buying_power.buying_power(account_id)
    return [
        Placement(account_id, None, wish)
        if isinstance(wish, Refused)
        else Placement(account_id, wish, _judge_one(deps, wish, traded[wish.symbol], prices, power))
        for wish in wishes
    ]


def place(unit: Unit, clock: Clock, placements: Sequence[Placement]) -> list[Outcome]:
    """Save and announce what was accepted and not there before; one outcome per placement, in order.

    Who asks for the same again gets the first order; who asks for something else by its name is refused: he would
    take the answer for the order that he asked for.

    Orders of one transaction are a microsecond apart: it takes longer to save one than that, so an
    account's orders can be paged by time.
    """
    now_us = clock.now_us()
    wanted: dict[ClientKey, Order] = {}
    for placement in placements:
        if isinstance(placement.judged, Order):
            wanted.setdefault(_key(placement.judged), placement.judged)
    for position, order in enumerate(wanted.values()):
        order.created_at_us = order.updated_at_us = now_us + position
    saved = unit.add_orders(list(wanted.values()))
    unit.announce([placed(order) for order in wanted.values() if order.id in saved])
    first = {key: order for key, order in wanted.items() if order.id in saved}
    asked = {key for placement in placements if (key := _key_of(placement)) is not None}
    first.update(unit.orders_by_client_id(sorted(asked - first.keys())))
    return [_outcome(placement, first, saved) for placement in placements]


def _judge_one(
    deps: Deps, wish: PlaceOrder, instrument: Instrument | None, prices: dict[str, int], power: int | None
) -> Outcome:
    try:
        if instrument is None:
            raise Refused(Refusal.UNKNOWN_SYMBOL)
        now_us = deps.clock.now_us()
        price = wish.limit_price or rules.collar_price(
            wish.side, prices[wish.symbol], instrument.tick, deps.collar_percent
        )
        expires_at_us = None
        if wish.type is OrderType.LIMIT:
            expires_at_us = rules.expiry_us(wish.time_in_force, now_us, deps.day_ends_minute)
        order = rules.accept(wish, instrument, price, uuid7(now_us // 1_000), expires_at_us)
        _require_buying_power(order, power)
    except Refused as refused:
        return refused
    return order


def _require_buying_power(order: Order, power: int | None) -> None:
    cost = order.quantity * order.price
    if order.side is Side.BUY and power is not None and cost > power:
        message = f"The order can cost {dollars(cost)} dollars; the account's buying power is {dollars(power)}."
        raise Refused(Refusal.INSUFFICIENT_BUYING_POWER, message, cost_basis=dollars(cost), buying_power=dollars(power))


def _key(order: Order) -> ClientKey:
    return order.account_id, order.client_order_id


def _key_of(placement: Placement) -> ClientKey | None:
    if isinstance(placement.judged, Order):
        return _key(placement.judged)
    wish = placement.wish
    return (wish.account_id, wish.client_order_id) if wish is not None and wish.client_order_id else None


def _outcome(placement: Placement, first: dict[ClientKey, Order], saved: set[str]) -> Outcome:
    key = _key_of(placement)
    known = first.get(key) if key is not None else None
    if known is None or placement.wish is None:
        return placement.judged
    if rules.is_repeat(placement.wish, known):
        return known
    if isinstance(placement.judged, Refused) and known.id in saved:
        return placement.judged  # it did not lose its name to the other one: they came together
    return Refused(Refusal.DUPLICATE_CLIENT_ORDER_ID)
