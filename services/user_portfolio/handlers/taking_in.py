"""What each fact does to cash and shares, in the order of an order's life."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from contracts.facts import (
    AccountOpened,
    OrderCanceled,
    OrderExpired,
    OrderFilled,
    OrderPlaced,
    OrderRefused,
    OrderReplaced,
    Reason,
    ReplaceRefused,
    ReplaceRequested,
    ShareGrantsRequested,
)
from contracts.ids import uuid7
from user_portfolio.domain import answers
from user_portfolio.domain.desk import Desk, Touched
from user_portfolio.domain.holds import Hold, HoldState
from user_portfolio.handlers.granting import next_pages, open_account, prices_of_grants
from user_portfolio.ports import Deps, Unit

Apply = Callable[[Desk, Any, Deps], None]


def take_in(unit: Unit, deps: Deps, heard: Mapping[type, Apply], facts: Sequence[Any]) -> None:
    """Make a batch of facts true, in their order. CorruptFact if one cannot be."""
    touched = Touched.by(facts)
    touched.grant(next_pages(unit, [fact for fact in facts if isinstance(fact, ShareGrantsRequested)]))
    desk = unit.load(touched)
    early = _orders_before_openings(desk, facts)
    if early:
        touched.opens_accounts = True
        desk = unit.load(touched)
        facts = [*early, *facts]
        heard = {**heard, AccountOpened: open_account}
    if touched.opens_accounts:
        desk.prices = prices_of_grants(desk, deps)
    for fact in facts:
        heard[type(fact)](desk, fact, deps)
    now_us = deps.clock.now_us()
    version = uuid7(now_us // 1_000)
    unit.save(desk, version)
    unit.announce([*desk.facts, *answers.portfolios_changed(desk.portfolios.values(), version, now_us)])
    unit.after_commit(partial(_tell, deps, desk, version))
    if touched.opens_accounts:
        unit.happened(desk.portfolios)


def _orders_before_openings(desk: Desk, facts: Sequence[Any]) -> list[AccountOpened]:
    """Openings for accounts whose first order has come before the news of their opening.

    The two travel on streams of different services, so either may be first; whoever could place an order has
    an account. When the news comes it finds the account open.
    """
    told = {fact.account_id: fact for fact in facts if isinstance(fact, AccountOpened)}
    asking = {
        fact.account_id: fact.at_us
        for fact in facts
        if isinstance(fact, OrderPlaced) and fact.account_id not in desk.portfolios
    }
    return [
        told.get(account, AccountOpened(account_id=account, name="", at_us=at_us)) for account, at_us in asking.items()
    ]


def hold_for_order(desk: Desk, order: OrderPlaced, deps: Deps) -> None:
    """Hold all that the order can cost, or refuse it. The first answer to an order is the only one."""
    if order.order_id in desk.holds:
        return
    hold = desk.holds[order.order_id] = Hold.asked_by(order)
    reason = _reserve(desk, hold, hold.worth(order.quantity))
    hold.move(HoldState.REFUSED if reason else HoldState.OPEN)
    now_us = deps.clock.now_us()
    desk.facts.append(answers.order_refused(order, reason, now_us) if reason else answers.order_held(order, now_us))


def hold_for_replacement(desk: Desk, asked: ReplaceRequested, deps: Deps) -> None:
    """Hold what the replacement can cost beyond its original, or refuse it; the original keeps its hold."""
    if asked.order_id in desk.holds:
        return
    hold = desk.holds[asked.order_id] = Hold.asked_by(asked)
    reason = _reserve_replacement(desk, hold, asked.replaces)
    now_us = deps.clock.now_us()
    if reason:
        hold.move(HoldState.REFUSED)
        desk.facts.append(answers.replace_refused(asked, reason, now_us))
    else:
        desk.facts.append(answers.replace_held(asked, now_us))


def settle_fill(desk: Desk, fill: OrderFilled, deps: Deps) -> None:
    """Settle one side of a trade against clearing, once."""
    if (fill.order_id, fill.trade_id) in desk.settled:
        return
    portfolio, hold = desk.held_for(fill.order_id, fill.account_id)
    desk.activities.append(portfolio.settle(hold, fill))
    desk.settled.add((fill.order_id, fill.trade_id))


def replace_order(desk: Desk, replaced: OrderReplaced, deps: Deps) -> None:
    """Let the new order's hold stand in for the old one's."""
    portfolio, new = desk.held_for(replaced.order_id, replaced.account_id)
    _, old = desk.held_for(replaced.replaces, replaced.account_id)
    if new.state == HoldState.ASKED:
        portfolio.replace(old, new, replaced.remaining)


def end_order(desk: Desk, ended: OrderCanceled | OrderExpired | OrderRefused | ReplaceRefused, deps: Deps) -> None:
    """Release what is still held. Our own refusals come back too: their holds are over already."""
    if ended.account_id in desk.portfolios and ended.order_id in desk.holds:
        portfolio, hold = desk.held_for(ended.order_id, ended.account_id)
        portfolio.end(hold)


def _reserve(desk: Desk, hold: Hold, amount: int) -> Reason | None:
    return desk.portfolios[hold.account_id].reserve(hold, amount)


def _reserve_replacement(desk: Desk, hold: Hold, replaces: str) -> Reason | None:
    old = desk.holds.get(replaces)
    if old is None or old.account_id != hold.account_id or old.is_over:
        return Reason.ORDER_NOT_OPEN
    if hold.quantity <= old.filled:
        return Reason.ALREADY_FILLED
    hold.filled = old.filled
    return _reserve(desk, hold, old.shortfall(hold.quantity, hold.price))


def _tell(deps: Deps, desk: Desk, version: str) -> None:
    deps.views.tell(dict.fromkeys(desk.portfolios, version))
    deps.funds.tell(desk.portfolios.values())
