"""Whatever is accepted can be settled: near the limits of every figure no fill becomes a dead letter."""

from __future__ import annotations

import random

import pytest

from chassis.settings import SettingsError
from contracts.money import LARGEST_MONEY, LARGEST_PRICE, LARGEST_QUANTITY
from tests.user_portfolio.builders import ALICE, BOB, buy, fill, identity, listed, opened, sell
from user_portfolio.settings import LARGEST_CASH, Settings, starting_grant

BIGINT = 2**63 - 1
SYMBOLS = ("AAPL", "MSFT")


def execute(service, query):
    with service.database.transaction() as transaction:
        transaction.execute(query)


def rows(service, query):
    with service.database.reading() as transaction:
        return transaction.rows(query)


@pytest.fixture
def rich(build):
    """Alice and Bob have all that an account can begin with, at the highest price."""
    service = build(starting_cash="1000000000000", starting_shares=f"*:{LARGEST_QUANTITY}")
    execute(service, "update issued_cash set amount = 0")
    service.hear(*(listed(symbol, at=LARGEST_PRICE) for symbol in SYMBOLS), opened(ALICE), opened(BOB))
    assert service.count("dead_letters") == 0
    return service


def test_the_largest_figures_fit_a_bigint_with_room_to_spare():
    assert LARGEST_QUANTITY * LARGEST_PRICE <= LARGEST_MONEY
    assert 2 * LARGEST_MONEY - 1 <= BIGINT


@pytest.mark.parametrize("cash", ["1000000000000.0001", "461168601842738.7904", "99999999999999999999"])
def test_starting_cash_of_which_two_could_not_be_added_stops_the_start_in_a_sentence(cash):
    with pytest.raises(SettingsError, match=r"is not between 0 and 1000000000000 dollars"):
        starting_grant(Settings(starting_cash=cash))


@pytest.mark.parametrize("shares", ["*:100000001", "AAPL:1000000000"])
def test_starting_shares_that_are_worth_too_much_at_the_highest_price_stop_the_start(shares):
    with pytest.raises(SettingsError, match="at most 100000000"):
        starting_grant(Settings(starting_shares=shares))


def test_no_cash_is_granted_beyond_all_the_money_there_can_be(rich):
    execute(rich, f"update issued_cash set amount = {LARGEST_MONEY - 2 * LARGEST_CASH}")
    newcomers = [identity(f"newcomer-{number}") for number in range(4)]

    rich.hear(*map(opened, newcomers[:3]))
    rich.hear(opened(newcomers[3]))

    granted = [int(float(rich.shown("/v2/account", account)["cash"])) for account in newcomers]
    assert granted == [10**12, 10**12, 0, 0]
    assert rows(rich, "select amount from issued_cash") == [(LARGEST_MONEY,)]


@pytest.mark.parametrize("seed", range(6))
def test_no_fill_becomes_a_dead_letter_however_the_money_goes_round(rich, seed):
    """The figures that grow with every round begin where days of trading have brought them."""
    dice = random.Random(seed)
    execute(rich, f"update positions set realised = {BIGINT - 10}, cost_basis = {BIGINT - 10}")
    if seed % 2:
        execute(rich, f"update positions set realised = {-BIGINT + 10}")
    before = totals(rich)

    traded = sum(trade(rich, dice, number) for number in range(40))

    assert traded > 10
    assert rich.count("dead_letters") == 0
    assert totals(rich) == before
    for account in (ALICE, BOB):
        assert rich.get("/v2/account", account).status_code == 200
        assert rich.get("/v2/positions", account).status_code == 200


def test_a_history_adds_up_what_does_not_fit_a_bigint(rich):
    execute(
        rich,
        "insert into activities "
        "(account_id, kind, at_us, cash_change, share_change, symbol, price, order_id, trade_id) "
        f"select '{ALICE}', 'FILL', 1750000000000000, change, 0, 'AAPL', 1, gen_random_uuid(), gen_random_uuid() "
        f"from generate_series(1, 4), unnest(array[{LARGEST_MONEY}::bigint]) as change",
    )

    assert rich.get("/v2/account/portfolio/history", ALICE, period="1D").status_code == 200


def trade(service, dice, number):
    """One side sells to the other what it has and that one can pay for; whether the hold let both."""
    seller, buyer = dice.sample([ALICE, BOB], 2)
    symbol, price = dice.choice(SYMBOLS), dice.choice([1, 10_000, LARGEST_PRICE - 1, LARGEST_PRICE])
    cash, shares = available(service, buyer, symbol)[0], available(service, seller, symbol)[1]
    qty = min(cash // price, shares, LARGEST_QUANTITY)
    if qty <= 0:
        return False
    qty = dice.choice([1, qty, max(1, qty // 2)])
    sale = sell(f"sell-{number}", qty=qty, at=price, account=seller, symbol=symbol)
    purchase = buy(f"buy-{number}", qty=qty, at=price, account=buyer, symbol=symbol)
    service.hear(sale, purchase)
    name = f"trade-{number}"
    service.hear(fill(sale, qty=qty, at=price, trade=name), fill(purchase, qty=qty, at=price, trade=name))
    return True


def available(service, account, symbol):
    [(cash, shares)] = rows(
        service,
        f"select cash - cash_held, quantity - held from accounts join positions using (account_id) "
        f"where account_id = '{account}' and symbol = '{symbol}'",
    )
    return cash, shares


def totals(service):
    return rows(service, "select sum(cash), sum(cash_held) from accounts") + rows(
        service, "select symbol, sum(quantity), sum(held) from positions group by symbol order by symbol"
    )
