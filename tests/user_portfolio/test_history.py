"""What an account was worth, against a slow recomputation from every single event."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.user_portfolio.builders import dollars
from user_portfolio.domain.history import Movement, PastPrices, tell_history
from user_portfolio.domain.windows import Timeframe, Windows

HOURS = Windows(Timeframe.HOUR, 100, 105)
SYMBOLS = ("AAPL", "MSFT")
REFERENCE = {"AAPL": dollars(100), "MSFT": dollars(50)}


@dataclass(frozen=True)
class Event:
    """One activity; a grant if it has no counter value."""

    window: int
    kind: str
    symbol: str | None
    cash: int
    shares: int
    price: int

    def movement(self, first: int) -> Movement:
        worth = self.cash + self.shares * self.price
        return Movement(max(self.window, first - 1), self.kind, self.symbol, self.cash, self.shares, worth)


def cash(amount: int, window: int) -> Event:
    return Event(window, "JNLC", None, dollars(amount), 0, 0)


def shares(quantity: int, window: int, price: int = 100, symbol: str = "AAPL") -> Event:
    return Event(window, "JNLS", symbol, 0, quantity, dollars(price))


def trade(quantity: int, price: int, window: int, symbol: str = "AAPL") -> Event:
    return Event(window, "FILL", symbol, -quantity * dollars(price), quantity, dollars(price))


def closes(before: int | None = None, symbol: str = "AAPL", **windows: int) -> dict[str, PastPrices]:
    at = {int(name[1:]): dollars(price) for name, price in windows.items()}
    return {symbol: PastPrices(REFERENCE[symbol], None if before is None else dollars(before), at)}


def told(windows, events, prices, **options):
    movements = [event.movement(windows.first) for event in events]
    return tell_history(windows, movements, prices, **options)


def test_cash_alone_is_worth_the_same_all_the_time():
    history = told(HOURS, [cash(500, 50)], {})

    assert history.equity == [dollars(500)] * 6
    assert (history.base, history.profit, history.ratio) == (dollars(500), [0] * 6, [0] * 6)


def test_shares_are_worth_their_last_price_and_before_a_trade_what_they_were_listed_at():
    history = told(HOURS, [shares(10, 50)], closes(w102=110, w104=90))

    assert history.equity == [dollars(amount) for amount in (1000, 1000, 1100, 1100, 900, 900)]
    assert history.profit == [dollars(amount) for amount in (0, 0, 100, 100, -100, -100)]
    assert history.ratio == [0, 0, 100_000, 100_000, -100_000, -100_000]


def test_what_was_traded_before_the_first_window_counts_from_its_beginning():
    history = told(HOURS, [shares(10, 50)], closes(before=120))

    assert (history.base, history.equity[0]) == (dollars(1200), dollars(1200))


def test_buying_at_the_price_that_stands_is_no_profit():
    history = told(HOURS, [cash(1000, 50), trade(5, 100, 102)], closes(w102=100, w103=104))

    assert history.profit == [dollars(amount) for amount in (0, 0, 0, 20, 20, 20)]


def test_an_account_opened_meanwhile_counts_from_what_it_was_opened_with():
    opened_at_first = Windows(Timeframe.HOUR, 100, 102)

    history = told(opened_at_first, [cash(1000, 100), shares(10, 100)], closes(w101=101))

    assert history.base == dollars(2000)
    assert history.profit == [0, dollars(10), dollars(10)]


def test_what_is_granted_later_is_no_profit_but_what_comes_of_it_is():
    history = told(HOURS, [cash(1000, 50), shares(10, 103)], closes(w104=130))

    assert history.equity == [dollars(amount) for amount in (1000, 1000, 1000, 2000, 2300, 2300)]
    assert history.profit == [dollars(amount) for amount in (0, 0, 0, 0, 300, 300)]
    assert history.grants == {"JNLC": [0] * 6, "JNLS": [0, 0, 0, dollars(1000), 0, 0]}


def test_profit_can_count_from_each_days_beginning():
    around_midnight = Windows(Timeframe.HOUR, 24 * 7 - 2, 24 * 7 + 1)
    prices = closes(w166=110, w167=120, w168=132, w169=108)

    history = told(around_midnight, [shares(10, 50)], prices, resets_daily=True)

    assert history.profit == [dollars(amount) for amount in (100, 200, 120, -120)]
    assert history.ratio == [100_000, 200_000, 100_000, -100_000]


def test_an_account_that_was_given_nothing_is_worth_nothing():
    history = told(HOURS, [], {})

    assert (history.base, history.equity, history.ratio) == (0, [0] * 6, [0] * 6)


prices_at = st.dictionaries(st.integers(min_value=98, max_value=105), st.integers(min_value=1, max_value=10**7))
events = st.lists(
    st.one_of(
        st.builds(cash, st.integers(min_value=0, max_value=10**6), st.integers(min_value=90, max_value=105)),
        st.builds(
            shares,
            st.integers(min_value=0, max_value=10**4),
            st.integers(min_value=90, max_value=105),
            st.integers(min_value=1, max_value=10**4),
            st.sampled_from(SYMBOLS),
        ),
        st.builds(
            trade,
            st.integers(min_value=-(10**4), max_value=10**4),
            st.integers(min_value=1, max_value=10**4),
            st.integers(min_value=90, max_value=105),
            st.sampled_from(SYMBOLS),
        ),
    ),
    max_size=20,
)


def naive_equity(happened: list[Event], traded: dict[str, dict[int, int]], window: int) -> int:
    """From nothing, event by event and price by price, as it stood when the window had ended."""
    total = sum(event.cash for event in happened if event.window <= window)
    for symbol in SYMBOLS:
        owned = sum(event.shares for event in happened if event.symbol == symbol and event.window <= window)
        known = [(at, price) for at, price in traded[symbol].items() if at <= window]
        total += owned * (max(known)[1] if known else REFERENCE[symbol])
    return total


@given(events, prices_at, prices_at)
def test_a_history_is_what_adding_everything_up_from_nothing_comes_to(happened, apple, microsoft):
    traded = {"AAPL": apple, "MSFT": microsoft}
    prices: dict[str, PastPrices] = {}
    for symbol, at in traded.items():
        earlier = [(window, price) for window, price in at.items() if window < HOURS.first]
        within = {window: price for window, price in at.items() if window >= HOURS.first}
        prices[symbol] = PastPrices(REFERENCE[symbol], max(earlier)[1] if earlier else None, within)

    history = told(HOURS, happened, prices)

    assert history.equity == [naive_equity(happened, traded, window) for window in HOURS]
    gifts: dict[int, int] = defaultdict(int)
    for event in happened:
        gifts[event.window] += 0 if event.kind == "FILL" else event.cash + event.shares * event.price
    began = any(event.window < HOURS.first for event in happened)
    base = naive_equity(happened, traded, HOURS.first - 1) if began else gifts[HOURS.first]
    assert history.base == base
    for place, window in enumerate(HOURS):
        later = range(HOURS.first + (not began), window + 1)
        profit = history.equity[place] - base - sum(gifts[each] for each in later)
        assert history.profit[place] == profit
        assert base <= 0 or abs(Fraction(history.ratio[place], 10**6) - Fraction(profit, base)) <= Fraction(
            1, 2 * 10**6
        )


@pytest.mark.parametrize("resets_daily", [True, False])
def test_no_windows_have_no_history(resets_daily):
    history = told(Windows(Timeframe.DAY, 5, 4), [cash(1, 3)], {}, resets_daily=resets_daily)

    assert (history.equity, history.profit, history.ratio) == ([], [], [])
