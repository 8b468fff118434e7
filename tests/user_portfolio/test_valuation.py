"""What shares are worth and have earned, without a float on the way."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.orders import Side
from user_portfolio.domain.holds import MOVES, CorruptFact, Hold, HoldState
from user_portfolio.domain.portfolio import Portfolio, Position
from user_portfolio.domain.valuation import Holdings, Owned, Valuation, ValuedPosition, rounded

BIG = st.integers(-(10**18), 10**18)


def owned(qty=100, cost=1_000, realised=0, symbol="AAPL"):
    return Owned(symbol, "asset", qty, 0, cost, realised, 10)


@given(BIG, st.integers(1, 10**9))
def test_division_rounds_to_the_nearest_and_halves_to_even(numerator, denominator):
    assert rounded(numerator, denominator) == round(Fraction(numerator, denominator))


def test_the_average_price_of_nothing_is_zero():
    assert owned(qty=0, cost=0).average_price == 0


@pytest.mark.parametrize(
    ("cost", "price", "profit", "ratio"),
    [(1_000, 11, 100, 100_000), (1_000, 9, -100, -100_000), (3_000, 31, 100, 33_333), (0, 5, 500, 0)],
)
def test_profit_is_what_a_position_is_worth_beyond_its_cost(cost, price, profit, ratio):
    position = ValuedPosition(owned(cost=cost), price, is_stale=False)

    assert (position.unrealised, position.unrealised_ratio) == (profit, ratio)


def test_an_account_adds_up_cash_positions_and_what_sold_out_positions_earned():
    gone, here = owned(qty=0, cost=0, realised=70, symbol="TSLA"), owned(realised=-20)
    holdings = Holdings("account", 0, 5_000, 1_000, [here, gone])

    valuation = Valuation(holdings, [ValuedPosition(here, 12, is_stale=True)])

    assert (valuation.market_value, valuation.equity, valuation.realised) == (1_200, 6_200, 50)
    assert valuation.is_stale
    assert holdings.symbols == ["AAPL"]


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(1, 10**6)), min_size=1), st.integers(0, 10**12))
def test_however_a_position_is_sold_cost_and_profit_add_up_to_the_proceeds(sales, cost):
    position = Position("AAPL", quantity=sum(quantity for quantity, _ in sales), cost_basis=cost)

    for quantity, price in sales:
        position.deliver(quantity, quantity * price)
        assert position.cost_basis >= 0

    assert (position.quantity, position.cost_basis) == (0, 0)
    assert position.realised == sum(quantity * price for quantity, price in sales) - cost


def test_shares_that_are_held_cannot_be_delivered():
    with pytest.raises(CorruptFact):
        Position("AAPL", quantity=10, held=6).deliver(5, 50)


@pytest.mark.parametrize("before", HoldState)
@pytest.mark.parametrize("after", HoldState)
def test_a_hold_moves_only_as_the_table_says(before, after):
    hold = Hold("order", "account", "AAPL", side=Side.BUY, price=1, quantity=1, filled=0, held=0, state=before)

    if after in MOVES[before]:
        hold.move(after)
        assert hold.state == after
    else:
        with pytest.raises(CorruptFact):
            hold.move(after)
        assert hold.state == before


@pytest.mark.parametrize("state", [HoldState.ENDED, HoldState.REFUSED])
def test_what_is_over_stays_over_when_it_ends_again(state):
    hold = Hold("order", "account", "AAPL", side=Side.BUY, price=1, quantity=1, filled=0, held=0, state=state)

    Portfolio("account", 0, cash=5, cash_held=5).end(hold)

    assert hold.state == state
