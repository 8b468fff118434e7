"""A symbol listed for however many accounts: some at a time, and everybody gets its shares exactly once."""

from __future__ import annotations

from collections import Counter
from typing import cast

import pytest

from chassis import outbox
from chassis.database import Transaction
from contracts.facts import PortfolioChanged, ShareGrantsRequested
from contracts.names import last_price_entry
from tests.user_portfolio.builders import ALICE, BOB, buy, dollars, fill, listed, opened
from tests.user_portfolio.test_overdraft import at_once
from tests.user_portfolio.test_service import Counting
from user_portfolio import consumers
from user_portfolio.domain.holds import CorruptFact
from user_portfolio.handlers import granting
from user_portfolio.store import Store


def numbered(number):
    return f"00000000-0000-0000-0000-{number:012d}"


def own(told):
    """What the service tells itself."""
    return [fact for fact in told if isinstance(fact, ShareGrantsRequested)]


def granted(rig, symbol="AAPL"):
    """How often each account was granted the symbol."""
    legs = rig.legs()
    assert not any(sum(amount for _, asset, amount in legs if asset == each) for each in {leg[1] for leg in legs})
    return Counter(account for account, asset, _ in legs if asset == symbol and account != "issuer")


def go_on(rig, told):
    """Take in what the service tells itself until it has nothing more to tell; how often that was."""
    rounds = 0
    while to_itself := own(told):
        told = rig.take_in(*to_itself)
        rounds += 1
        assert rounds < 1_000
    return rounds


@pytest.fixture
def by_twos(monkeypatch):
    monkeypatch.setattr(granting, "GRANTED_AT_ONCE", 2)


@pytest.fixture
def five(rig, by_twos):
    """Five accounts, numbered 10 to 50, and two grants a transaction."""
    rig.hear(*[opened(numbered(number)) for number in range(10, 60, 10)])
    return rig


def take_in_counting(shop, facts):
    """The statements that one transaction takes, the accounts it locks, and what it tells."""
    with shop.database.transaction() as transaction:
        counting = Counting(transaction)
        consumers.hearing(shop.deps, Store)(cast(Transaction, counting), facts)
        [(locked,)] = transaction.rows(
            "select count(*) from accounts where xmax = pg_current_xact_id()::xid or xmin = pg_current_xact_id()::xid"
        )
        return counting.statements, locked, list(transaction._facts)


def test_of_2500_accounts_no_transaction_touches_more_than_a_thousand(shop):
    everybody = [numbered(number) for number in range(2_500)]
    shop.hear(*map(opened, everybody))

    statements, locked, told = take_in_counting(shop, [listed()])
    assert (statements <= 6, locked, len(told)) == (True, 0, 1)
    pages = []
    while to_itself := own(told):
        before = shop.rows("select count(*) from activities")[0][0]
        statements, locked, told = take_in_counting(shop, to_itself)
        changed = sum(isinstance(fact, PortfolioChanged) for fact in told)
        pages.append((locked, shop.rows("select count(*) from activities")[0][0] - before, changed))
        assert statements <= 8
        assert len(pages) <= 3

    assert pages == [(1_000,) * 3, (1_000,) * 3, (500,) * 3]
    assert granted(shop) == dict.fromkeys(everybody, 1)


def test_many_symbols_at_once_share_the_room_of_a_transaction(five):
    symbols = ["AAPL", "MSFT", "TSLA"]
    five.deps.grant.shares["*"] = 5
    told = five.take_in(*map(listed, symbols))
    assert [fact.symbol for fact in own(told)] == symbols

    told = five.take_in(*own(told))

    assert {fact.symbol: fact.from_id for fact in own(told)} == {
        "AAPL": numbered(30),
        "MSFT": numbered(0),
        "TSLA": numbered(0),
    }
    go_on(five, told)
    del five.deps.grant.shares["*"]
    assert all(granted(five, symbol) == {numbered(n): 1 for n in range(10, 60, 10)} for symbol in symbols)


def test_few_accounts_have_all_that_is_listed_in_one_transaction(rig):
    rig.hear(opened(ALICE), opened(BOB))
    told = rig.take_in(*map(listed, ["AAPL", "MSFT"]))

    assert own(rig.take_in(*own(told))) == []
    assert granted(rig) == {ALICE: 1, BOB: 1}


def test_a_part_that_is_told_again_grants_nothing_more(five):
    told = own(five.take_in(listed()))
    seen = []
    while told:
        seen += told
        told = own(five.take_in(*told))
        again = five.take_in(*seen)
        assert not [fact for fact in again if isinstance(fact, PortfolioChanged)]
    for each in seen:
        go_on(five, five.take_in(each))
    go_on(five, five.take_in(*seen, *seen))

    assert granted(five) == {numbered(number): 1 for number in range(10, 60, 10)}


