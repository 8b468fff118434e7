"""What a new account starts with, and where it comes from."""

from __future__ import annotations

import pytest

from chassis.settings import SettingsError
from contracts.names import buying_power_entry
from tests.user_portfolio.builders import ALICE, BOB, dollars, listed, opened
from user_portfolio.domain.grants import Grant
from user_portfolio.settings import Settings, starting_grant


def test_a_new_account_gets_cash_and_the_shares_that_are_listed(rig):
    rig.hear(listed("AAPL", at=dollars(50)))

    rig.hear(opened(ALICE))

    assert rig.cash(ALICE) == (dollars(10_000), 0)
    assert rig.owned(ALICE).quantity == 100
    assert rig.owned(ALICE).cost_basis == 100 * dollars(50)


def test_shares_listed_after_the_account_opened_are_granted_at_listing(rig):
    rig.hear(opened(ALICE), opened(BOB))

    rig.hear(listed("AAPL", at=dollars(50)))

    assert [rig.owned(account).quantity for account in (ALICE, BOB)] == [100, 100]
    assert rig.owned(BOB).cost_basis == 100 * dollars(50)


@pytest.mark.parametrize("facts", [(opened(), listed()), (listed(), opened())])
def test_account_and_listing_in_one_batch_grant_once_in_either_order(rig, facts):
    rig.hear(*facts)

    assert rig.owned(ALICE).quantity == 100


def test_repeated_openings_and_listings_grant_nothing_more(rig):
    rig.hear(opened(), listed())

    rig.hear(opened(), listed())
    rig.hear(listed(at=dollars(7)), opened())

    assert rig.cash(ALICE) == (dollars(10_000), 0)
    assert (rig.owned(ALICE).quantity, rig.owned(ALICE).cost_basis) == (100, 100 * dollars(100))


def test_a_star_grants_every_symbol_that_is_not_named(make_rig):
    rig = make_rig(Grant(0, {"*": 7, "MSFT": 3, "TSLA": 0}))

    rig.hear(listed("AAPL"), listed("MSFT"), opened(), listed("TSLA"), listed("NVDA"))

    holdings = rig.holdings(ALICE)
    assert {owned.symbol: owned.quantity for owned in holdings.owned} == {"AAPL": 7, "MSFT": 3, "NVDA": 7}


def test_what_is_granted_comes_out_of_the_issuer(rig):
    rig.hear(listed(), opened(ALICE), opened(BOB))

    assert rig.balances() == {
        (ALICE, "USD"): dollars(10_000),
        (BOB, "USD"): dollars(10_000),
        ("issuer", "USD"): -dollars(20_000),
        (ALICE, "AAPL"): 100,
        (BOB, "AAPL"): 100,
        ("issuer", "AAPL"): -200,
    }


def test_order_entry_learns_the_buying_power_of_a_new_account(rig):
    rig.hear(opened())

    assert rig.cache.get_many([buying_power_entry(ALICE)]) == {buying_power_entry(ALICE): str(dollars(10_000))}


def test_the_starting_grant_is_read_from_the_settings():
    grant = starting_grant(Settings(starting_cash="1000.50", starting_shares=" AAPL:5, *:2 ,"))

    assert grant.cash == 10_005_000
    assert [grant.shares_of(symbol) for symbol in ("AAPL", "MSFT")] == [5, 2]


def test_no_starting_shares_is_a_setting_too():
    assert starting_grant(Settings(starting_shares="")).shares_of("AAPL") == 0


@pytest.mark.parametrize("cash", ["", "-1", "lots", "1e9", "NaN", "0.00001", "999999999999999"])
def test_starting_cash_that_is_no_amount_stops_the_start(cash):
    with pytest.raises(SettingsError, match="STARTING_CASH"):
        starting_grant(Settings(starting_cash=cash))


@pytest.mark.parametrize("shares", ["AAPL", "AAPL:", ":5", "AAPL:-5", "AAPL:1.5", "AAPL:2000000000"])
def test_starting_shares_that_are_no_list_stop_the_start(shares):
    with pytest.raises(SettingsError, match="STARTING_SHARES"):
        starting_grant(Settings(starting_shares=shares))
