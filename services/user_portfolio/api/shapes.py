"""Turns what the handlers return into what the API answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from contracts.money import dollars
from contracts.orders import Side
from user_portfolio.api import answers
from user_portfolio.api.queries import activity_id
from user_portfolio.domain.activities import CLEARING, CURRENCY, ISSUER, ActivityKind
from user_portfolio.domain.valuation import RATIO_PLACES, Valuation, ValuedPosition
from user_portfolio.ports import LedgerLeg, PastActivity

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def shape_account(valuation: Valuation, last_equity: int | None) -> answers.Account:
    holdings = valuation.holdings
    buying_power = dollars(holdings.cash - holdings.cash_held)
    equity, market_value = dollars(valuation.equity), dollars(valuation.market_value)
    return answers.Account(
        id=holdings.account_id,
        account_number=holdings.account_id,
        cash=dollars(holdings.cash),
        cash_held=dollars(holdings.cash_held),
        buying_power=buying_power,
        regt_buying_power=buying_power,
        non_marginable_buying_power=buying_power,
        portfolio_value=equity,
        equity=equity,
        last_equity=None if last_equity is None else dollars(last_equity),
        long_market_value=market_value,
        position_market_value=market_value,
        realized_pl=dollars(valuation.realised),
        prices_stale=valuation.is_stale,
        created_at=_time(holdings.opened_at_us),
    )


def shape_position(position: ValuedPosition) -> answers.Position:
    owned = position.owned
    return answers.Position(
        asset_id=owned.asset_id,
        symbol=owned.symbol,
        qty=str(owned.quantity),
        qty_available=str(owned.quantity - owned.held),
        avg_entry_price=dollars(owned.average_price),
        cost_basis=dollars(owned.cost_basis),
        market_value=dollars(position.market_value),
        current_price=dollars(position.price),
        unrealized_pl=dollars(position.unrealised),
        unrealized_plpc=_ratio(position.unrealised_ratio),
        lastday_price=None if position.last_day_price is None else dollars(position.last_day_price),
        change_today=None if position.change_today is None else _ratio(position.change_today),
        realized_pl=dollars(owned.realised),
        price_stale=position.is_stale,
    )


def shape_activity(activity: PastActivity) -> answers.Activity:
    return _shape_fill(activity) if activity.kind == ActivityKind.FILL else _shape_grant(activity)


def shape_ledger_leg(leg: LedgerLeg) -> answers.LedgerEntry:
    return answers.LedgerEntry(
        id=activity_id(leg.activity, leg.at_us),
        at=_time(leg.at_us),
        activity_type=ActivityKind(leg.kind),
        asset=leg.asset,
        amount=dollars(leg.amount) if leg.asset == CURRENCY else str(leg.amount),
        against=CLEARING if leg.kind == ActivityKind.FILL else ISSUER,
        order_id=leg.order_id,
        trade_id=leg.trade_id,
    )


def _shape_fill(fill: PastActivity) -> answers.Activity:
    is_whole = fill.leaves == 0
    return answers.FillActivity(
        id=activity_id(fill.number, fill.at_us),
        account_id=fill.account_id,
        transaction_time=_time(fill.at_us),
        type="fill" if is_whole else "partial_fill",
        price=dollars(fill.price or 0),
        qty=str(abs(fill.share_change)),
        side=Side(fill.side or ""),
        symbol=fill.symbol or "",
        leaves_qty=str(fill.leaves),
        cum_qty=str(fill.cumulative),
        order_id=fill.order_id or "",
        order_status="filled" if is_whole else "partially_filled",
        trade_id=fill.trade_id or "",
    )


def _shape_grant(grant: PastActivity) -> answers.Activity:
    activity, date = activity_id(grant.number, grant.at_us), _time(grant.at_us)[:10]
    net_amount = dollars(grant.cash_change)
    if grant.symbol is None:
        return answers.CashGrant(id=activity, account_id=grant.account_id, date=date, net_amount=net_amount)
    return answers.ShareGrant(
        id=activity,
        account_id=grant.account_id,
        date=date,
        net_amount=net_amount,
        symbol=grant.symbol,
        qty=str(grant.share_change),
        per_share_amount=dollars(grant.price or 0),
    )


def _time(at_us: int) -> str:
    return f"{_EPOCH + timedelta(microseconds=at_us):%Y-%m-%dT%H:%M:%S.%fZ}"


def _ratio(ratio: int) -> str:
    """Write units of 10 ** -RATIO_PLACES as a decimal string."""
    whole, part = divmod(abs(ratio), 10**RATIO_PLACES)
    return f"{'-' if ratio < 0 else ''}{whole}.{part:0{RATIO_PLACES}d}"
