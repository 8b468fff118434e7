"""The facts this service says: an order or a replacement is held for, or refused; an account is not as it was."""

from __future__ import annotations

from collections.abc import Iterable

from contracts.facts import (
    OrderHeld,
    OrderPlaced,
    OrderRefused,
    PortfolioChanged,
    Reason,
    ReplaceHeld,
    ReplaceRefused,
    ReplaceRequested,
)
from user_portfolio.domain.portfolio import Portfolio


def order_held(order: OrderPlaced, at_us: int) -> OrderHeld:
    return OrderHeld(
        order_id=order.order_id,
        account_id=order.account_id,
        symbol=order.symbol,
        side=order.side,
        type=order.type,
        time_in_force=order.time_in_force,
        quantity=order.quantity,
        price=order.price,
        expires_at_us=order.expires_at_us,
        at_us=at_us,
    )


def order_refused(order: OrderPlaced, reason: Reason, at_us: int) -> OrderRefused:
    return OrderRefused(
        order_id=order.order_id, account_id=order.account_id, symbol=order.symbol, reason=reason, at_us=at_us
    )


def replace_held(asked: ReplaceRequested, at_us: int) -> ReplaceHeld:
    return ReplaceHeld(
        order_id=asked.order_id,
        replaces=asked.replaces,
        account_id=asked.account_id,
        symbol=asked.symbol,
        side=asked.side,
        time_in_force=asked.time_in_force,
        quantity=asked.quantity,
        price=asked.price,
        expires_at_us=asked.expires_at_us,
        at_us=at_us,
    )


def replace_refused(asked: ReplaceRequested, reason: Reason, at_us: int) -> ReplaceRefused:
    return ReplaceRefused(
        order_id=asked.order_id,
        replaces=asked.replaces,
        account_id=asked.account_id,
        symbol=asked.symbol,
        reason=reason,
        at_us=at_us,
    )


def portfolios_changed(portfolios: Iterable[Portfolio], version: str, at_us: int) -> list[PortfolioChanged]:
    """One for each account that is not as it was, however much happened to it."""
    return [
        PortfolioChanged(account_id=portfolio.account_id, version=version, at_us=at_us)
        for portfolio in portfolios
        if portfolio.is_changed
    ]