@pytest.mark.parametrize("turn", range(4))
def test_who_opens_an_account_between_two_parts_is_granted_once_wherever_the_id_falls(five, turn):
    late = [numbered(number) for number in (1, 15, 25, 35, 45, 99)]
    told = five.take_in(listed())
    for _ in range(turn):
        told = five.take_in(*own(told))

    five.hear(*map(opened, late))
    assert granted(five).keys() >= set(late)  # with the account, not when somebody comes round
    go_on(five, told)

    assert granted(five) == dict.fromkeys([*late, *(numbered(number) for number in range(10, 60, 10))], 1)


def test_who_opens_an_account_in_the_transaction_of_a_part_is_granted_once(five):
    told = five.take_in(listed())

    told = five.take_in(opened(numbered(15)), *own(told), opened(numbered(16)))
    go_on(five, told)

    assert granted(five) == {numbered(number): 1 for number in (10, 15, 16, 20, 30, 40, 50)}


def test_a_part_that_is_rolled_back_leaves_nothing_and_is_done_again(shop, by_twos):
    shop.hear(*[opened(numbered(number)) for number in range(5)])
    told = own(shop.take_in(*own(shop.take_in(listed()))))
    in_outbox = "select count(*) from outbox where stream = 'share_granting'"
    before = shop.rows(in_outbox)

    with pytest.raises(ConnectionError):
        dies_before_its_commit(shop, told)

    assert (len(granted(shop)), shop.rows(in_outbox)) == (2, before)
    go_on(shop, told)
    assert granted(shop) == {numbered(number): 1 for number in range(5)}


def dies_before_its_commit(shop, facts):
    with shop.database.transaction() as transaction:
        consumers.hearing(shop.deps, Store)(transaction, facts)
        raise ConnectionError


def test_what_is_left_is_committed_with_each_part_and_a_message_that_comes_again_is_passed_over(build, by_twos):
    service = build(starting_shares="*:1")
    service.hear(*[opened(numbered(number)) for number in range(5)])
    service.consumer.receive(outbox.pack([listed()], 1))
    parts, grants = [], []
    for _ in range(3):
        [message] = service.told_to_itself()
        for _ in range(3):
            service.consumer.receive([message])
        parts.append(message.id)
        grants.append(service.count("activities where kind = 'JNLS'"))

    assert service.told_to_itself() == []
    assert grants == [2, 4, 5]
    assert len(set(parts)) == 3


def test_the_same_part_heard_by_eight_processes_at_once_grants_once(shop, by_twos):
    shop.hear(*[opened(numbered(number)) for number in range(9)])
    told = own(shop.take_in(listed()))

    at_once(shop, [told for _ in range(16)])

    assert granted(shop) == {numbered(number): 1 for number in range(9)}


def test_shares_bought_before_ones_turn_came_are_kept_beside_those_granted(five):
    buyer, other = numbered(50), numbered(10)
    told = five.take_in(*own(five.take_in(listed(at=dollars(100)))))
    order = buy("order", qty=10, at=dollars(70), account=buyer)
    five.hear(order, fill(order, qty=10, at=dollars(70)))

    go_on(five, told)

    assert (five.owned(buyer).quantity, five.owned(buyer).cost_basis) == (110, dollars(10_700))
    assert (five.owned(other).quantity, five.owned(other).cost_basis) == (100, dollars(10_000))


def test_everybody_who_was_there_is_granted_at_the_price_of_the_listing_whatever_it_trades_at_since(five):
    told = five.take_in(listed(at=dollars(100)))
    five.cache.set_many({last_price_entry("AAPL"): str(dollars(250))}, 60)

    told = five.take_in(*own(told), opened(numbered(99)))
    go_on(five, told)

    costs = [five.owned(numbered(number)).cost_basis for number in (10, 20, 30, 40, 50, 99)]
    assert costs == [100 * dollars(100)] * 5 + [100 * dollars(250)]


def test_a_listing_waits_for_no_account_and_an_opening_for_no_part(shop, by_twos):
    """What somebody has locked holds up the part that it is in, and nothing else."""
    shop.hear(*[opened(numbered(number)) for number in range(5)])
    with shop.database.transaction() as busy:
        busy.execute("select from accounts for update")

        told = shop.take_in(listed())
        shop.hear(opened(numbered(7)))

    assert granted(shop) == {numbered(7): 1}
    go_on(shop, told)
    assert granted(shop) == {numbered(number): 1 for number in (0, 1, 2, 3, 4, 7)}


def test_shares_of_what_was_never_listed_are_not_granted(five):
    stray = ShareGrantsRequested(symbol="NEVER", from_id=numbered(0), until_id=numbered(99), at_us=1)

    with pytest.raises(CorruptFact, match="never listed"):
        five.hear(stray)
