"""How an account stands, at current prices where they can be had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from contracts.refusals import Refusal, Refused
from user_portfolio.domain.valuation import Holdings, Owned, Valuation, ValuedPosition
from user_portfolio.domain.windows import day_of
from user_portfolio.ports import Deps, LedgerLeg, Page, PastActivity

LONGEST_UNNOTICED_S = 0.1
"""Another process may have opened the account; then no notice comes and the database is asked again."""


def opened(deps: Deps, account_id: str) -> Holdings:
    """How the account stands in the books; waits for its opening as `value_account` does."""
    if (known := deps.views.holdings(account_id)) is not None:
        return known
    found: list[Holdings] = []

    def is_opened() -> bool:
        with deps.reading() as reader:
            holdings = reader.holdings(account_id)
        found.extend([holdings] if holdings else [])
        return bool(found)

    waits = max(1, round(deps.account_wait_s / LONGEST_UNNOTICED_S))
    if any(deps.openings.wait_until(account_id, is_opened, LONGEST_UNNOTICED_S) for _ in range(waits)):
        deps.views.remember(found[-1])
        return found[-1]
    raise Refused(Refusal.UNAVAILABLE, "The account is still being opened. Try again shortly.")


def value_account(deps: Deps, account_id: str) -> Valuation:
    """The account with each position at its last price.

    Waits a little for an account that has just been opened; Refused(UNAVAILABLE) if it still is not.
    """
    holdings = opened(deps, account_id)
    prices = _last_prices(deps, holdings.symbols)
    positions = [_value(deps, owned, prices) for owned in holdings.owned if owned.quantity]
    return Valuation(holdings, positions)


def list_positions(deps: Deps, account_id: str) -> list[ValuedPosition]:
    """Every position of the account; waits and refuses as `value_account` does."""
    return _beside_last_day(deps, value_account(deps, account_id).positions)


def find_position(deps: Deps, account_id: str, symbol_or_asset_id: str) -> ValuedPosition:
    """The account's position in a symbol; Refused(POSITION_NOT_FOUND) if it has none."""
    holdings = opened(deps, account_id)
    for owned in holdings.owned:
        if owned.quantity and symbol_or_asset_id in (owned.symbol, owned.asset_id):
            return _beside_last_day(deps, [_value(deps, owned, _last_prices(deps, [owned.symbol]))])[0]
    raise Refused(Refusal.POSITION_NOT_FOUND)


def list_activities(deps: Deps, page: Page) -> list[PastActivity]:
    with deps.reading() as reader:
        return reader.activities(page)


def list_ledger(deps: Deps, page: Page) -> list[LedgerLeg]:
    with deps.reading() as reader:
        return reader.ledger(page)


def _last_prices(deps: Deps, symbols: Sequence[str]) -> dict[str, int]:
    prices = deps.cached_prices.last(symbols)
    missing = [symbol for symbol in symbols if symbol not in prices]
    if missing:
        prices |= deps.asked_prices.last(missing)
    deps.known_prices.update(prices)
    return prices


def _beside_last_day(deps: Deps, positions: Sequence[ValuedPosition]) -> list[ValuedPosition]:
    prices = deps.past_prices.before([position.owned.symbol for position in positions], day_of(deps.clock.now_us()))
    return [replace(position, last_day_price=prices.get(position.owned.symbol)) for position in positions]


def _value(deps: Deps, owned: Owned, prices: dict[str, int]) -> ValuedPosition:
    if owned.symbol in prices:
        return ValuedPosition(owned, prices[owned.symbol], is_stale=False)
    return ValuedPosition(owned, deps.known_prices.get(owned.symbol, owned.reference_price), is_stale=True)
