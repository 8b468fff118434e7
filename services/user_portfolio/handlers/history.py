"""What an account was worth over time."""

from __future__ import annotations

from contracts.refusals import Refusal, Refused
from user_portfolio.domain.history import History, PastPrices, tell_history
from user_portfolio.domain.valuation import Holdings
from user_portfolio.domain.windows import Windows, day_of, require_few
from user_portfolio.handlers.reading import opened
from user_portfolio.ports import Deps

MOST_PRICES = 60_000
"""Symbols times windows that one request may ask the prices of."""

MOST_BEGINNINGS = 10_000
"""Accounts whose day's beginning is remembered."""

_MINUTE_US = 60_000_000


def show_history(deps: Deps, account_id: str, windows: Windows, *, resets_daily: bool) -> History:
    """The account's worth in each window since it was opened.

    NotATime for too many windows, Refused(INVALID_REQUEST) for more than MOST_PRICES, Refused(UNAVAILABLE) when nobody
    tells past prices, Refused(TOO_MANY_REQUESTS) while others are being worked out: each is a second's work at worst.
    """
    if not deps.histories.take(account_id):
        raise Refused(Refusal.TOO_MANY_REQUESTS, "Other histories are being worked out. Ask for one after the other.")
    try:
        return _worked_out(deps, account_id, windows, resets_daily=resets_daily)
    finally:
        deps.histories.give_back(account_id)


def _worked_out(deps: Deps, account_id: str, windows: Windows, *, resets_daily: bool) -> History:
    opened_at_us = opened(deps, account_id).opened_at_us
    windows = windows.since(opened_at_us)
    if not len(windows):
        return History(windows)
    require_few(windows)
    with deps.reading() as reader:
        movements = reader.movements(account_id, opened_at_us, windows)
    symbols = sorted({movement.symbol for movement in movements if movement.symbol is not None})
    if len(symbols) * len(windows) > MOST_PRICES:
        raise Refused(
            Refusal.INVALID_REQUEST,
            f"With {len(symbols)} symbols at most {MOST_PRICES // len(symbols)} points can be told: "
            "choose a longer timeframe or a shorter time.",
        )
    return tell_history(windows, movements, deps.past_prices.during(symbols, windows), resets_daily=resets_daily)


def day_began_with(deps: Deps, holdings: Holdings) -> int | None:
    """What the account was worth when the UTC day began, or what it was opened with since; None without past prices.

    Worked out once a minute: it does not change, but the last trades of the day before may come late.
    """
    minute = deps.clock.now_us() // _MINUTE_US
    known = deps.known_beginnings.get(holdings.account_id)
    if known is None or known[0] != minute:
        if len(deps.known_beginnings) >= MOST_BEGINNINGS:
            deps.known_beginnings.clear()
        known = deps.known_beginnings[holdings.account_id] = (minute, _beginning(deps, holdings))
    return known[1]


def _beginning(deps: Deps, holdings: Holdings) -> int | None:
    day = day_of(deps.clock.now_us())
    with deps.reading() as reader:
        movements = reader.movements(holdings.account_id, holdings.opened_at_us, day)
    symbols = sorted({movement.symbol for movement in movements if movement.symbol is not None})
    references = {owned.symbol: owned.reference_price for owned in holdings.owned}
    before = deps.past_prices.before(symbols, day)
    if not references.keys() & before.keys() >= set(symbols):
        return None
    prices = {symbol: PastPrices(references[symbol], before[symbol], {}) for symbol in symbols}
    return tell_history(day, movements, prices).base
