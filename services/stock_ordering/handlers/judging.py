"""Judges orders before they are saved: by the rules, and by what their account can spend."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from contracts.ids import uuid7
from contracts.orders import OrderType, Side
from contracts.refusals import Refusal, Refused
from stock_ordering.domain import rules
from stock_ordering.domain.funds import Funds, Spending, reconciled
from stock_ordering.domain.order import Order
from stock_ordering.domain.wishes import Instrument, PlaceOrder
from stock_ordering.ports import Deps, Outcome, Placement

_LACKS_FUNDS = (Refusal.INSUFFICIENT_BUYING_POWER, Refusal.INSUFFICIENT_SHARES)


@dataclass(frozen=True, slots=True)
class _Market:
    """What is known of the symbols that are asked for."""

    instruments: dict[str, Instrument | None]
    prices: dict[str, int]


def judge(deps: Deps, account_id: str, wishes: Sequence[PlaceOrder | Refused]) -> list[Placement]:
    """Decide about each wish, in order, each by what those before it leave to spend.

    What is cached refuses nobody, for it may be older than what the account was told. It only tells whether to ask
    user_portfolio, whose answer refuses. Without one the order is accepted: the hold decides.
    """
    asked_for = [wish for wish in wishes if isinstance(wish, PlaceOrder)]
    market, sold = _market(deps, asked_for), sorted({wish.symbol for wish in asked_for if wish.side is Side.SELL})
    funds = deps.cached_funds.funds(account_id, sold)
    left, placements = _judge_all(deps, account_id, wishes, market, funds, ())
    if any(is_doubtful(placement.judged) for placement in placements):
        funds = confirmed_funds(deps, account_id, sold)
        left, placements = _judge_all(deps, account_id, wishes, market, funds, _repeated(deps, asked_for))
    if funds is not None and left is not None:
        deps.cached_funds.remember(account_id, funds, left)
    return placements


def is_doubtful(judged: Outcome) -> bool:
    """Whether a refusal needs to be confirmed by what user_portfolio knows."""
    if isinstance(judged, rules.OddLot):
        return True
    return isinstance(judged, Refused) and judged.refusal in _LACKS_FUNDS


def confirmed_funds(deps: Deps, account_id: str, symbols: Iterable[str]) -> Funds | None:
    """What the account can spend by the books of user_portfolio, less the orders that it has not come to yet.

    None if it does not say, or has not come to what the account was told long ago.
    """
    with deps.reading() as reader:
        orders = reader.open_orders(account_id)
    held = deps.hold_funds.held(account_id, symbols, [spending.order_id for spending in orders.pending])
    return None if held is None else reconciled(orders, held)


def _market(deps: Deps, wishes: Sequence[PlaceOrder]) -> _Market:
    instruments = {wish.symbol: deps.instruments.get(wish.symbol) for wish in wishes}
    at_market = {wish.symbol for wish in wishes if wish.type is OrderType.MARKET}
    return _Market(
        instruments, deps.prices.last_prices([found for symbol in sorted(at_market) if (found := instruments[symbol])])
    )


def _repeated(deps: Deps, wishes: Sequence[PlaceOrder]) -> Collection[str]:
    """The client order ids that name an order already: whatever is answered, it costs nothing more."""
    keys = {(wish.account_id, wish.client_order_id) for wish in wishes if wish.client_order_id}
    with deps.reading() as reader:
        return {name for _, name in reader.orders_by_client_id(sorted(keys))}


def _judge_all(
    deps: Deps,
    account_id: str,
    wishes: Sequence[PlaceOrder | Refused],
    market: _Market,
    funds: Funds | None,
    repeated: Collection[str],
) -> tuple[Funds | None, list[Placement]]:
    """A placement per wish, and what is left to spend; orders of one client order id are counted once."""
    left, named = (funds.copy() if funds is not None else None), set(repeated)
    placements: list[Placement] = []
    for wish in wishes:
        if isinstance(wish, Refused):
            placements.append(Placement(account_id, None, wish))
            continue
        judged = _judge_one(deps, wish, market, None if wish.client_order_id in named else left)
        if isinstance(judged, Order) and wish.client_order_id:
            named.add(wish.client_order_id)
        placements.append(Placement(account_id, wish, judged))
    return left, placements


def _judge_one(deps: Deps, wish: PlaceOrder, market: _Market, left: Funds | None) -> Outcome:
    try:
        instrument = market.instruments[wish.symbol]
        if instrument is None:
            raise Refused(Refusal.UNKNOWN_SYMBOL)
        now_us = deps.clock.now_us()
        price = wish.limit_price or rules.collar_price(
            wish.side, market.prices[wish.symbol], instrument.tick, deps.collar_percent
        )
        available = left.available.get(wish.symbol) if left is not None else None
        order = rules.accept(wish, instrument, price, uuid7(now_us // 1_000), available)
        if left is not None:
            left.spend(Spending(order.id, order.side, order.symbol, rules.cost(order)))
    except Refused as refused:
        return refused
    return order
