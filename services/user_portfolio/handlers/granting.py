"""Cash and shares for those who open an account, and shares for all the others when a symbol is listed later.

Who opens an account sees every symbol that was listed before, and gets its shares with the account. The others get
them some at a time: a listing commits how far the accounts went by then, and to go on is a fact that is committed with
each part. Openings and listings take turns, so nobody is in neither; the ids of accounts are in no order of time, so
who opened since may be passed on the way, and has a grant already.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import structlog

from contracts.facts import AccountOpened, InstrumentListed, ShareGrantsRequested
from contracts.money import LARGEST_MONEY, dollars
from user_portfolio.domain.desk import Desk, GrantPage
from user_portfolio.domain.grants import Instrument
from user_portfolio.domain.holds import CorruptFact
from user_portfolio.domain.portfolio import Portfolio
from user_portfolio.ports import Deps, Unit

GRANTED_AT_ONCE = 1_000
"""Accounts that one transaction grants listed shares to, counted once for each symbol."""

_LOWEST_ID = "00000000-0000-0000-0000-000000000000"

_log = structlog.get_logger()


def next_pages(unit: Unit, asked: Iterable[ShareGrantsRequested]) -> dict[ShareGrantsRequested, GrantPage]:
    """Who comes next, for as many of these as fit into one transaction; the others have to be told again."""
    pages: dict[ShareGrantsRequested, GrantPage] = {}
    room = GRANTED_AT_ONCE
    for each in asked:
        if room <= 0:
            break
        account_ids = unit.accounts_between(each.from_id, each.until_id, room + 1)
        pages[each] = GrantPage(account_ids[:room], next_id=account_ids[room] if len(account_ids) > room else None)
        room -= max(len(account_ids), 1)
    return pages


def open_account(desk: Desk, opened: AccountOpened, deps: Deps) -> None:
    """Open the account with its starting cash, and its shares of all that is listed by now."""
    if opened.account_id in desk.portfolios:
        return
    portfolio = desk.portfolios[opened.account_id] = Portfolio(opened.account_id, opened.at_us, is_changed=True)
    desk.opened.append(portfolio)
    _grant_cash(desk, portfolio, opened.at_us, deps)
    for instrument in desk.instruments.values():
        price = desk.prices.get(instrument.symbol, instrument.reference_price)
        _grant_shares(desk, portfolio, instrument.symbol, price, opened.at_us, deps)


def list_instrument(desk: Desk, listed: InstrumentListed, deps: Deps) -> None:
    """Remember the instrument, and ask to grant its shares to all who opened an account before it was listed."""
    if listed.symbol in desk.instruments:
        return
    instrument = Instrument(listed.symbol, listed.asset_id, listed.name, listed.reference_price)
    desk.instruments[listed.symbol] = instrument
    desk.listings.append(instrument)
    for portfolio in desk.opened:
        _grant_shares(desk, portfolio, listed.symbol, listed.reference_price, listed.at_us, deps)
    if desk.last_account and deps.grant.shares_of(listed.symbol):
        desk.facts.append(
            ShareGrantsRequested(
                symbol=listed.symbol, from_id=_LOWEST_ID, until_id=desk.last_account, at_us=listed.at_us
            )
        )


def go_on_granting(desk: Desk, asked: ShareGrantsRequested, deps: Deps) -> None:
    """Grant to those of the page who have no grant yet, at the price of the listing, and tell what is left then."""
    if asked not in desk.pages:
        desk.facts.append(asked)
        return
    instrument = desk.instruments.get(asked.symbol)
    if instrument is None:
        raise CorruptFact(f"{asked.symbol} is to be granted and was never listed")
    page = desk.pages[asked]
    for account_id in page.account_ids:
        if (account_id, asked.symbol) not in desk.granted:
            desk.granted.add((account_id, asked.symbol))
            portfolio = desk.portfolios[account_id]
            _grant_shares(desk, portfolio, asked.symbol, instrument.reference_price, asked.at_us, deps)
    if page.next_id:
        desk.facts.append(replace(asked, from_id=page.next_id))


def prices_of_grants(desk: Desk, deps: Deps) -> dict[str, int]:
    """The last price of each listed symbol that is granted: shares begin without profit.

    Asked for only where nobody has cached it, and if nobody answers it is the price last seen here: an opening waits
    half a second at most for stock_data. What nobody knows a price of starts at the price it was listed at.
    """
    symbols = [symbol for symbol in desk.instruments if deps.grant.shares_of(symbol)]
    prices = deps.cached_prices.last(symbols)
    missing = [symbol for symbol in symbols if symbol not in prices]
    if missing:
        prices |= deps.past_prices.latest(missing, deps.clock.now_us())
    return {symbol: deps.known_prices[symbol] for symbol in missing if symbol in deps.known_prices} | prices


def _grant_cash(desk: Desk, portfolio: Portfolio, at_us: int, deps: Deps) -> None:
    """Nothing once all the money there can be is issued: no account could hold what others might pay it then."""
    cash = deps.grant.cash
    if desk.issued_cash + cash > LARGEST_MONEY:
        _log.error("no_cash_left_to_grant", account_id=portfolio.account_id, issued=dollars(desk.issued_cash))
    elif cash:
        desk.issued_cash += cash
        desk.activities.append(portfolio.grant_cash(cash, at_us))


def _grant_shares(desk: Desk, portfolio: Portfolio, symbol: str, price: int, at_us: int, deps: Deps) -> None:
    quantity = deps.grant.shares_of(symbol)
    if quantity:
        desk.activities.append(portfolio.grant_shares(symbol, quantity, price, at_us))
